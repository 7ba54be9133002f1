/** A Kintone of its own in one process. Imports nothing of ours: the wire is the only contract. */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.simulator;
