package dev.kintonesync.camel;

import dev.kintonesync.form.Mapping;
import dev.kintonesync.message.Message;
import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import dev.kintonesync.settings.Job;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.sync.Batch;
import dev.kintonesync.sync.BatchResult;
import dev.kintonesync.sync.Change;
import dev.kintonesync.sync.Isolation;
import dev.kintonesync.sync.Outcome;
import dev.kintonesync.sync.Reject;
import dev.kintonesync.sync.RichTexts;
import dev.kintonesync.sync.SyncRecord;
import dev.kintonesync.sync.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Records that came as messages, on their way into an app: makes batches of them, and gives each
 * the outcome that it has in the end. A record that cannot be mapped harms no other, also where the
 * messages do not have the same columns. For one thread.
 */
final class Upsert implements Writing {
  private final Collected collected;
  private final UpsertSink sink;
  private final Job job;
  private final Core core;
  private final Run run;
  private final IdentityHashMap<SourceRecord, Place> places = new IdentityHashMap<>();

  /** The mapping of the records that have these columns, or why there is none. */
  private final Map<Set<String>, Object> mappings = new HashMap<>();

  private @Nullable Target target;
  private int misfits;

  /** Where the result of a record goes. */
  private record Place(Delivery delivery, int part) {
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

  Upsert(Collected collected) {
    this.collected = collected;
    this.sink = (UpsertSink) collected.sink();
    this.core = sink.core();
    this.job = sink.job();
    var budget = new Isolation.Budget(core.settings().maxIsolationCalls());
    this.run = new Run(job, "messages", null, core.clock().instant(), budget);
  }

  Run begin() {
    return run;
  }

  /** Whether the app was read for earlier messages; the run knows it then. */
  boolean knowsApp() {
    App known = sink.app();
    if (known != null) {
      run.app(known);
    }
    return known != null;
  }

  /** As many records together as in any other run. */
  Iterator<Batch> batches() {
    run.begins(this);
    var records = records().iterator();
    int most = core.settings().recordsPerRequest() * core.settings().requestsPerBatch();
    return new Iterator<>() {
      private int number;

      @Override
      public boolean hasNext() {
        return records.hasNext() && !run.isStopped();
      }

      @Override
      public Batch next() {
        var some = new ArrayList<SourceRecord>();
        while (records.hasNext() && some.size() < most) {
          some.add(records.next());
        }
        return batch(++number, some);
      }
    };
  }

  private List<SourceRecord> records() {
    var records = new ArrayList<SourceRecord>();
    for (Delivery delivery : collected.deliveries()) {
      for (int part = 0; part < delivery.parts().size(); part++) {
        Object body = delivery.parts().get(part);
        var values = new LinkedHashMap<String, @Nullable Object>();
        Message problem = null;
        if (body instanceof Map<?, ?> map) {
          map.forEach((column, value) -> values.put(String.valueOf(column), value));
        } else {
          problem = Text.MESSAGE_NOT_A_RECORD.with(body.getClass().getName());
        }
        var record =
            new SourceRecord(new Position(records.size() + 1, 0), values, List.of(), problem);
        places.put(record, new Place(delivery, part));
        records.add(record);
      }
    }
    return records;
  }

  private Batch batch(int number, List<SourceRecord> sources) {
    var records = new LinkedHashMap<String, SyncRecord>();
    var rejects = new ArrayList<Reject>();
    var columns = new LinkedHashSet<String>();
    int superseded = 0;
    for (var source : sources) {
      Object fit = source.problem() != null ? source.problem() : mapping(source.values().keySet());
      if (fit instanceof Message problem) {
        rejects.add(new Reject(source, null, null, problem));
        misfits++;
        continue;
      }
      var mapped = ((Mapping) fit).map(source.values());
      String key = mapped.key();
      if (key == null || !mapped.problems().isEmpty()) {
        var problem = mapped.problems().get(0);
        rejects.add(new Reject(source, key, problem.field(), problem.message()));
        misfits++;
        continue;
      }
      columns.addAll(source.values().keySet());
      var before = records.remove(key);
      if (before != null) {
        superseded++;
        place(before.source()).is(Outcome.SUPERSEDED, key, null);
      }
      records.put(key, new SyncRecord(source, key, mapped.values(), false, mapped.revision()));
    }
    if (!records.isEmpty()) {
      target = target(mapping(run.app(), List.copyOf(columns)));
    }
    claim(records.keySet());
    return new Batch(number, List.copyOf(records.values()), rejects, superseded);
  }

  private void claim(Set<String> keys) {
    try {
      core.keysInFlight(job).awaitAndClaimAll(keys);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private Place place(SourceRecord source) {
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
            return mapping(run.app(), List.copyOf(names));
          } catch (RefusedException e) {
            return e.reason();
          }
        });
  }

  private Mapping mapping(App app, List<String> columns) {
    return Fit.mapping(job, app, columns, false, core.expressions());
  }

  private Target target(Mapping mapping) {
    var settings = core.settings();
    var app = run.app();
    return new Target(
        job.connection(),
        job.app(),
        app.form(),
        mapping,
        job.rules(),
        Fit.marks(job, app),
        app.similar(),
        job.options().writes(),
        app.empty(),
        new Target.Sizes(
            settings.recordsPerRequest(), settings.requestsPerBatch(), settings.keysPerLookup()),
        core.writers().pace(job.connection(), job.app()),
        RichTexts.NONE);
  }

  @Override
  public Target target() {
    if (target == null) { // nothing of the batch can be mapped, so nothing of it is sent
      target = target(mapping(run.app(), List.of(run.app().key().code())));
    }
    return target;
  }

  @Override
  public void goOnWith(App app) {
    mappings.clear();
    var mapping = mapping(app, allColumns());
    target = target().in(app.form(), mapping, Fit.marks(job, app));
  }

  private List<String> allColumns() {
    var mapping = target().mapping();
    var columns = new ArrayList<>(mapping.columns());
    columns.add(mapping.keyColumn());
    return columns;
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
        place(record.source()).is(Outcome.UNCHANGED, key, null);
      }
    }
    for (var reject : result.rejects()) {
      String reason = core.settings().catalogue().say(reject.reason());
      place(reject.source()).is(Outcome.REJECTED, reject.key(), null, reject.field(), reason);
    }
    core.keysInFlight(job).release(batch.records().stream().map(SyncRecord::key).toList());
  }

  /** What has no outcome by now was not done, as far as anybody knows. */
  void answer() {
    var ending = run.ending();
    // an app that has records now is looked up from now on; where records did not fit, its form
    // is read again, as it may be another one by now
    sink.app(ending == null && misfits == 0 ? notEmpty(run.app()) : null);
    var reason = ending == null ? Text.RUN_INTERRUPTED.with() : ending.reason();
    for (Delivery delivery : collected.deliveries()) {
      boolean whole = true;
      for (int part = 0; part < delivery.parts().size(); part++) {
        if (!delivery.hasResult(part)) {
          whole = false;
          new Place(delivery, part)
              .is(Outcome.UNPROCESSED, null, null, null, core.settings().catalogue().say(reason));
        }
      }
      if (whole) {
        delivery.ended();
      } else {
        delivery.failed(new RefusedException(reason));
      }
    }
  }

  private static App notEmpty(App app) {
    return new App(
        app.form(), app.key(), app.precision(), app.similar(), false, app.unseen(), null);
  }
}
