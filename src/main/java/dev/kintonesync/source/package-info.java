/**
 * Formats, encodings and row iterators with positions. Imports {@code message} only.
 *
 * <p>Two doors: {@link dev.kintonesync.source.file.SourceFile} reads a file whatever its format is,
 * and {@link dev.kintonesync.source.file.RejectsFile} gives its rejected rows back in the same
 * form. A format is one more {@link dev.kintonesync.source.SourceReader}; callers do not change.
 */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.source;
