/** Reads and writes JSON files: cuts out the records, then reads their values. */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.source.json;
