/** Reads and writes delimited text, and finds the encoding of text files. */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.source.text;
