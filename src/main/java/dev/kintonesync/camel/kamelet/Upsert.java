package dev.kintonesync.camel.kamelet;

import dev.kintonesync.camel.batch.AppSnapshot;
import dev.kintonesync.camel.batch.BatchContext;
import dev.kintonesync.camel.batch.BatchFilling;
import dev.kintonesync.camel.batch.BatchListener;
import dev.kintonesync.camel.batch.HookCall;
import dev.kintonesync.camel.batch.KeysInFlight;
import dev.kintonesync.camel.batch.KintoneBeans;
import dev.kintonesync.camel.batch.MappingFactory;
import dev.kintonesync.form.Mapping;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.sync.Batch;
import dev.kintonesync.sync.BatchResult;
import dev.kintonesync.sync.Change;
import dev.kintonesync.sync.FileHashes;
import dev.kintonesync.sync.Isolation;
import dev.kintonesync.sync.Outcome;
import dev.kintonesync.sync.Reject;
import dev.kintonesync.sync.RichTexts;
import dev.kintonesync.sync.SyncRecord;
import dev.kintonesync.sync.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Records that came as messages, on their way into an app: makes batches of them, and gives each
 * the outcome that it has in the end. A record that cannot be mapped harms no other, also where the
 * messages do not have the same columns. For one thread.
 */
final class Upsert implements BatchListener {
  /** So soon a route that has handed a message over to another route is back. */
  private static final Duration HANDED_OVER = Duration.ofSeconds(10);

  private final MessageBatch collected;
  private final UpsertSink sink;
  private final Job job;
  private final KintoneBeans core;
  private final BatchContext run;
  private final IdentityHashMap<SourceRecord, ResultSlot> places = new IdentityHashMap<>();

  /** The mapping of the records that have these columns, or why there is none. */
  private final Map<Set<String>, Object> mappings = new HashMap<>();

  /** The records that no batch has yet. */
  private Waves open = new Waves();

  /** The keys that nobody else has now. */
  private final Set<String> keys = new HashSet<>();

  /** What the sink knows of the app, from this run or from an earlier one. */
  private @Nullable AppSnapshot known;

  private @Nullable Target target;
  private int misfits;

  /** Where the result of a record goes. */
  private record ResultSlot(PendingMessage delivery, int part) {
    private void is(Outcome outcome, @Nullable String key, @Nullable String id) {
      is(outcome, key, id, null, null);
    }

    private void is(
        Outcome outcome,
        @Nullable String key,
        @Nullable String id,
        @Nullable String field,
        @Nullable String reason) {
      var result = new LinkedHashMap<String, @Nullable Object>();
      result.put("outcome", outcome.name().toLowerCase(Locale.ROOT));
      result.put("key", key);
      result.put("id", id);
      result.put("field", field);
      result.put("reason", reason);
      delivery.result(part, result);
    }
  }

  Upsert(MessageBatch collected) {
    this.collected = collected;
    this.sink = (UpsertSink) collected.sink();
    this.core = sink.core();
    this.job = sink.job();
    var budget = new Isolation.Budget(core.settings().maxIsolationCalls());
    this.run = new BatchContext(job, "messages", core.clock().instant(), budget);
  }

  BatchContext begin() {
    return run;
  }

  /** Whether the app was read for earlier messages; the run knows it then. */
  boolean knowsApp() {
    known = sink.app();
    if (known != null) {
      run.app(known);
    }
    return known != null;
  }

  /**
   * The records are mapped, and go on when nobody else has their keys. The order of that is the
   * order in which the messages came; no thread waits for it.
   *
   * @param then goes on: with null, or with the reason why it cannot
   */
  void whenItsTurn(Consumer<@Nullable UserErrorException> then) {
    if (known == null) {
      known = notEmpty(run.app()); // whoever comes now has to look records up
      sink.knows(known);
    }
    open = map(records());
    var wanted = open.keys();
    collected.inTurn(() -> want(wanted, then));
  }

