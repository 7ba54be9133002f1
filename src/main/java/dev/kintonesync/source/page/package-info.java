/** Tables of web pages, which reporting programs hand out as {@code .xls}. */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.source.page;
