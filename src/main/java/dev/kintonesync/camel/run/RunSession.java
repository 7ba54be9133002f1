package dev.kintonesync.camel.run;

import dev.kintonesync.camel.batch.AppSnapshot;
import dev.kintonesync.camel.batch.BatchListener;
import dev.kintonesync.camel.batch.MappingFactory;
import dev.kintonesync.form.Expressions;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.RejectReasons;
import dev.kintonesync.journal.RunFolder;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.file.RejectsFile;
import dev.kintonesync.sync.Batch;
import dev.kintonesync.sync.BatchResult;
import dev.kintonesync.sync.Reject;
import dev.kintonesync.sync.RejectRef;
import dev.kintonesync.sync.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run works with once source and app are open: it hands out batches and writes down what
 * became of them, in the order of the source, whatever order they are settled in.
 */
final class RunSession implements BatchListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RunSession.class);

  private final RunContext run;
  private volatile Target target;
  private final SourceReader reader;
  private final SourceRows sourceRows;
  private final Batches batches;
  private final KeptRejects retries;
  private final @Nullable ConfirmedRecords confirmed;
  private final RejectsFile rejects;
  private final RejectReasons reasons;
  private final MissingKeys missing;
  private final RunFolder folder;
  private final Journal journal;
  private final MessageBundle bundle;
  private final Expressions expressions;

  /** What cannot be written down yet, because a batch before it is not settled. */
  private final TreeMap<Integer, SettledBatch> early = new TreeMap<>();

  private int lastWritten;

  /** How many records of the source are settled, from its first one on without a gap. */
  private long settledRecords;

  /** Whether there is such a gap, or the source is none of this run's to be settled. */
  private boolean gap;

  /** By what the rejected rows so far are known again; null: there are none. */
  private @Nullable String rejectsDigest;

  private int settled;
  private boolean closed;

  RunSession(
      RunContext run,
      Target target,
      SourceReader reader,
      SourceRows sourceRows,
      Batches batches,
      KeptRejects retries,
      @Nullable ConfirmedRecords confirmed,
      RejectsFile rejects,
      RunFolder folder,
      Journal journal,
      MessageBundle bundle,
      Expressions expressions) {
    this.run = run;
    this.target = target;
    this.reader = reader;
    this.sourceRows = sourceRows;
    this.batches = batches;
    this.retries = retries;
    this.confirmed = confirmed;
    this.rejects = rejects;
    this.reasons = new RejectReasons(folder);
    this.missing = new MissingKeys(folder.file("missing.txt"));
    this.folder = folder;
    this.journal = journal;
    this.bundle = bundle;
    this.expressions = expressions;
    this.gap = !run.job().options().writes() || run.job().options().isPartial();
  }

  @Override
  public Target target() {
    return target;
  }

  @Override
  public void goOnWith(AppSnapshot app) {
    var job = run.job();
    var mapping = MappingFactory.mapping(job, app, reader, expressions);
    var leftOut = new HashSet<>(mapping.columns());
    leftOut.removeAll(target.mapping().columns());
    mapping = mapping.without(leftOut);
    batches.mapping(mapping);
    target =
        target
            .in(app.form(), mapping, MappingFactory.marks(job, app))
            .stamping(RunStamps.of(run, app.form(), mapping));
  }

  /** The rejected rows of the job that are open. */
  KeptRejects retries() {
    return retries;
  }

  /** What is known of the app from earlier runs; null where nothing is. */
  @Nullable ConfirmedRecords confirmed() {
    return confirmed;
  }

  /** Keeps for the next run what this one has confirmed. To be called when all is settled. */
  void keepConfirmed() {
    if (confirmed != null && run.job().options().writes() && run.holdsItsLease()) {
      confirmed.keep(target.form());
    }
  }

  Batches batches() {
    return batches;
  }

  RejectsFile rejects() {
    return rejects;
  }

  /** What a person should know of how the source was read. */
  List<UserMessage> remarks() {
    return reader.remarks();
  }

  /** How many rows the source will have had at its end, as far as can be told by now. */
  long rowsExpected() {
    long rows = batches.handedOut().rows();
    long read = sourceRows.bytesRead();
    return read == 0 ? rows : Math.max(rows, rows * reader.totalBytes() / read);
  }

  /** How much of the source is settled, from 0 to 1: of what is read, the rows with an outcome. */
  double progress() {
    long rows = batches.handedOut().rows();
    return rows == 0 || reader.totalBytes() == 0
        ? 0
        : (double) sourceRows.bytesRead() / reader.totalBytes() * run.counts().read() / rows;
  }

  /**
   * Whether changes were planned that later rows of the same key have taken back or gone beyond.
   */
  boolean haveRepeats() {
    var planned = target.planned();
    return planned != null && planned.haveRepeats();
  }

  /** Where the keys of records go that the source lacks. */
  MissingKeys missingKeys() {
    return missing;
  }

  void note(String line) {
    folder.log(line);
  }

  /**
   * A batch is settled, as far as it goes. When that cannot be written down, a full disk for
   * instance, the run stops and its source is kept: the next run finds out what is done.
   */
  @Override
  public void settled(Batch batch, BatchResult result) {
    if (result.conflicts() > 0) {
      run.keysAppear();
    }
    run.counters().add(result);
    long kept = 0;
    try {
      // while the keys are taken: the next batch of a key builds on what is known of this one
      result.changes().forEach(target::remember);
      if (confirmed != null) {
        result.changes().forEach(confirmed::made);
      }
      var settled = SettledBatch.of(result, retries.areKept());
      kept = settled.weight();
      write(settled);
    } catch (UserErrorException e) {
      run.stop(e.reason());
    } catch (RuntimeException e) {
      log.error("run {} cannot be written down", run.name(), e);
      run.stop(MessageCode.RUN_FAILED.with(String.valueOf(e)));
    } finally {
      batches.inFlight().settled(batch, kept);
      count();
    }
  }

  private synchronized void write(SettledBatch settled) {
    early.put(settled.number(), settled);
    while (early.containsKey(lastWritten + 1)) {
      var next = early.remove(++lastWritten);
      folder.changes(next.changes());
      if (run.item().identity() == null) { // of a file, people correct each row
        next.rejects().forEach(reject -> digest(next.kind(), reject));
      }
      switch (next.kind()) {
        case MISSING -> next.rejects().forEach(this::removalRefused);
        case SOURCE -> next.rejects().forEach(this::write);
        case RETRIED -> {} // they stand in the rejects file of the run that rejected them first
      }
      if (next.whole() != null && run.holdsItsLease()) {
        retries.settled(
            next.whole(), this::column); // else who has the job now knows better what is open
      }
      journal.settled(run.name(), next.number(), next.counts(), next.removals());
      folder.log("batch " + next.number() + ": " + next.counts().inWords(next.removals()));
      batches.inFlight().written(next.number());
      if (next.kind() == Batch.Kind.SOURCE) {
        tellSource(next);
      }
    }
  }

  /** A row that was only tried again counts as another one: it stands in no rejects file. */
  private void digest(Batch.Kind kind, Reject reject) {
    var source = reject.source();
    rejectsDigest =
        PolledItem.hash(
            Stream.of(
                    rejectsDigest,
                    kind,
                    reject.key(),
                    reject.field(),
                    reject.reason(),
                    RejectRetries.values(source),
                    RejectRetries.members(source),
                    source.rows())
                .map(String::valueOf)
                .collect(Collectors.joining("\n")));
  }

  /**
   * By what the rejected rows of a polled source are known again, with their reasons; null when
   * there are none, and of a file.
   */
  synchronized @Nullable String rejectsDigest() {
    return rejectsDigest;
  }

  /** The source learns what is settled and written down, up to the first record that is not. */
  private void tellSource(SettledBatch settled) {
    gap |= settled.counts().unprocessed() > 0;
    if (gap) {
      return;
    }
    settledRecords += settled.read();
    var rejected = new HashMap<Long, String>();
    for (Reject reject : settled.rejects()) {
      rejected.put(reject.source().position().row(), MessageBundle.ENGLISH.say(reject.reason()));
    }
    gap = true; // until the source has it
    reader.settled(settledRecords, rejected);
    gap = false;
  }

  private synchronized void count() {
    settled++;
    notifyAll();
  }

  /** Kintone does not let a record go that the source lacks. */
  private void removalRefused(Reject reject) {
    run.stop(MessageCode.REMOVAL_REFUSED.with(String.valueOf(reject.key()), reject.reason()));
  }

  private void write(Reject reject) {
    run.rejected(reject);
    UserMessage tooMany = run.guards().rejected(reject);
    if (tooMany != null) {
      run.stop(tooMany);
    }
    String words = bundle.say(reject.reason());
    String field = reject.field();
    rejects.add(
        reject.source(),
        field == null || words.contains(field) ? words : field + ": " + words,
        new RejectRef(run.name(), reject.number(), reject.key()).toString(),
        column(reject),
        reject.row());
    if (reject.number() > 0) {
      reasons.add(reject.number(), reject.reason());
    }
  }

  /** The column at fault; null where no single one is. */
  private @Nullable String column(Reject reject) {
    if (reject.column() != null) {
      return reject.column();
    }
    var mapping = target.mapping();
    return mapping.fields().stream()
        .filter(mapped -> mapped.code().equals(reject.field()))
        .findFirst()
        .map(mapping::column)
        .orElse(null);
  }

  /** Waits until every batch handed out is settled and written down. */
  synchronized void awaitSettled() throws InterruptedException {
    while (settled < batches.handedOut().batches()) {
      wait();
    }
  }

  /**
   * Lets go of all that the run has open and of its memory, also of what comes after something that
   * cannot be closed. Closing twice does nothing.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    var open =
        new ArrayList<Runnable>(
            List.of(
                sourceRows::close,
                reader::close,
                rejects::close,
                reasons::close,
                missing::close,
                batches.inFlight()::close));
    var planned = target.planned();
    if (planned != null) {
      open.add(planned::close);
    }
    if (confirmed != null) {
      open.add(confirmed::close);
    }
    RuntimeException first = null;
    for (Runnable close : open) {
      try {
        close.run();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