  private void want(Set<String> wanted, Consumer<@Nullable UserErrorException> then) {
    var call = collected.deliveries().get(0).sentBy();
    var turn = core.keysInFlight(job).want(wanted, run, call);
    turn.whenFree(
        () -> {
          keys.addAll(wanted);
          goOn(then, null);
        });
    if (call != null && call.isHere()) {
      breakCircle(turn, call, then);
    } else if (call != null) {
      // the route may have handed the message over to another one, and be back at once
      CompletableFuture.delayedExecutor(HANDED_OVER.toSeconds(), TimeUnit.SECONDS, sink.senders())
          .execute(() -> breakCircle(turn, call, then));
    }
  }

  private void breakCircle(
      KeysInFlight.Turn turn, HookCall call, Consumer<@Nullable UserErrorException> then) {
    String key = core.keysInFlight(job).breakCircle(turn);
    if (key != null) {
      goOn(
          then,
          new UserErrorException(MessageCode.MESSAGE_WAITS_FOR_ITS_RUN.with(key, call.place())));
    }
  }

  private void goOn(Consumer<@Nullable UserErrorException> then, @Nullable UserErrorException why) {
    try {
      sink.senders().execute(() -> then.accept(why));
    } catch (RejectedExecutionException e) {
      then.accept(new UserErrorException(MessageCode.MESSAGE_NOT_SENT_AT_END.with()));
    }
  }

  /** As many records together as in any other run. */
  Iterator<Batch> batches() {
    run.begins(this);
    var settings = core.settings();
    int most = settings.recordsPerRequest() * settings.requestsPerBatch();
    var sizes =
        new BatchFilling.Sizes(
            most, settings.keysPerLookup(), settings.batchBytes(), Long.MAX_VALUE);
    return new Iterator<>() {
      private int number;

      @Override
      public boolean hasNext() {
        return !open.isEmpty() && !run.isStopped();
      }

      @Override
      public Batch next() {
        var filling = new BatchFilling(sizes);
        var records = open.first().iterator();
        while (records.hasNext() && !filling.isFull()) {
          filling.put(records.next(), 0);
          records.remove();
        }
        return filling.batch(++number, Batch.Kind.SOURCE);
      }
    };
  }

  private List<SourceRecord> records() {
    var records = new ArrayList<SourceRecord>();
    for (PendingMessage delivery : collected.deliveries()) {
      for (int part = 0; part < delivery.parts().size(); part++) {
        var body = delivery.parts().get(part);
        var values = new LinkedHashMap<String, @Nullable Object>();
        UserMessage problem = null;
        if (body instanceof Map<?, ?> map) {
          map.forEach((column, value) -> values.put(String.valueOf(column), value));
        } else {
          problem =
              body == null
                  ? MessageCode.MESSAGE_EMPTY.with()
                  : MessageCode.MESSAGE_NOT_A_RECORD.with(body.getClass().getName());
        }
        var record =
            new SourceRecord(new Position(records.size() + 1, 0), values, List.of(), problem);
        places.put(record, new ResultSlot(delivery, part));
        records.add(record);
      }
    }
    return records;
  }

  /** The records that are to be written; the others have their outcomes. */
  private Waves map(Collection<SourceRecord> sources) {
    var records = new Waves();
    for (var source : sources) {
      var record = map(source);
      var before = record == null ? null : records.put(record);
      if (before != null) {
        place(before.source()).is(Outcome.SUPERSEDED, before.key(), null);
      }
    }
    return records;
  }

  /** A record in the app's words; null when it is rejected. */
  private @Nullable SyncRecord map(SourceRecord source) {
    Object fit = source.problem() != null ? source.problem() : mapping(source.values().keySet());
    if (fit instanceof UserMessage problem) {
      misfits++;
      reject(new Reject(source, null, null, problem));
      return null;
    }
    var mapped = ((Mapping) fit).map(source.values());
    String key = mapped.key();
    if (key == null || !mapped.problems().isEmpty()) {
      var problem = mapped.problems().get(0);
      misfits++;
      reject(new Reject(source, key, problem.field(), problem.message()));
      return null;
    }
    return new SyncRecord(source, key, mapped.values(), false, mapped.revision());
  }

