/** Reads the rows of a database query page by page. */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.source.database;
