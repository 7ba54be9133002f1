package dev.kintonesync.simulator.state;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The cursors of a domain: results that are fetched page by page. Which records they hold, and in
 * which order, is settled when they are opened; a cursor ends with its last page, or ten minutes
 * after it was last used.
 */
public final class Cursors {
  private static final int MOST = 10;
  private static final Duration LIFETIME = Duration.ofMinutes(10);

  private final Clock clock;
  private final Map<String, Open> open = new HashMap<>();

  /**
   * What a cursor was opened for.
   *
   * @param fields the field codes wanted; empty for all
   * @param size the records of a page
   */
  public record Cursor(String id, long app, Set<String> fields, int size) {}

  /**
   * The next records of a cursor.
   *
   * @param ids of records that may have been deleted since
   * @param next whether there are more
   */
  public record Page(List<Long> ids, boolean next) {}

  private static final class Open {
    private final Cursor cursor;
    private final List<Long> ids;
    private int position;
    private Instant expires;

    Open(Cursor cursor, List<Long> ids, Instant expires) {
      this.cursor = cursor;
      this.ids = ids;
      this.expires = expires;
    }
  }

  Cursors(Clock clock) {
    this.clock = clock;
  }

  /** Opens a cursor over records in their order; null when the domain has as many as it may. */
  public synchronized @Nullable Cursor open(
      long app, Set<String> fields, int size, List<Long> ids) {
    expire();
    if (open.size() >= MOST) {
      return null;
    }
    Cursor cursor = new Cursor(UUID.randomUUID().toString(), app, Set.copyOf(fields), size);
    open.put(cursor.id(), new Open(cursor, List.copyOf(ids), expiry()));
    return cursor;
  }

  /** The cursor of an id, or null when there is none or it has ended. */
  public synchronized @Nullable Cursor find(String id) {
    expire();
    Open found = open.get(id);
    return found == null ? null : found.cursor;
  }

  /** Takes the next page of a cursor, which lives on from now; null like {@link #find}. */
  public synchronized @Nullable Page next(String id) {
    expire();
    Open found = open.get(id);
    if (found == null) {
      return null;
    }
    int end = Math.min(found.position + found.cursor.size(), found.ids.size());
    Page page = new Page(found.ids.subList(found.position, end), end < found.ids.size());
    found.position = end;
    found.expires = expiry();
    if (!page.next()) {
      open.remove(id);
    }
    return page;
  }

  /** Ends a cursor; false when there was none. */
  public synchronized boolean close(String id) {
    expire();
    return open.remove(id) != null;
  }

  private Instant expiry() {
    return clock.instant().plus(LIFETIME);
  }

  private void expire() {
    Instant now = clock.instant();
    open.values().removeIf(cursor -> !now.isBefore(cursor.expires));
  }

  synchronized void clear() {
    open.clear();
  }
}