  private void reject(Reject reject) {
    String reason = core.settings().bundle().say(reject.reason());
    place(reject.source()).is(Outcome.REJECTED, reject.key(), null, reject.field(), reason);
  }

  private ResultSlot place(SourceRecord source) {
    var place = places.get(source);
    if (place == null) {
      throw new IllegalStateException("a record that nobody sent");
    }
    return place;
  }

  private Object mapping(Set<String> columns) {
    return mappings.computeIfAbsent(
        columns,
        names -> {
          try {
            return MappingFactory.ofMessage(job, run.app(), List.copyOf(names), core.expressions());
          } catch (UserErrorException e) {
            return e.reason();
          }
        });
  }

  /** What the records fill, each by the columns that it has. */
  private Mapping mapping() {
    return mappings.values().stream()
        .filter(Mapping.class::isInstance)
        .map(Mapping.class::cast)
        .reduce(Mapping::and)
        .orElseThrow(
            () -> new UserErrorException((UserMessage) mappings.values().iterator().next()));
  }

  @Override
  public Target target() {
    if (target == null) {
      target =
          core.targets()
              .target(job, run.app(), mapping(), RichTexts.NONE, FileHashes.NONE, null, null);
    }
    return target;
  }

  @Override
  public void goOnWith(AppSnapshot app) {
    var before = target();
    known = notEmpty(app);
    sink.knows(known);
    var columns = Set.copyOf(mappings.keySet());
    mappings.clear();
    columns.forEach(this::mapping);
    target = before.in(app.form(), mapping(), MappingFactory.marks(job, app));
    open = map(open.sources());
  }

  @Override
  public void settled(Batch batch, BatchResult result) {
    var changes = new HashMap<String, Change>();
    result.changes().forEach(change -> changes.put(change.key(), change));
    var unprocessed = Set.copyOf(result.unprocessed());
    for (var record : batch.records()) {
      String key = record.key();
      Change change = changes.get(key);
      // what is unprocessed is answered when the reason is known
      if (change != null) {
        place(record.source()).is(change.outcome(), key, change.id());
      } else if (!unprocessed.contains(key)) {
        place(record.source()).is(Outcome.UNCHANGED, key, result.unchangedIds().get(key));
      }
    }
    result.rejects().forEach(this::reject);
    var left = open.keys();
    var done =
        batch.records().stream().map(SyncRecord::key).filter(key -> !left.contains(key)).toList();
    done.forEach(keys::remove);
    core.keysInFlight(job).release(done);
  }

  /** What has no outcome by now was not done, as far as anybody knows. */
  void answer() {
    collected.inTurn(() -> {}); // lets those behind go on where this one never came so far
    core.keysInFlight(job).release(keys);
    var ending = run.ending();
    // where records did not fit, the form is read again, as it may be another one by now
    if (known != null && (ending != null || misfits > 0)) {
      sink.doubts(known);
    }
    var reason = ending == null ? MessageCode.RUN_INTERRUPTED.with() : ending.reason();
    for (PendingMessage delivery : collected.deliveries()) {
      boolean whole = true;
      for (int part = 0; part < delivery.parts().size(); part++) {
        whole &= delivery.hasResult(part);
      }
      if (whole) {
        delivery.ended();
      } else {
        delivery.failed(new UserErrorException(reason));
      }
    }
  }

  private static AppSnapshot notEmpty(AppSnapshot app) {
    return new AppSnapshot(
        app.form(),
        app.key(),
        app.precision(),
        app.similar(),
        app.appCode(),
        false,
        app.unseen(),
        null);
  }
}
