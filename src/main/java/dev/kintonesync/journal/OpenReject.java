package dev.kintonesync.journal;

import dev.kintonesync.message.UserMessage;
import dev.kintonesync.sync.RejectRef;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A rejected row that is open: of a source that is not read again, which later runs try again, or
 * of a file, which waits for a person.
 *
 * @param job the job whose row it is
 * @param id its key; of a row without a readable one, a {@code #} and a hash of its values
 * @param key its key; null when it has none that can be read
 * @param values column to value, in the order of the source: texts, and lists and maps of texts;
 *     null is null
 * @param reason why it was rejected last
 * @param run the run that rejected it first; of a file, the run that rejected it last
 * @param row the number of the row in its file; 0 of other sources
 * @param since when that was
 * @param tried how often it has been tried again
 * @param column the column at fault; null where no single one is, and of a row that an older
 *     program kept
 * @param members the values of each row of a record that is made of several rows, the first one's
 *     among them; empty where each row is a record, and where they were not kept
 * @param memberAtFault the index of the row at fault among them
 */
public record OpenReject(
    String job,
    String id,
    @Nullable String key,
    Map<String, @Nullable Object> values,
    UserMessage reason,
    String run,
    long row,
    Instant since,
    int tried,
    @Nullable String column,
    List<Map<String, @Nullable Object>> members,
    int memberAtFault) {

  /** How a first column is called that has a star where a record begins. */
  private static final Set<String> STARS = Set.of("*", "レコードの開始行");

  /** A row that is a record. */
  public OpenReject(
      String job,
      String id,
      @Nullable String key,
      Map<String, @Nullable Object> values,
      UserMessage reason,
      String run,
      long row,
      Instant since,
      int tried,
      @Nullable String column) {
    this(job, id, key, values, reason, run, row, since, tried, column, List.of(), 0);
  }

  /** The values of all its rows; of a row that is a record its own. */
  public List<Map<String, @Nullable Object>> rows() {
    return members.isEmpty() ? List.of(values) : members;
  }

  /**
   * Returns the run and the row, as the rejects file has them in its reference. A row without a
   * number has its id in that place when it has no key, and else one that no reference has.
   */
  public String place() {
    return run + "/" + (row > 0 ? row : key == null ? id : "0/" + key);
  }

  /**
   * Whether only the first row is kept of those that make a record.
   *
   * @param groupBy the column that tells the rows of a record; null: a star does, if anything
   */
  public boolean isPart(@Nullable String groupBy) {
    return members.isEmpty()
        && row > 0
        && (groupBy != null || values.keySet().stream().limit(1).anyMatch(STARS::contains));
  }

  /** Returns by what one sees that nobody has tried or changed it meanwhile. */
  public String version() {
    return Integer.toHexString((run + "/" + row + "/" + tried + "/" + rows()).hashCode());
  }

  /** Returns what stands in {@code _ref} of the row when people get it to correct it. */
  public String ref() {
    return row == 0 && key == null ? place() : new RejectRef(run, row, key).toString();
  }

  /** Returns this reject with one more failed attempt. */
  public OpenReject triedAgain(UserMessage nowBecause, @Nullable String nowAt) {
    return new OpenReject(
        job,
        id,
        key,
        values,
        nowBecause,
        run,
        row,
        since,
        tried + 1,
        nowAt,
        members,
        memberAtFault);
  }
}
