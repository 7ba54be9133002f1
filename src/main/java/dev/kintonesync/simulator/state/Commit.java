package dev.kintonesync.simulator.state;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one committed write changed, as it is afterwards. Everything in it is immutable.
 *
 * @param reset whether everything was forgotten before
 * @param apps those whose designs or deployment changed
 * @param records those that were written, null for those that were deleted
 * @param counters the numbers given last
 */
record Commit(
    boolean reset,
    List<AppImage> apps,
    Map<RecordId, @Nullable StoredRecord> records,
    Counters counters) {

  /** Whether there is nothing in it worth keeping. */
  boolean isEmpty() {
    return !reset && apps.isEmpty() && records.isEmpty();
  }

  /** Where a record is. */
  record RecordId(long app, long record) {}

  /**
   * The numbers given last.
   *
   * @param app of the apps
   * @param row of the table rows
   * @param records of the records of the apps that the write touched
   */
  record Counters(long app, long row, Map<Long, Long> records) {}
}
