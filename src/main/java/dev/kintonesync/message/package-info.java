/** Every sentence that a person reads, in English and Japanese. Imports nothing of ours. */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.message;
