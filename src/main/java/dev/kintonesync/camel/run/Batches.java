package dev.kintonesync.camel.run;

import dev.kintonesync.camel.batch.BatchFilling;
import dev.kintonesync.camel.batch.Hooks;
import dev.kintonesync.camel.batch.KeysInFlight;
import dev.kintonesync.camel.batch.MemoryBudget;
import dev.kintonesync.form.FieldType;
import dev.kintonesync.form.MappedRow;
import dev.kintonesync.form.Mapping;
import dev.kintonesync.form.RowChecksum;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.PlanReader;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.RunOptions;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.sync.Batch;
import dev.kintonesync.sync.Reject;
import dev.kintonesync.sync.RejectRef;
import dev.kintonesync.sync.Rules;
import dev.kintonesync.sync.SyncRecord;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the batches of a run to the splitter, which pulls from several threads, one at a time.
 *
 * <p>{@link #next()} blocks while as many batches are in flight as may be, while the records of all
 * runs take as much memory as they may, and while the next row's key is in flight; that keeps the
 * memory constant and the rows of a key in order. It waits for memory before it has the first key
 * of a batch, for as much as the batch before took: a batch that has some is handed out as it is
 * when there is no memory for more. {@link #hasNext()} never blocks and never reads: the splitter
 * asks it before it dispatches the batch it holds, which may be the very one to wait for. So the
 * last batch may be empty.
 */
final class Batches implements Iterator<Batch> {
  private final RunContext run;
  private volatile Mapping mapping;
  private final BatchesInFlight inFlight;
  private final HandedOut handedOut;
  private final Sizes sizes;
  private final Rules rules;
  private final RunOptions options;

  private final SourceKeys sourceKeys;

  /** The only key that is looked at; null: all. */
  private final @Nullable String onlyKey;

  private final SourceRows sourceRows;

  /** The source where it is a plan, whose rows are decided; null: rows are mapped. */
  private final @Nullable PlanReader plan;

  private long leftOut;
  private long taken;
  private boolean ended;

  private final RowNotes notes = new RowNotes();
  private @Nullable SyncRecord carried;

  /** Rows that are not mapped; null: all are. */
  private volatile @Nullable KnownRows known;

  /**
   * How much batches may hold.
   *
   * @param batch when one is full
   * @param inFlight batches that may be unsettled at once
   */
  record Sizes(BatchFilling.Sizes batch, int inFlight) {}

  Batches(
      RunContext run,
      SourceReader reader,
      Mapping mapping,
      KeysInFlight keys,
      Journal journal,
      Sizes sizes,
      MemoryBudget.Share memory,
      SourceRows sourceRows,
      @Nullable KnownRows known) {
    this.run = run;
    this.known = known;
    this.sourceRows = sourceRows;
    this.plan = reader instanceof PlanReader planned ? planned : null;
    this.mapping = mapping;
    this.sizes = sizes;
    this.inFlight = new BatchesInFlight(run, keys, memory, sizes.inFlight());
    this.handedOut = new HandedOut(run, journal, inFlight);
    this.rules = run.job().rules();
    this.options = run.job().options();
    String only = options.onlyKey();
    this.onlyKey = only == null ? null : mapping.keyOf(only);
    this.sourceKeys = new SourceKeys(rules, reader.isGrouped(), new KeyMemory(run, memory));
  }

  @Override
  public boolean hasNext() {
    return !ended;
  }

  @Override
  public Batch next() {
    if (ended) {
      throw new NoSuchElementException();
    }
    try {
      inFlight.await();
      return fill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      run.stop(MessageCode.RUN_INTERRUPTED.with());
      ended = true;
      return handedOut.add(new BatchFilling(sizes.batch()), Batch.Kind.SOURCE);
    }
  }

  /** Rows are mapped in another way from now on. */
  void mapping(Mapping changed) {
    mapping = changed;
    known = null;
  }

  /**
   * Whether a row of the source protects the record of this key from a mirror, whatever became of
   * the row. One that is rejected because its key is much like another one protects that one.
   */
  boolean protects(String key) {
    return sourceKeys.protects(key, mapping);
  }

  /** What Kintone does not keep as the source has it, in one sentence; null when nothing. */
  @Nullable UserMessage notes() {
    return notes.inWords();
  }

  /** How many rows a route of the user's took out. */
  long leftOut() {
    return leftOut;
  }

  /** Where the first row stands whose key could not be read; null when all could. */
  @Nullable Position keyUnread() {
    return sourceKeys.unread();
  }

  /** Whether rows have come back from a rejects file: then they are not all that the source has. */
  boolean areOfCorrectedRows() {
    return sourceKeys.areOfCorrectedRows();
  }

  /** Those that were handed out. */
  HandedOut handedOut() {
    return handedOut;
  }

  /** What those that were handed out hold until they are settled. */
  BatchesInFlight inFlight() {
    return inFlight;
  }

  private Batch fill() throws InterruptedException {
    return sourceRows.hasRetried() && !run.isStopped() ? fillWithRetried() : fillFromSource();
  }

  /** Rejected rows of earlier runs come first, in batches of their own. */
  private Batch fillWithRetried() throws InterruptedException {
    var filling = new BatchFilling(sizes.batch());
    while (sourceRows.hasRetried() && !filling.isFull()) {
      var source = sourceRows.nextRetried();
      if (source.problem() != null) {
        reject(filling, source, null, null, source.problem());
        continue;
      }
      var prepared = sourceRows.prepared(source);
      if (prepared == null) {
        break;
      }
      var mapped = mapped(source, prepared);
      String key = mapped.key();
      if (prepared.problem() != null) {
        reject(filling, source, key, null, prepared.problem());
      } else if (prepared.leftOut()) {
        leaveOut(source, filling);
      } else if (!mapped.problems().isEmpty() || key == null) {
        var problem = mapped.problems().get(0);
        reject(filling, source, key, problem.field(), problem.message());
      } else if (!filling.contains(key)) {
        boolean flagged = rules.removes(prepared.values());
        if (!take(
            filling, new SyncRecord(source, key, mapped.values(), flagged, mapped.revision()))) {
          sourceRows.putBack(source);
          break;
        }
      }
    }
    return handedOut.add(filling, Batch.Kind.RETRIED);
  }

  private Batch fillFromSource() throws InterruptedException {
    var filling = new BatchFilling(sizes.batch());
    while (!ended && !filling.isFull()) {
      SyncRecord row = nextRow(filling);
      if (row != null && !take(filling, row)) {
        carried = row;
        break;
      }
      if (!ended && filling.rows() > 0 && sourceRows.pauses()) {
        break;
      }
    }
    return handedOut.add(filling, Batch.Kind.SOURCE);
  }

  private boolean take(BatchFilling filling, SyncRecord record) throws InterruptedException {
    // what a plan does to a key is done one after the other
    boolean later = plan == null ? filling.isDoneWith(record) : filling.contains(record.key());
    return !later && inFlight.take(filling, record);
  }

  private void reject(
      BatchFilling filling,
      SourceRecord source,
      @Nullable String key,
      @Nullable String field,
      UserMessage why) {
    reject(filling, new Reject(source, key, field, why));
  }

  private void reject(BatchFilling filling, Reject reject) {
    filling.reject(reject, inFlight.takeAnyway(reject.source()));
    var knows = known;
    String key = reject.key();
    if (knows != null && key != null) {
      knows.rejected(key);
    }
  }

  private void leaveOut(SourceRecord source, BatchFilling filling) {
    filling.leaveOut(source, inFlight.takeAnyway(source));
    leftOut++;
  }

  /** The next row that can be planned; null when it has its outcome already, or at the end. */
  private @Nullable SyncRecord nextRow(BatchFilling filling) {
    if (carried != null) {
      var row = carried;
      carried = null;
      return row;
    }
    var read = taken < options.limit() ? sourceRows.read() : null;
    if (read == null) {
      ended = true;
      return null;
    }
    SourceRecord source = read.source();
    sourceKeys.taken(source);
    if (source.problem() != null) {
      if (onlyKey == null) {
        sourceKeys.unread(source.position());
        taken++;
        reject(filling, source, null, null, source.problem());
      }
      return null;
    }
    if (plan != null) {
      taken++;
      return plan.record(source);
    }
    var knows = known;
    long asRead = knows == null ? RowChecksum.NONE : knows.checksum(source);
    String confirmed = knows == null ? null : knows.key(source, asRead, inFlight);
    if (confirmed != null) {
      taken++;
      confirm(read, confirmed, filling);
      return null;
    }
    var prepared = sourceRows.prepared(source);
    if (prepared == null) {
      return null;
    }
    var mapped = mapped(source, prepared);
    if (onlyKey != null && !onlyKey.equals(mapped.key())) {
      return null;
    }
    taken++;
    return check(source, prepared, mapped, asRead, filling);
  }

  private void confirm(ReadRow read, String key, BatchFilling filling) {
    SourceRecord source = read.source();
    learn(source.values());
    sourceKeys.met(key, mapping);
    if (counts(source, key, sourceKeys.isFirst(key), filling)) {
      filling.confirm(key, read.size());
    }
  }

  /** A key as it is written tells how the app may hold it. */
  private void learn(Map<String, @Nullable Object> values) {
    if (mapping.key().type() == FieldType.SINGLE_LINE_TEXT
        && values.get(mapping.keyColumn()) instanceof String written) {
      run.app().similar().written(written);
    }
  }

  private MappedRow mapped(SourceRecord source, Hooks.Prepared prepared) {
    learn(prepared.values());
    var mapped = mapping.map(prepared.values(), source.members());
    run.understood(source, mapping, mapped);
    return mapped;
  }

  private @Nullable SyncRecord check(
      SourceRecord source,
      Hooks.Prepared prepared,
      MappedRow mapped,
      long asRead,
      BatchFilling filling) {
    String key = mapped.key();
    UserMessage inexactKey = InexactNumbers.inKey(mapping, source);
    if (inexactKey != null) {
      sourceKeys.unread(source.position());
      reject(filling, source, null, mapping.key().code(), inexactKey);
      return null;
    }
    sourceKeys.met(source, prepared, key, mapping);
    if (prepared.problem() != null) {
      reject(filling, source, key, null, prepared.problem());
      return null;
    }
    if (prepared.leftOut()) {
      leaveOut(source, filling);
      return null;
    }
    boolean first = sourceKeys.isFirst(key);
    boolean removal = key != null && rules.removes(prepared.values());
    if (!mapped.problems().isEmpty() && !removal) {
      var problem = mapped.problems().get(0);
      reject(
          filling,
          new Reject(
              source,
              key,
              problem.field(),
              problem.message(),
              source.members().isEmpty() ? null : problem.column(),
              problem.row()));
      return null;
    }
    notes.add(source, mapping, mapped);
    String ref = source.ref();
    String keyThen = ref == null ? null : RejectRef.keyOf(ref);
    if (keyThen != null && !keyThen.equals(key)) {
      var reason = MessageCode.KEY_CHANGED_SINCE_REJECTED.with(String.valueOf(key), keyThen);
      reject(filling, source, keyThen, mapping.key().code(), reason);
      return null;
    }
    String its = String.valueOf(key);
    if (!counts(source, its, first, filling)) {
      return null;
    }
    if (!first && !source.members().isEmpty()) {
      // whichever wins, the other's rows of tables would be lost
      reject(filling, source, key, mapping.key().code(), MessageCode.GROUP_STANDS_BEFORE.with(its));
      return null;
    }
    // what is to be said of a row is said in each run
    long known = mapped.notes().isEmpty() ? asRead : RowChecksum.NONE;
    return new SyncRecord(source, its, mapped, removal, known);
  }

  /** Whether a row counts although others of its key may; if not, it has its outcome. */
  private boolean counts(SourceRecord source, String key, boolean first, BatchFilling filling) {
    if (!first && rules.duplicates() == Rules.Duplicates.FIRST) {
      filling.supersede();
      return false;
    }
    if (!first && rules.duplicates() == Rules.Duplicates.REJECT) {
      reject(filling, source, key, mapping.key().code(), MessageCode.KEY_STANDS_BEFORE.with(key));
      return false;
    }
    return true;
  }
}
