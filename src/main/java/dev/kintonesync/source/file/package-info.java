/** Opens files of any format, finds those that wait in a folder, and writes rejects files. */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.source.file;
