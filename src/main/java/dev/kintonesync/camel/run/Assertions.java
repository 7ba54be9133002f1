package dev.kintonesync.camel.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.form.Conversion;
import dev.kintonesync.journal.ChangesFile;
import dev.kintonesync.journal.RunFolder;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import dev.kintonesync.sync.Assertion;
import dev.kintonesync.sync.Assertion.Subject;
import dev.kintonesync.sync.AssertionResult;
import dev.kintonesync.sync.Guard;
import dev.kintonesync.sync.PlanFigures;
import dev.kintonesync.sync.SourceFigures;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a job asserts, judged for one run: of the source when it is open, of the plan when all of it
 * is known. A run that writes, and whose job asserts something of the plan, is planned first on the
 * same rows. A run that only plans goes on to its end whatever it finds, so that a person sees all
 * of it. A rejects file that comes back is a part of a source that was judged; nothing is asserted
 * of it.
 */
final class Assertions {
  private final RunContext run;
  private final List<Assertion> asserted;
  private final List<AssertionResult> results = new ArrayList<>();
  private @Nullable RunContext rehearsed;
  private boolean comesBack;

  Assertions(RunContext run) {
    this.run = run;
    this.asserted = areAsked(run.job()) ? run.job().bounds().assertions() : List.of();
  }

  /**
   * A comparison passes all guards, whoever asks about one key wants no figures, and a plan
   * document was judged when it was made.
   */
  private static boolean areAsked(Job job) {
    var options = job.options();
    return !options.compares()
        && !(job.source() instanceof Source.PlanFile)
        && (options.writes() || options.onlyKey() == null);
  }

  /** Whether anything is asserted. */
  boolean areAsked() {
    return !asserted.isEmpty();
  }

  /** This run plans what another one is about to write, whose source has been judged. */
  void rehearse(RunContext other) {
    rehearsed = other;
    results.addAll(other.assertions().results);
  }

  /** The plan of this run is complete: the run that it was made for stops if it must not write. */
  void planned(RunResult plan) {
    var other = Objects.requireNonNull(rehearsed, "a plan of another run");
    plan.remarks().forEach(remark -> other.note(remark.toString()));
    var reason = plan.reason();
    if (reason != null) {
      other.stop(reason);
    }
  }

  /**
   * Reads the open source through once, and stops a run that writes if it is not as asserted.
   *
   * @param taken told each time that values of the source take more memory: how many bytes more
   */
  void judgeSource(Instant now, RunFolder folder, LongConsumer taken) {
    if (asserted.isEmpty() || rehearsed != null) {
      return;
    }
    try (var rows = run.item().again()) {
      var figures =
          new SourceFigures(asserted, rows.columns(), now, Conversion.DEFAULT.zone(), taken);
      while (rows.hasNext() && !comesBack && !run.isStopped()) {
        var row = rows.next();
        comesBack = row.ref() != null;
        figures.add(row);
      }
      if (!comesBack && !run.isStopped()) {
        results.addAll(figures.results());
      }
    }
    results.forEach(result -> folder.log(result.inWords().toString()));
    if (run.job().options().writes()) {
      stopUnlessAllHold();
    }
  }

  /** Whether the run is to be planned before it writes. */
  boolean needPlan() {
    return run.job().options().writes()
        && !comesBack
        && !run.isStopped()
        && !run.guards().accepts(Guard.ASSERT)
        && asserted.stream().anyMatch(each -> each.subject().isPlanned());
  }

  /**
   * Ends a run that only plans: tells the figures, and stops it if they are not as asserted.
   *
   * @param changes the changes that it would make; null: none
   */
  void judgePlan(@Nullable Path changes) {
    if (asserted.isEmpty() || run.job().options().writes() || run.isStopped()) {
      return;
    }
    if (!comesBack && (rehearsed != null || !run.job().options().isPartial())) {
      var figures = figures(changes);
      asserted.stream()
          .filter(each -> each.subject().isPlanned())
          .forEach(each -> results.add(figures.judge(each)));
    }
    results.stream().filter(AssertionResult::holds).forEach(each -> run.remark(each.inWords()));
    stopUnlessAllHold();
  }

  private PlanFigures figures(@Nullable Path changes) {
    var figures = new PlanFigures();
    if (changes != null) {
      ChangesFile.read(changes, change -> add(figures, change));
    }
    figures.set(Subject.REJECTED, run.counts().rejected());
    run.guards().rejectExamples().forEach(each -> figures.example(Subject.REJECTED, each));
    return figures;
  }

  private static void add(PlanFigures figures, JsonNode change) {
    String key = change.path("key").asText();
    var example = MessageCode.EXAMPLE.with(key);
    switch (ChangesFile.outcome(change)) {
      case "inserted" -> figures.add(Subject.INSERTED, example);
      case "deleted", "flagged" -> figures.add(Subject.REMOVED, example);
      default -> {
        figures.add(Subject.UPDATED, example);
        for (var field : change.path("fields").properties()) {
          if (ChangesFile.isCleared(field.getValue())) {
            figures.add(Subject.CLEARED, MessageCode.GUARD_UPDATE.with(key, field.getKey()));
          }
        }
      }
    }
  }

  private void stopUnlessAllHold() {
    var failures =
        results.stream().filter(result -> !result.holds()).map(AssertionResult::inWords).toList();
    if (failures.isEmpty()) {
      return;
    }
    if (run.guards().accepts(Guard.ASSERT)) {
      failures.forEach(run::remark);
    } else {
      run.stop(
          MessageCode.GUARD_ASSERT.with(
              failures.stream().reduce(MessageCode.EXAMPLES::with).orElseThrow()));
    }
  }
}
