package dev.kintonesync.camel;

import dev.kintonesync.form.MappedRow;
import dev.kintonesync.form.Mapping;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.message.Text;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.sync.Batch;
import dev.kintonesync.sync.Reject;
import dev.kintonesync.sync.RejectRef;
import dev.kintonesync.sync.SyncRecord;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the batches of a run to the splitter, which pulls from several threads, one at a time.
 *
 * <p>{@link #next()} blocks while as many batches are in flight as may be, and while the next row's
 * key is in flight; that keeps the memory constant and the rows of a key in order. {@link
 * #hasNext()} never blocks and never reads: the splitter asks it before it dispatches the batch it
 * holds, which may be the very one to wait for. So the last batch may be empty.
 */
final class Batches implements Iterator<Batch> {
  private final Run run;
  private final SourceReader reader;
  private volatile Mapping mapping;
  private final KeysInFlight keys;
  private final Journal journal;
  private final Semaphore slots;
  private final Sizes sizes;

  private int handedOut;
  private long rows;
  private boolean ended;
  private @Nullable Row carried;

  /**
   * When a batch is full.
   *
   * @param records source records
   * @param bytes rough size of their text
   * @param inFlight batches that may be unsettled at once
   */
  record Sizes(int records, long bytes, int inFlight) {}

  /** A source record with what the mapping made of it; null where it could not be read. */
  private record Row(SourceRecord source, MappedRow mapped) {}

  Batches(
      Run run,
      SourceReader reader,
      Mapping mapping,
      KeysInFlight keys,
      Journal journal,
      Sizes sizes) {
    this.run = run;
    this.reader = reader;
    this.mapping = mapping;
    this.keys = keys;
    this.journal = journal;
    this.sizes = sizes;
    this.slots = new Semaphore(sizes.inFlight());
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
      slots.acquire();
      return fill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      run.stop(Text.RUN_INTERRUPTED.with());
      ended = true;
      return batch(List.of(), List.of(), 0);
    }
  }

  /** Rows are mapped in another way from now on. */
  void mapping(Mapping changed) {
    mapping = changed;
  }

  /** How many batches have been handed out. */
  synchronized int handedOut() {
    return handedOut;
  }

  /** How many source records the batches handed out so far were made of. */
  synchronized long rows() {
    return rows;
  }

  /** A batch is settled: its keys are free, and another one may be handed out. */
  void settled(Batch batch) {
    keys.release(batch.records().stream().map(SyncRecord::key).toList());
    slots.release();
  }

  private Batch fill() throws InterruptedException {
    var records = new LinkedHashMap<String, SyncRecord>();
    var rejects = new ArrayList<Reject>();
    int superseded = 0;
    int rows = 0;
    long bytes = 0;
    while (rows < sizes.records() && bytes < sizes.bytes()) {
      Row row = nextRow(rejects);
      if (row == null) {
        if (ended) {
          break;
        }
        rows++;
        continue;
      }
      String key = String.valueOf(row.mapped().key());
      if (records.remove(key) != null) {
        superseded++;
      } else if (!keys.claim(key)) {
        if (rows > 0) {
          carried = row;
          break;
        }
        keys.awaitAndClaim(key);
      }
      records.put(key, new SyncRecord(row.source(), key, row.mapped().values()));
      rows++;
      bytes += row.source().size();
    }
    return batch(List.copyOf(records.values()), rejects, superseded);
  }

  /** The next good row; null with a reject added, or null at the end of what is handed out. */
  private @Nullable Row nextRow(List<Reject> rejects) {
    if (carried != null) {
      var row = carried;
      carried = null;
      return row;
    }
    SourceRecord source = read();
    if (source == null) {
      ended = true;
      return null;
    }
    if (source.problem() != null) {
      rejects.add(new Reject(source, null, null, source.problem()));
      return null;
    }
    var mapped = mapping.map(source.values());
    if (!mapped.problems().isEmpty()) {
      var first = mapped.problems().get(0);
      rejects.add(new Reject(source, mapped.key(), first.field(), first.message()));
      return null;
    }
    String ref = source.ref();
    String keyThen = ref == null ? null : RejectRef.keyOf(ref);
    String keyNow = String.valueOf(mapped.key());
    if (keyThen != null && !keyThen.equals(keyNow)) {
      var reason = Text.KEY_CHANGED_SINCE_REJECTED.with(keyNow, keyThen);
      rejects.add(new Reject(source, keyThen, mapping.key().code(), reason));
      return null;
    }
    return new Row(source, mapped);
  }

  private @Nullable SourceRecord read() {
    if (run.isStopped()) {
      return null;
    }
    try {
      return reader.hasNext() ? reader.next() : null;
    } catch (RuntimeException e) {
      // a source that breaks ends; what was read of it so far still gets its outcome
      run.stop(Text.SOURCE_BROKE.with(run.source(), String.valueOf(e.getMessage())));
      return null;
    }
  }

  private synchronized Batch batch(List<SyncRecord> records, List<Reject> rejects, int superseded) {
    var batch = new Batch(++handedOut, records, rejects, superseded);
    rows += batch.read();
    // should the program be killed now, the journal knows how many records were on their way
    journal.handedOut(run.name(), batch.number(), batch.read());
    return batch;
  }
}
