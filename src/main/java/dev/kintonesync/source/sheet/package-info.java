/** Reads and writes the sheets of Excel workbooks ({@code .xlsx}). */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.source.sheet;
