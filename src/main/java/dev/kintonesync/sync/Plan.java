package dev.kintonesync.sync;

import dev.kintonesync.form.LookupSources;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.KintoneRecord;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.kintone.Verb;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done with a batch, and what is still open.
 *
 * <p>A plan moves in turns: {@link #getStep()} names what is to be done next, until there is
 * nothing left. One thread at a time.
 */
public final class Plan {
  private final Target target;
  private final Batch batch;
  private final Guards guards;
  private final Map<String, PlannedRecord> records = new LinkedHashMap<>();

  private final LookUps lookUps;
  private final FileComparison comparison;
  private final FileUploads uploads;
  private final SourceLookUps sourceLookUps;
  private final MissingSources missingSources;

  /** Whether writes are shown before they are sent; {@link #unasked} are those not shown yet. */
  private final boolean asks;

  private final Approach approach;
  private final List<PlannedRecord> unasked = new ArrayList<>();
  private final WriteQueue writes;
  private final WriteAnswers writeAnswers;
  private @Nullable UserMessage stopReason;

  /**
   * A plan in which every record is to be looked up; in an app found empty, to be inserted.
   *
   * @param budget what may still be spent in this run on finding bad records
   * @param guards what stops a run that would change too much
   */
  public Plan(Target target, Batch batch, Isolation.Budget budget, Guards guards) {
    this(target, batch, budget, guards, false, Approach.LOOK_UP);
  }

  /**
   * Makes a plan whose writes may be objected to, or whose records need not be looked up.
   *
   * @param asks whether writes are shown before they are sent: see {@link #intents()}
   * @param approach what is done first with records of the source
   */
  public Plan(
      Target target,
      Batch batch,
      Isolation.Budget budget,
      Guards guards,
      boolean asks,
      Approach approach) {
    this.asks = asks;
    this.approach =
        target.empty() || batch.kind() != Batch.Kind.SOURCE ? Approach.LOOK_UP : approach;
    this.target = target;
    this.batch = batch;
    this.guards = guards;
    this.lookUps = new LookUps(target, batch);
    this.comparison = new FileComparison(target);
    this.uploads = new FileUploads(target);
    var sources = new LookupSources(target.form(), target.lookups());
    this.sourceLookUps = new SourceLookUps(target, sources);
    this.missingSources = new MissingSources(target.form());
    this.writes = new WriteQueue(target);
    this.writeAnswers = new WriteAnswers(target, writes, lookUps, uploads, budget);
    for (var record : batch.records()) {
      records.put(record.key(), new PlannedRecord(record, target, sources));
    }
    // what is to be removed may be what this run has added before
    var removals = records.values().stream().filter(PlannedRecord::removes).toList();
    var others = records.values().stream().filter(record -> !record.removes()).toList();
    if (target.empty()) {
      others.forEach(record -> record.found(record.planned().over(null), writeAnswers.lastWords()));
      queue(others);
      lookUps.add(removals);
    } else {
      var open = records.values().stream().filter(record -> !record.isConfirmedBefore()).toList();
      var unseen = open.stream().filter(this::goesUnseen).toList();
      unseen.forEach(record -> record.goesUnseen(this.approach, writeAnswers.lastWords()));
      queue(unseen);
      lookUps.add(open.stream().filter(record -> !record.isUnseen()).toList());
    }
  }

  /** Whether nothing has to be known of a record of Kintone's before this one is sent. */
  private boolean goesUnseen(PlannedRecord record) {
    return approach != Approach.LOOK_UP && record.mayGoUnseen() && !lookUps.hasOtherWays(record);
  }

  /** Where it writes. */
  Target target() {
    return target;
  }

  /** What is done first with the records of the source. */
  Approach approach() {
    return approach;
  }

  /** Whether a key was there of a record that was inserted without being looked up. */
  boolean hasGuessedWrong() {
    return writeAnswers.hasGuessedWrong();
  }

  /** Whether Kintone does not let us upsert. */
  boolean areUpsertsRefused() {
    return writeAnswers.areUpsertsRefused();
  }

  /** What is to be done next, in the order in which it is to be done. */
  public enum Step {
    /** Read the records of keys: {@link #lookUps()}, then {@link #found}. */
    LOOK_UP,
    /** Fetch files that records hold: {@link #downloads()}, then {@link #read}. */
    READ_FILES,
    /** Read what lookup fields would copy: {@link #sourceLookUps()}, then {@link #foundSources}. */
    LOOK_UP_SOURCES,
    /** Show the writes to whoever may object: {@link #intents()}, then {@link #asked}. */
    ASK,
    /** Send files: {@link #uploads()}, then {@link #uploaded}. */
    UPLOAD,
    /** Send write requests: {@link #next()}, then {@link #settle}. */
    WRITE,
    /** Nothing: every record is settled, or the plan was stopped. */
    NONE
  }

  /** Returns what is to be done next. */
  public Step getStep() {
    if (stopReason != null) {
      return Step.NONE;
    } else if (lookUps.isOpen()) {
      return Step.LOOK_UP;
    } else if (comparison.isOpen()) {
      return Step.READ_FILES;
    } else if (sourceLookUps.isOpen()) {
      return Step.LOOK_UP_SOURCES;
    } else if (!unasked.isEmpty()) {
      return Step.ASK;
    } else if (writes.isOpen()) {
      return Step.WRITE;
    }
    return uploads.isOpen() ? Step.UPLOAD : Step.NONE;
  }

  /** Whether there is anything left to do. */
  public boolean isOpen() {
    return getStep() != Step.NONE;
  }

  /** The writes that nobody has seen yet, for whoever may object: then {@link #asked}. */
  public List<Intent> intents() {
    return unasked.stream().map(PlannedRecord::intent).toList();
  }

  /**
   * What was objected to is rejected, and a record that the source lacks stays; all other {@link
   * #intents()} will be sent.
   *
   * @param objections the reasons, by key
   */
  public Plan asked(Map<String, UserMessage> objections) {
    var asked = List.copyOf(unasked);
    unasked.clear();
    for (var record : asked) {
      UserMessage objection = objections.get(record.key());
      if (objection != null && batch.kind() == Batch.Kind.MISSING) {
        record.stays();
      } else if (objection != null) {
        record.reject(null, objection);
      }
    }
    send(asked);
    return this;
  }

  /** The next key lookups. */
  public List<KintoneRequest> lookUps() {
    return lookUps.requests();
  }

  /**
   * The answers to all {@link #lookUps()}, in their order: the records asked for are planned by
   * what is there. What was too much for one answer stays unsure.
   */
  public Plan found(List<Answer> answers) {
    var found = lookUps.found(answers);
    if (found.failure() != null) {
      stop(WriteRefusal.reason(found.failure()).with(target.app(), found.failure().words()));
    } else if (found.similar()) {
      foundSimilar(found.looked(), found.there().keySet());
    } else {
      foundKeys(found.looked(), found.there());
    }
    return this;
  }

  private void foundKeys(Set<PlannedRecord> looked, Map<String, KintoneRecord> there) {
    var found = new LinkedHashMap<PlannedRecord, @Nullable KintoneRecord>();
    for (var record : looked) {
      var now = record.planned().over(there.get(record.key()));
      var compared = now == null ? null : comparison.compare(record, now);
      if (now == null || compared != null) {
        found.put(record, compared);
      }
    }
    decide(found);
  }

  private void decide(Map<PlannedRecord, @Nullable KintoneRecord> there) {
    var known = new LinkedHashMap<>(there);
    known.entrySet().removeIf(found -> sourceLookUps.detains(found.getKey(), found.getValue()));
    known.forEach((record, now) -> record.found(now, writeAnswers.lastWords()));
    lookUps.addDoubtful(known.keySet().stream().filter(lookUps::isDoubtful).toList());
    queue(known.keySet().stream().filter(record -> !lookUps.isDoubtful(record)).toList());
  }

  /** The files of records that are to be read, one request each. */
  public List<KintoneRequest> downloads() {
    return comparison.requests();
  }

  /** The answers to all {@link #downloads()}, in their order. */
  public Plan read(List<Answer> answers) {
    var read = comparison.read(answers);
    if (read.failure() != null) {
      stop(WriteRefusal.reason(read.failure()).with(target.app(), read.failure().words()));
    }
    decide(read.there());
    return this;
  }

  /** The next files that are to be uploaded; possibly none, and {@link #uploaded} all the same. */
  public List<Upload> uploads() {
    return uploads.next();
  }

  /** The answers to all {@link #uploads()}, in their order: what has its files can be written. */
  public Plan uploaded(List<Answer> answers) {
    var uploaded = uploads.uploaded(answers);
    if (uploaded.failure() != null) {
      stop(uploaded.failure());
    }
    lookUps.add(uploaded.unsure());
    writes.add(uploaded.ready());
    return this;
  }

  /** The next requests to the apps that lookup fields copy from. */
  public List<KintoneRequest> sourceLookUps() {
    return sourceLookUps.requests();
  }

  /** The answers to all {@link #sourceLookUps()}, in their order. */
  public Plan foundSources(List<Answer> answers) {
    var failure = sourceLookUps.found(answers);
    if (failure != null) {
      stop(MessageCode.SOURCE_LOOK_UP_FAILED.with(failure.app(), failure.answer().words()));
    }
    var released = sourceLookUps.released();
    released.forEach((record, now) -> record.found(now, writeAnswers.lastWords()));
    queue(released.keySet());
    sourceLookUps.tried().forEach(this::onlyPlanned);
    return this;
  }

  /** What Kintone could not look up it would refuse. */
  private void onlyPlanned(PlannedRecord record) {
    if (!missingSources.rejected(record, sourceLookUps::lacks)) {
      record.onlyPlanned();
    }
  }

  private void foundSimilar(Set<PlannedRecord> looked, Set<String> there) {
    for (var record : looked) {
      there.stream()
          .filter(key -> !key.equals(record.key()) && SimilarKeys.alike(key, record.key()))
          .findFirst()
          .ifPresent(
              key ->
                  record.reject(
                      target.key().code(), MessageCode.KEY_IS_SIMILAR.with(record.key(), key)));
    }
    queue(looked);
  }

  /**
   * The write requests of the next turn: up to 20 that go out as one bulkRequest, or one alone
   * while the batch is known to hold bad records.
   */
  public List<WriteRequest> next() {
    return writes.next();
  }

  /**
   * The answer to the write requests of this turn: each of their records is settled or stays open.
   */
  public Plan settle(Answer answer) {
    UserMessage reason = writeAnswers.settle(answer);
    if (reason != null) {
      stop(reason);
    }
    return this;
  }

  private void queue(Collection<PlannedRecord> planned) {
    if (asks) {
      planned.stream().filter(record -> !record.settled()).forEach(unasked::add);
    } else {
      send(planned);
    }
  }

  private void send(Collection<PlannedRecord> planned) {
    var toSend = planned.stream().filter(record -> !record.settled()).toList();
    for (var record : toSend) {
      if (record.verb() == Verb.PUT
          && !record.isUpserted()
          && batch.kind() == Batch.Kind.SOURCE
          && !record.countedAsUpdate()) {
        UserMessage tooMany = guards.toUpdate(record);
        if (tooMany != null) {
          stop(tooMany);
          return;
        }
      }
    }
    if (!target.writes()) {
      toSend.stream().filter(record -> !sourceLookUps.tries(record)).forEach(this::onlyPlanned);
      return;
    }
    writes.add(toSend.stream().filter(record -> !uploads.take(record)).toList());
  }

  /** Gives up on what is open: it stays unprocessed, and the reason is the run's. */
  public void stop(UserMessage reason) {
    if (stopReason == null) {
      stopReason = reason;
    }
  }

  /** Why the plan, and with it the run, has to stop; null while all is well. */
  public @Nullable UserMessage stopReason() {
    return stopReason;
  }

  /** The batch that this is the plan of. */
  public Batch batch() {
    return batch;
  }

  /** What was decided about each record of the batch, for a person who asks why. */
  public List<Decision> decisions() {
    var decisions = new ArrayList<Decision>();
    batch.rejects().forEach(reject -> decisions.add(Decision.of(reject)));
    batch.leftOut().forEach(source -> decisions.add(Decision.leftOut(source)));
    records.values().forEach(record -> decisions.add(record.decision()));
    return decisions;
  }

  /**
   * Takes what is confirmed of the records into {@link Target#confirmed}, and all else of them out
   * of it; and what is only planned into {@link Target#planned}. To be called while nobody else has
   * their keys in work.
   */
  public void remember() {
    var confirmed = target.confirmed();
    if (confirmed != null && target.writes()) {
      records.values().forEach(record -> record.settlement().remember(confirmed));
    }
    var planned = target.planned();
    if (planned != null && batch.kind() != Batch.Kind.MISSING) {
      records.values().forEach(record -> record.planned().remember(planned));
    }
  }

  /** What became of the batch. Records still open count as unprocessed. */
  public BatchResult result() {
    return BatchResult.of(batch, records.values(), writeAnswers.isolationCalls());
  }
}
