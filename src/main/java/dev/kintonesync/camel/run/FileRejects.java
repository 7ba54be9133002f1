package dev.kintonesync.camel.run;

import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.OpenReject;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.sync.BatchResult;
import dev.kintonesync.sync.Reject;
import dev.kintonesync.sync.RejectRef;
import dev.kintonesync.sync.SyncRecord;
import java.time.Clock;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rejected rows of the files of a job. They wait in a rejects file for a person, and are open
 * until they come back in it, a row of their key is applied, or somebody dismisses them. No run
 * tries them again by itself.
 *
 * <p>Of a file that a person names on the command line no further row is kept: that person has been
 * told. What it settles is closed.
 */
final class FileRejects implements KeptRejects {
  private final Job job;
  private final String run;
  private final Journal journal;
  private final Clock clock;
  private final boolean keepsNew;

  /** The open rows by id, without their cells. */
  private final Map<String, OpenReject> known = new HashMap<>();

  /** The same by the reference that their rejects file has. */
  private final Map<String, OpenReject> byRef = new HashMap<>();

  FileRejects(Job job, Source.OneFile file, String run, Journal journal, Clock clock) {
    this.job = job;
    this.run = run;
    this.journal = journal;
    this.clock = clock;
    this.keepsNew = !file.named();
    journal.openRejects().withoutCells(job.name()).forEach(this::add);
  }

  @Override
  public Iterator<SourceRecord> rows() {
    return Collections.emptyIterator();
  }

  @Override
  public boolean areKept() {
    return true;
  }

  @Override
  public int tried() {
    return 0;
  }

  @Override
  public int open() {
    return known.size();
  }

  @Override
  public void settled(BatchResult result, Function<Reject, @Nullable String> columns) {
    var settled = SettledRows.of(result);
    var closed = new HashSet<String>();
    for (SyncRecord record : settled.applied()) {
      closed.add(record.key());
      cameBack(record.source(), closed);
    }
    result.batch().leftOut().forEach(leftOut -> cameBack(leftOut, closed));
    settled.overtaken().forEach(reject -> cameBack(reject.source(), closed));
    var kept = new HashMap<String, OpenReject>();
    for (Reject reject : settled.rejected()) {
      cameBack(reject.source(), closed);
      var row = row(reject, columns.apply(reject));
      if (keepsNew || known.containsKey(row.id()) || before(reject.source()) != null) {
        kept.put(row.id(), row);
      }
    }
    closed.removeIf(id -> !known.containsKey(id) || kept.containsKey(id));
    journal.openRejects().keep(kept.values());
    journal.openRejects().close(job.name(), closed);
    closed.forEach(this::remove);
    kept.values().forEach(this::add);
  }

  private void cameBack(SourceRecord source, Set<String> closed) {
    var before = before(source);
    if (before != null) {
      closed.add(before.id());
    }
  }

  /** The open row that a row of a rejects file names; null when it names none. */
  private @Nullable OpenReject before(SourceRecord source) {
    String ref = source.ref();
    return ref == null ? null : byRef.get(RejectRef.place(ref));
  }

  private OpenReject row(Reject reject, @Nullable String column) {
    var values = RejectRetries.values(reject.source());
    String id = RejectRetries.id(reject, values);
    OpenReject before = before(reject.source());
    OpenReject same = before == null ? known.get(id) : before;
    boolean ofFile = same == null || same.row() > 0;
    return new OpenReject(
        job.name(),
        id,
        reject.key(),
        values,
        reject.reason(),
        ofFile || same == null ? run : same.run(),
        ofFile ? reject.number() : 0,
        same == null ? clock.instant() : same.since(),
        same == null ? 0 : same.tried() + 1,
        column,
        RejectRetries.members(reject.source()),
        reject.row());
  }

  private void add(OpenReject reject) {
    remove(reject.id());
    known.put(reject.id(), reject);
    byRef.put(reject.place(), reject);
  }

  private void remove(String id) {
    var gone = known.remove(id);
    if (gone != null) {
      byRef.remove(gone.place());
    }
  }
}
