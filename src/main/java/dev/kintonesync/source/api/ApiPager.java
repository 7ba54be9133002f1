package dev.kintonesync.source.api;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says where the next page of an API lies. An API that hands out a page twice, or names a cursor
 * twice, would never come to an end, which is noticed here.
 */
final class ApiPager {
  /** Beyond any that a person would wait for. */
  private static final int MOST_PAGES = 100_000;

  /** Pages one after the other; an API that looks for rows may answer some. */
  private static final int MOST_EMPTY_PAGES = 1000;

  private final Paging paging;
  private final URI start;
  private final Set<String> met = new HashSet<>();
  private int pages;
  private int empty;
  private long rows;

  /** How many rows the first page had, and the last one so far. */
  private long fullPage;

  private long lastPage;

  /** Whether the last page so far said that there is another one. */
  private boolean announced;

  /**
   * A pager before its first page.
   *
   * @param start the address with all parameters but those of the pages
   */
  ApiPager(Paging paging, URI start) {
    this.paging = paging;
    this.start = start;
  }

  /** The address of the first page. */
  URI first() {
    return switch (paging.kind()) {
      case PAGE -> sized(numbered(paging.first()));
      case OFFSET -> sized(numbered(0));
      case CURSOR, LINK -> sized(start);
      case NONE -> start;
    };
  }

  private URI numbered(long number) {
    return Address.with(start, paging.parameter(), String.valueOf(number));
  }

  private URI sized(URI address) {
    String parameter = paging.sizeParameter();
    return parameter == null
        ? address
        : Address.with(address, parameter, String.valueOf(paging.size()));
  }

  /**
   * The address of the page after one.
   *
   * @param address where that one lay in the end
   * @param link what its {@code Link} header says of the next one; null for nothing
   * @return null when it was the last one
   * @throws BrokenAnswerException when there is no end to be seen
   */
  @Nullable URI after(URI address, ApiAnswers.Page page, @Nullable String link) {
    pages++;
    rows += page.rows();
    empty = page.rows() == 0 ? empty + 1 : 0;
    fullPage = pages == 1 ? page.rows() : fullPage;
    lastPage = page.rows();
    announced = Boolean.TRUE.equals(page.more()) || isByCursor();
    if (pages >= MOST_PAGES || empty >= MOST_EMPTY_PAGES) {
      throw new BrokenAnswerException(MessageCode.API_TOO_MANY_PAGES.with(pages));
    }
    if (paging.more() != null && page.more() == null) {
      throw new BrokenAnswerException(MessageCode.API_MORE_UNKNOWN.with(pages, paging.more()));
    }
    if (Boolean.FALSE.equals(page.more())) {
      return null;
    }
    URI next = next(address, page, link);
    if (next == null && Boolean.TRUE.equals(page.more()) && page.rows() > 0) {
      throw new BrokenAnswerException(MessageCode.API_MORE_WITHOUT_NEXT.with(pages));
    }
    if (next != null && page.rows() > 1 && isByCursor() && !met.add(page.mark())) {
      throw new BrokenAnswerException(MessageCode.API_ROWS_TWICE.with(pages));
    }
    return next;
  }

  /**
   * Whether the end is reached when the page asked for is not there: as the API is said to end, or
   * because the page before was shorter than the first one.
   */
  boolean endsWithAbsence() {
    return endsLike(Paging.Last.NOT_FOUND);
  }

  private boolean endsLike(Paging.Last last) {
    return counts() && (paging.last() == last || lastPage < fullPage);
  }

  /**
   * Looks at a page that has no list, but null or no body: APIs answer so to errors too. The first
   * one has no rows then. A later one is the end where it says so, or where nothing has announced
   * it and the API ends so, or the page before was shorter than the first one.
   *
   * @param saysSo whether the page itself says that it is the last one
   * @throws BrokenAnswerException when rows may be missing
   */
  void withoutList(boolean saysSo) {
    if (pages > 0 && !saysSo && (announced || !endsLike(Paging.Last.NO_LIST))) {
      throw new BrokenAnswerException(MessageCode.API_PAGE_WITHOUT_LIST.with(pages + 1));
    }
  }

  /** Whether the page asked for is one that was reckoned, and not the first. */
  boolean counts() {
    return pages > 0 && (paging.kind() == Paging.Kind.PAGE || paging.kind() == Paging.Kind.OFFSET);
  }

  /** Why a page that is not there is no end. */
  UserMessage absence() {
    return MessageCode.API_PAGE_ABSENT.with(pages + 1);
  }

  private boolean isByCursor() {
    return paging.kind() == Paging.Kind.CURSOR || paging.kind() == Paging.Kind.LINK;
  }

  private @Nullable URI next(URI address, ApiAnswers.Page page, @Nullable String link) {
    return switch (paging.kind()) {
      case NONE -> {
        if (link != null) {
          throw new BrokenAnswerException(MessageCode.API_HAS_MORE_PAGES.with());
        }
        yield null;
      }
      case PAGE -> page.rows() == 0 ? null : sized(unlike(page, numbered(paging.first() + pages)));
      case OFFSET -> page.rows() == 0 ? null : sized(unlike(page, numbered(rows)));
      case CURSOR -> page.cursor() == null ? null : behind(address, page, page.cursor());
      case LINK -> link == null ? null : followed(address, page, link);
    };
  }

  /** The next page, unless the same one came twice: then the parameter has no effect. */
  private URI unlike(ApiAnswers.Page page, URI next) {
    if (!met.add(page.mark())) {
      throw new BrokenAnswerException(MessageCode.API_PAGE_TWICE.with(pages, paging.parameter()));
    }
    return next;
  }

  private @Nullable URI behind(URI address, ApiAnswers.Page page, String cursor) {
    if (cursor.isBlank()) {
      return null;
    }
    return Address.isOne(cursor)
        ? followed(address, page, cursor)
        : unmet(page, sized(Address.with(start, paging.parameter(), cursor)));
  }

  private @Nullable URI followed(URI address, ApiAnswers.Page page, String link) {
    URI next = Address.resolved(address, link);
    if (next == null) {
      throw new BrokenAnswerException(MessageCode.API_LINK_UNREADABLE.with(Address.bare(link)));
    }
    return unmet(page, next);
  }

  /**
   * The next page; null where a page without rows names one that was read: some APIs end so. People
   * see an address without its parameters, which may hold what an API keeps secret.
   */
  private @Nullable URI unmet(ApiAnswers.Page page, URI next) {
    if (!met.add(ApiAnswers.mark(next.toString())) || next.equals(first())) {
      if (page.rows() == 0) {
        return null;
      }
      throw new BrokenAnswerException(
          MessageCode.API_CURSOR_TWICE.with(pages, Address.bare(next.toString())));
    }
    return next;
  }
}
