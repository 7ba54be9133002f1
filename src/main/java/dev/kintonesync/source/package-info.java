/** Formats, encodings and row iterators with positions. Imports {@code message} only. */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.source;
