package dev.kintonesync.camel.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.KintoneRecord;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.sync.Batch;
import dev.kintonesync.sync.Guard;
import dev.kintonesync.sync.Guards;
import dev.kintonesync.sync.Removal;
import dev.kintonesync.sync.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last part of a mirror run: reads the keys of all records in the scope, page by page, and
 * hands out those that the source lacks. It judges on the complete list before the first is
 * removed. For one thread.
 *
 * <p>No method but a private one takes an exchange: Camel would keep each object of such a class,
 * once a route has read a property of it, and so all that a run has held.
 */
public final class Mirror {
  /** Removed records are looked up whole, so fewer of them at a time. */
  private static final int TOGETHER = 100;

  private final RunContext run;
  private final Batches batches;
  private final Target target;
  private final boolean removes;
  private final MissingKeys missing;

  private boolean open;
  private String after = "0";
  private long inScope;

  private Mirror(RunContext run, boolean open, boolean removes) {
    this.run = run;
    this.batches = run.required().batches();
    this.target = run.required().target();
    this.missing = run.required().missingKeys();
    this.open = open;
    this.removes = removes;
  }

  /** A mirror that looks for what the source lacks. */
  static Mirror of(RunContext run, boolean removes) {
    return new Mirror(run, true, removes);
  }

  /** A mirror that does nothing. */
  static Mirror none(RunContext run) {
    return new Mirror(run, false, false);
  }

  /** Whether there is another page to read. */
  public boolean isOpen() {
    return open && !run.isStopped();
  }

  /** The next page of records in the scope: their keys alone. */
  public KintoneRequest page() {
    String scope = target.rules().scope();
    var fields = new ArrayList<>(List.of("$id", target.mapping().key().code()));
    fields.addAll(target.marks().keySet());
    return KintoneRequest.getRecords(
        target.connection(),
        target.app(),
        (scope == null ? "" : "(" + scope + ") and ")
            + "$id > "
            + after
            + " order by $id asc limit "
            + target.sizes().keysPerLookup(),
        fields);
  }

  /** The answer to a page. */
  Mirror read(Answer answer) {
    if (!(answer instanceof Answer.Done done)) {
      missing.complete();
      run.stop(MessageCode.LOOK_UP_FAILED.with(target.app(), answer.words()));
      return this;
    }
    JsonNode records = done.body().path("records");
    if (!records.isEmpty() && !KintoneRecord.of(records.get(records.size() - 1)).isAfter(after)) {
      missing.complete();
      run.stop(MessageCode.SOURCE_APP_WITHOUT_ORDER.with(target.app(), after));
      return this;
    }
    for (JsonNode cells : records) {
      var stored = KintoneRecord.of(cells);
      var field = target.mapping().key();
      String key = field.canonicalKey(stored.value(field.code()));
      after = stored.id();
      inScope++;
      if (key != null && !batches.protects(key) && !isMarked(stored)) {
        missing.add(key);
      }
    }
    if (records.size() < target.sizes().keysPerLookup()) {
      open = false;
      missing.complete();
      run.mirrored();
      judge();
    }
    return this;
  }

  /** Whether an earlier run has marked it already. */
  private boolean isMarked(KintoneRecord stored) {
    return !target.marks().isEmpty()
        && target.marks().entrySet().stream()
            .allMatch(
                mark -> {
                  var field = target.form().field(mark.getKey());
                  return field != null && field.same(mark.getValue(), stored.value(mark.getKey()));
                });
  }

  private void judge() {
    var rules = target.rules();
    long bearable = rules.maxMissing().of(inScope, Guards.LEAST_MISSING);
    UserMessage examples = examples();
    if (examples == null) {
      return;
    }
    if (!removes) {
      var list = missing.file();
      run.remark(
          rules.removal().action() == Removal.Action.REPORT
              ? MessageCode.MIRROR_REPORTS.with(missing.size(), examples, list)
              : MessageCode.MIRROR_FIRST_RUN_REPORTS.with(
                  missing.size(), examples, list, rules.removal()));
      run.counters().missing(missing.size());
    } else if (missing.size() > bearable && !run.guards().accepts(Guard.MAX_MISSING)) {
      run.counters().missing(missing.size());
      run.stop(
          MessageCode.GUARD_MAX_MISSING.with(
              missing.size(), inScope, rules.maxMissing(), bearable, examples));
    }
  }

  private @Nullable UserMessage examples() {
    return missing.first().stream()
        .map(key -> MessageCode.EXAMPLE.with(key))
        .reduce(MessageCode.EXAMPLES::with)
        .orElse(null);
  }

  /** What is to be removed, as batches of this run, each made when the one before is settled. */
  public Iterator<Batch> removals() {
    var portions = removes ? missing.portions(TOGETHER) : Collections.<List<String>>emptyIterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return !run.isStopped() && portions.hasNext();
      }

      @Override
      public Batch next() {
        return batches.handedOut().ofMissing(portions.next());
      }
    };
  }
}
