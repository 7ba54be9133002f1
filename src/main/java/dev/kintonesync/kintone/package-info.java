/** Kintone's words: queries, request and answer shapes, error codes. No HTTP. */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.kintone;
