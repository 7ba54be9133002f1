package dev.kintonesync.camel.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.camel.batch.MemoryBudget;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.FieldType;
import dev.kintonesync.form.Form;
import dev.kintonesync.journal.Snapshots;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.KintoneRecord;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.settings.Job;
import dev.kintonesync.sync.Change;
import dev.kintonesync.sync.Outcome;
import dev.kintonesync.sync.RecordSnapshot;
import dev.kintonesync.sync.Rules;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshot of a run: which rows need no key lookup, since an earlier run has seen Kintone hold
 * their values and nobody has saved or deleted the record since.
 *
 * <p>Before the first record it asks what has changed in the app: records with a later updated time
 * or a higher id, by {@code $id} and {@code $revision}; and whether as many older ones are there as
 * there were. What others have saved is forgotten; when older records are gone, or more than half
 * has changed, everything is. For one thread, but for the snapshot itself and {@link #made}.
 */
final class ConfirmedRecords implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ConfirmedRecords.class);

  /**
   * A request that takes long gives its records the time at which it began, and they show up when
   * it is through.
   */
  private static final Duration OVERLAP = Duration.ofMinutes(10);

  private static final int PAGE = 500;

  /** So many changes are always looked at one by one. */
  private static final long FEW = 1000;

  /** Changed with what a file holds, so that no file of an earlier version is believed. */
  private static final String FORMAT = "4";

  private enum Turn {
    NEWEST,
    LATEST,
    CHANGES,
    DONE
  }

  private final Job job;
  private final Form form;
  private final String updatedTime;
  private final String identity;
  private final Snapshots store;
  private final MemoryBudget.Reservation memory;
  private final RecordSnapshot keys;
  private final Instant begun;

  /** What was kept of the runs before; null: nothing that holds. */
  private Snapshots.@Nullable State kept;

  private Turn turn = Turn.NEWEST;
  private boolean asked;
  private long lastId;
  private long records;
  private @Nullable Instant latest;
  private String after = "0";
  private final Map<Long, Long> moved = new HashMap<>();
  private long added;
  private boolean isVoid;

  /** How many of the counted records the run has deleted. */
  private final AtomicLong deleted = new AtomicLong();

  private ConfirmedRecords(
      RunContext run, String updatedTime, Snapshots store, MemoryBudget.Reservation memory) {
    this.job = run.job();
    this.form = run.app().form();
    this.updatedTime = updatedTime;
    this.store = store;
    this.begun = run.startedAt();
    this.identity =
        String.join(
            "|",
            FORMAT,
            String.valueOf(job.connection().baseUrl()),
            job.app(),
            run.app().key().code(),
            job.rules().mode().word(),
            comparison(job),
            String.valueOf(form.revision()));
    this.kept = store.of(job.name()).filter(this::holds).orElse(null);
    var read = kept == null ? null : store.read(kept, memory::take).orElse(null);
    if (read == null) {
      kept = null;
    }
    this.keys = read == null ? new RecordSnapshot(memory::take) : read;
    this.memory = memory;
  }

  /** What decides besides the values of a row whether its record is as it says. */
  private static String comparison(Job job) {
    Rules rules = job.rules();
    return String.join(
        "|",
        rules.existing().name(),
        rules.empty().name(),
        inOrder(rules.ifEmpty()),
        inOrder(rules.onInsert()),
        job.tables().policy().name(),
        inOrder(job.tables().rowKeys()));
  }

  private static String inOrder(Set<String> codes) {
    return String.join(",", new TreeSet<>(codes));
  }

  /**
   * The snapshot of a run whose app has been read; null where the job keeps none, or the app does
   * not show when its records were saved.
   */
  static @Nullable ConfirmedRecords of(RunContext run, Snapshots store, MemoryBudget memory) {
    var job = run.job();
    if (job.rules().snapshot() == null
        || job.name().equals(Job.IMPORT)
        || job.options().onlyKey() != null) {
      return null;
    }
    String updatedTime =
        run.app().form().fields().stream()
            .filter(field -> field.type() == FieldType.UPDATED_TIME)
            .map(Field::code)
            .findFirst()
            .orElse(null);
    if (updatedTime == null) {
      return null;
    }
    var reservation = memory.reservation();
    try {
      return new ConfirmedRecords(run, updatedTime, store, reservation);
    } catch (RuntimeException e) {
      reservation.close();
      throw e;
    }
  }

  private boolean holds(Snapshots.State state) {
    Duration most = job.rules().snapshot();
    return state.identity().equals(identity)
        && most != null
        && begun.isBefore(state.lookedUpAt().plus(most));
  }

  /** What is confirmed by now. */
  RecordSnapshot keys() {
    return keys;
  }

  /** Whether there is anything left to ask. */
  boolean isOpen() {
    return turn != Turn.DONE;
  }

  /** The next question to the app. With the first one, the run takes the snapshot to itself. */
  KintoneRequest question() {
    if (turn == Turn.NEWEST && job.options().writes()) {
      store.takeAway(job.name());
    }
    return switch (turn) {
      case NEWEST -> ask("order by $id desc limit 1", List.of("$id"));
      case LATEST -> ask("order by " + updatedTime + " desc limit 1", List.of("$id", updatedTime));
      default ->
          ask(
              changed() + " and $id > " + after + " order by $id asc limit " + PAGE,
              List.of("$id", "$revision"));
    };
  }

  private String changed() {
    var before = kept;
    if (before == null) {
      throw new IllegalStateException("nothing was kept");
    }
    Instant since = before.changedSince();
    return since == null
        ? "($id > " + before.lastId() + ")"
        : "(" + updatedTime + " >= \"" + since + "\" or $id > " + before.lastId() + ")";
  }

  private KintoneRequest ask(String query, List<String> fields) {
    return KintoneRequest.countRecords(job.connection(), job.app(), query, fields);
  }

  /** The answer to the question. One that says nothing makes the snapshot void. */
  void read(Exchange exchange) {
    var answer = exchange.getMessage().getBody(Answer.class);
    if (!(answer instanceof Answer.Done done)) {
      log.info("{}: no snapshot, since app {} says: {}", job.name(), job.app(), answer.words());
      isVoid = true;
      forgetAll();
      turn = Turn.DONE;
      return;
    }
    JsonNode found = done.body().path("records");
    long total = done.body().path("totalCount").asLong();
    switch (turn) {
      case NEWEST -> {
        lastId = found.isEmpty() ? 0 : id(found.get(0));
        records = total;
        turn = Turn.LATEST;
      }
      case LATEST -> {
        latest = found.isEmpty() ? null : since(found.get(0), RunContext.of(exchange).answeredAt());
        turn = kept == null ? Turn.DONE : Turn.CHANGES;
      }
      default -> readChanges(found, total);
    }
  }

  /**
   * What is saved from now on has this time or a later one: by the time of the answer, or, where it
   * has none, that of the record saved last.
   */
  private Instant since(JsonNode last, @Nullable Instant answeredAt) {
    Instant now =
        answeredAt != null
            ? answeredAt
            : OffsetDateTime.parse(last.path(updatedTime).path("value").asText()).toInstant();
    return now.minus(OVERLAP).truncatedTo(ChronoUnit.MINUTES);
  }

  private static long id(JsonNode cells) {
    return cells.path("$id").path("value").asLong();
  }

  private void readChanges(JsonNode found, long total) {
    var before = kept;
    if (before == null) {
      throw new IllegalStateException("nothing was kept");
    }
    if (!asked && total > Math.max(FEW, keys.size() / 2)) {
      startAnew(total + " records have changed");
      return;
    }
    asked = true;
    for (JsonNode cells : found) {
      var record = KintoneRecord.of(cells);
      long id = id(cells);
      moved.put(id, record.revision());
      added += id > before.lastId() && id <= lastId ? 1 : 0;
      after = record.id();
    }
    if (found.size() == PAGE) {
      return;
    }
    if (records - added != before.records()) {
      startAnew("records are gone");
      return;
    }
    keys.forgetMoved(moved, before.lastId());
    log.info(
        "{}: {} keys are confirmed, {} records were looked at since they may have changed",
        job.name(),
        keys.size(),
        moved.size());
    turn = Turn.DONE;
  }

  /** All keys are looked up again, and confirmed anew. */
  private void startAnew(String why) {
    log.info("{}: all keys are looked up again: {}", job.name(), why);
    forgetAll();
    turn = Turn.DONE;
  }

  private void forgetAll() {
    keys.clear();
    kept = null;
  }

  /**
   * The run has made a change. A record that it has added and deleted again was never counted.
   *
   * <p>May be called from several threads.
   */
  void made(Change change) {
    String id = change.id();
    if (change.outcome() == Outcome.DELETED && id != null && Long.parseLong(id) <= lastId) {
      deleted.incrementAndGet();
    }
  }

  /**
   * Keeps what is confirmed at the end of a run that wrote, for the next one.
   *
   * @param current the form as the run ends with it
   */
  void keep(Form current) {
    if (turn != Turn.DONE || isVoid || current.revision() != form.revision()) {
      return;
    }
    var before = kept;
    try {
      String file =
          before == null || keys.isChanged() ? store.write(job.name(), keys) : before.file();
      store.putBack(
          job.name(),
          new Snapshots.State(
              identity,
              file,
              latest,
              lastId,
              records - deleted.get(),
              before == null ? begun : before.lookedUpAt()));
    } catch (IOException e) {
      log.warn("the snapshot of {} cannot be written: {}", job.name(), e.toString());
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}
