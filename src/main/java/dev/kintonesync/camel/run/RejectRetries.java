package dev.kintonesync.camel.run;

import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.OpenReject;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.sync.BatchResult;
import dev.kintonesync.sync.Reject;
import dev.kintonesync.sync.SyncRecord;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rejected rows of a source that is not read again: those of earlier runs are tried again at
 * the start of a run, and those of this run are kept. A row is forgotten when its record is
 * applied, by itself or by a newer row of its key.
 *
 * <p>For sources that are read again as a whole there is nothing to keep. {@link #settled} is for
 * one thread at a time.
 */
final class RejectRetries implements KeptRejects {
  private static final String MARK = "open-";

  /** So many hex digits tell the rows of a job apart. */
  private static final int HASH = 12;

  /** A person corrects no record of more rows on a page. */
  private static final int MOST_MEMBERS = 200;

  private final Job job;
  private final String run;
  private final Journal journal;
  private final Clock clock;
  private final boolean active;

  private final List<OpenReject> open;
  private final Map<String, OpenReject> known = new HashMap<>();

  /** The rows of earlier runs that somebody has dismissed: applied, they are forgotten as well. */
  private final Set<String> dismissed;

  RejectRetries(Job job, String run, Journal journal, Clock clock) {
    this.job = job;
    this.run = run;
    this.journal = journal;
    this.clock = clock;
    this.active = job.source().hasCheckpoint() && job.options().writes();
    this.open =
        active && !job.options().isPartial() ? journal.openRejects().of(job.name()) : List.of();
    this.dismissed = active ? journal.openRejects().dismissed(job.name()) : Set.of();
    open.forEach(reject -> known.put(reject.id(), reject));
  }

  @Override
  public Iterator<SourceRecord> rows() {
    var rows = new ArrayList<SourceRecord>();
    for (int i = 0; i < open.size(); i++) {
      Map<String, @Nullable Object> values = new LinkedHashMap<>(open.get(i).values());
      rows.add(new SourceRecord(new Position(0, 0), values, List.of(), null, MARK + i, null));
    }
    return rows.iterator();
  }

  /** Whether a reference is ours, and none of a rejects file. */
  static boolean isMark(String ref) {
    return ref.startsWith(MARK);
  }

  @Override
  public boolean areKept() {
    return active;
  }

  @Override
  public int tried() {
    return open.size();
  }

  @Override
  public int open() {
    return active ? known.size() : 0;
  }

  @Override
  public void settled(BatchResult result, Function<Reject, @Nullable String> columns) {
    if (!active) {
      return;
    }
    var settled = SettledRows.of(result);
    var closed = new HashSet<String>();
    for (SyncRecord record : settled.applied()) {
      closed.add(record.key());
      triedAgain(record.source(), closed);
    }
    result.batch().leftOut().forEach(leftOut -> triedAgain(leftOut, closed));
    settled.overtaken().forEach(reject -> triedAgain(reject.source(), closed));
    var kept = new HashMap<String, OpenReject>();
    for (Reject reject : settled.rejected()) {
      var row = row(reject, columns.apply(reject));
      kept.put(row.id(), row);
    }
    closed.removeIf(
        id -> kept.containsKey(id) || (!known.containsKey(id) && !dismissed.contains(id)));
    var stillOpen = journal.openRejects().keep(kept.values());
    journal.openRejects().close(job.name(), closed);
    kept.forEach(
        (id, row) -> {
          if (stillOpen.contains(id)) {
            known.put(id, row);
          } else {
            known.remove(id); // dismissed, perhaps meanwhile
          }
        });
    closed.forEach(known::remove);
  }

  private void triedAgain(SourceRecord source, Set<String> closed) {
    OpenReject before = before(source);
    if (before != null) {
      closed.add(before.id());
    }
  }

  private OpenReject row(Reject reject, @Nullable String column) {
    UserMessage reason = reject.reason();
    OpenReject before = before(reject.source());
    if (before != null) {
      return before.triedAgain(reason, column);
    }
    var values = values(reject.source());
    String key = reject.key();
    String id = id(reject, values);
    OpenReject known = this.known.get(id);
    // a row at the very checkpoint is read again by each run
    return new OpenReject(
        job.name(),
        id,
        key,
        values,
        reason,
        known == null ? run : known.run(),
        0,
        known == null ? clock.instant() : known.since(),
        known == null ? 0 : known.tried(),
        column);
  }

  /** Returns the cells of a row as they are kept. */
  static Map<String, @Nullable Object> values(SourceRecord source) {
    return kept(source.values());
  }

  /** Returns the values of each row of a record of several rows; none of one that has too many. */
  static List<Map<String, @Nullable Object>> members(SourceRecord source) {
    return source.members().size() > MOST_MEMBERS
        ? List.of()
        : source.members().stream().map(RejectRetries::kept).toList();
  }

  private static Map<String, @Nullable Object> kept(Map<String, @Nullable Object> cells) {
    var values = new LinkedHashMap<String, @Nullable Object>();
    cells.forEach((column, value) -> values.put(column, kept(value)));
    return values;
  }

  /**
   * Returns what an open row is known by: its key, or else what it holds; where that cannot be
   * told, its text.
   */
  static String id(Reject reject, Map<String, @Nullable Object> values) {
    if (reject.key() != null) {
      return reject.key();
    }
    String content = values.isEmpty() ? reject.source().rows().toString() : values.toString();
    return "#" + PolledItem.hash(content).substring(0, HASH);
  }

  /** Lists and maps stay what they are, since a table has no other form; all else becomes text. */
  private static @Nullable Object kept(@Nullable Object value) {
    if (value instanceof List<?> list) {
      var members = new ArrayList<@Nullable Object>(list.size());
      list.forEach(member -> members.add(kept(member)));
      return members;
    }
    if (value instanceof Map<?, ?> map) {
      var members = new LinkedHashMap<String, @Nullable Object>();
      map.forEach((name, member) -> members.put(String.valueOf(name), kept(member)));
      return members;
    }
    return value == null ? null : SourceRecord.text(value);
  }

  private @Nullable OpenReject before(SourceRecord source) {
    String ref = source.ref();
    return ref != null && isMark(ref) && source.position().row() == 0
        ? open.get(Integer.parseInt(ref.substring(MARK.length())))
        : null;
  }
}
