package dev.kintonesync.source.api;

import org.jspecify.annotations.Nullable;

/**
 * How an HTTP API hands out its rows in pages.
 *
 * @param kind by what the next page is asked for
 * @param parameter the parameter of the address that takes page number, offset or cursor
 * @param first the number of the first page
 * @param sizeParameter the parameter by which so many rows are asked for; null: the API decides
 * @param size rows that are asked for in one page
 * @param next a JSON pointer to the cursor or the address of the next page; null of other kinds
 * @param more a JSON pointer to whether there is another page; null: the usual names are known
 * @param last what the API answers to the page behind the last one
 */
public record Paging(
    Kind kind,
    String parameter,
    int first,
    @Nullable String sizeParameter,
    int size,
    @Nullable String next,
    @Nullable String more,
    Last last) {

  /** What an API answers that is asked for a page behind its last one. */
  public enum Last {
    /** A page without rows. */
    EMPTY,
    /** HTTP 404. */
    NOT_FOUND,
    /** A page without a list: null in its place, or HTTP 204. */
    NO_LIST
  }

  /** By what the next page is asked for. */
  public enum Kind {
    /** There is one page only. */
    NONE,
    /** By its number; an empty page is behind the last one. */
    PAGE,
    /** By how many rows there were so far; an empty page is behind the last one. */
    OFFSET,
    /** By what the answer says inside of it. */
    CURSOR,
    /** By what the answer's {@code Link} header says. */
    LINK;

    /** What the parameter is called where nobody says it. */
    public String usualParameter() {
      return switch (this) {
        case OFFSET -> "offset";
        case CURSOR -> "cursor";
        case NONE, PAGE, LINK -> "page";
      };
    }
  }
}
