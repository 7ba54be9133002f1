package dev.kintonesync.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.camel.run.UnderstoodRow;
import dev.kintonesync.journal.ChangesFile;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.setup.PlanReport;
import dev.kintonesync.sync.Decision;
import dev.kintonesync.sync.RunState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Prints what a run would do: results on standard output, advice on standard error. */
final class PlanPrinter {
  private final Terminal terminal;
  private final Journal journal;
  private final Job job;
  private final long budget;

  /**
   * A printer of plans of one job.
   *
   * @param budget the calls that the app may have in a day; 0 for any number
   */
  PlanPrinter(Terminal terminal, Journal journal, Job job, long budget) {
    this.terminal = terminal;
    this.journal = journal;
    this.job = job;
    this.budget = budget;
  }

  /** Everything that would be done. */
  void print(RunResult finished, PlanReport planned) {
    var report = finished.report();
    boolean nothing = report.state() == RunState.STOPPED && report.counts().read() == 0;
    if (report.state() != RunState.REFUSED && !nothing) {
      terminal.result(finished.counts());
      if (!planned.rejects().isEmpty()) {
        terminal.result(MessageCode.PLAN_REJECTS.with(report.counts().rejected()));
        rejects(planned);
      }
      totals(MessageCode.PLAN_FIELDS, planned);
      if (planned.clears() > 0) {
        terminal.result(MessageCode.PLAN_CLEARS.with(planned.clears()));
        planned
            .cleared()
            .forEach(
                cleared ->
                    terminal.detail(
                        MessageCode.PLAN_VALUE.with(
                            cleared.path("key").asText() + " " + cleared.path("field").asText(),
                            ShownValue.onOneLine(cleared.path("before")),
                            ShownValue.onOneLine(NullNode.instance))));
        more(planned.clears(), planned.cleared().size());
      }
      if (planned.uploads() > 0) {
        terminal.result(MessageCode.PLAN_UPLOADS.with(planned.uploads()));
      }
      if (report.deleted() > 0) {
        terminal.result(MessageCode.PLAN_REMOVES.with(report.deleted()));
      }
      if (report.overEdits() > 0) {
        terminal.result(MessageCode.PLAN_OVER_EDITS.with(report.overEdits()));
      }
      cost(planned);
      planned.changes().forEach(this::change);
      more(planned.changed(), planned.changes().size());
      understood(terminal::result, terminal::detail, finished.understood(), finished.firstRows());
    }
    UserMessage reason = finished.reason();
    if (reason != null) {
      terminal.say(reason);
    }
    finished.remarks().forEach(terminal::remark);
    if (report.rejectsFile() != null) {
      terminal.remark(MessageCode.REJECTS_ARE_IN.with(report.rejectsFile()));
    }
  }

  /** What the file was taken for, and how its first rows are read. */
  static void understood(
      Consumer<UserMessage> sentences,
      Consumer<UserMessage> details,
      @Nullable UserMessage file,
      List<UnderstoodRow> rows) {
    if (file != null) {
      sentences.accept(file);
    }
    for (var row : rows) {
      sentences.accept(MessageCode.UNDERSTOOD_ROW.with(row.position().asMessage()));
      for (var cell : row.cells()) {
        JsonNode read =
            cell.read() == null
                ? NullNode.instance
                : cell.read() instanceof JsonNode node
                    ? node
                    : TextNode.valueOf(String.valueOf(cell.read()));
        JsonNode value = cell.value();
        details.accept(
            MessageCode.UNDERSTOOD_VALUE.with(
                cell.column(),
                ShownValue.onOneLine(read),
                cell.field(),
                value == null ? "-" : ShownValue.onOneLine(value)));
      }
    }
  }

  /** In what the two sides differ. */
  void print(Comparison found) {
    var run = found.run();
    var planned = found.planned();
    terminal.result(found.found().inWords());
    if (!run.report().mirrored()) {
      terminal.result(MessageCode.RECONCILE_EXTRAS_UNKNOWN.with());
    }
    rejects(planned);
    totals(MessageCode.RECONCILE_FIELDS, planned);
    planned.changes().forEach(this::difference);
    more(planned.changed(), planned.changes().size());
    run.remarks().forEach(terminal::remark);
  }

  private void difference(JsonNode change) {
    String key = change.path("key").asText();
    String id = change.path("id").asText("");
    switch (ChangesFile.outcome(change)) {
      case "inserted" -> terminal.result(MessageCode.RECONCILE_MISSING.with(key));
      case "deleted", "flagged" -> terminal.result(MessageCode.RECONCILE_EXTRA.with(key, id));
      default -> {
        terminal.result(MessageCode.RECONCILE_DIFFERENT.with(key, id));
        for (var field : change.path("fields").properties()) {
          JsonNode values = field.getValue();
          if (!isKintones(field.getKey())) {
            terminal.detail(
                MessageCode.RECONCILE_VALUE.with(
                    field.getKey(),
                    ShownValue.onOneLine(values.path("after"), values.path("before")),
                    ShownValue.onOneLine(values.path("before"))));
          }
        }
      }
    }
  }

  private void rejects(PlanReport planned) {
    planned.rejects().forEach(this::reject);
    more(planned.report().counts().rejected(), planned.rejects().size());
  }

  /** How many records would get another value in each field, the most first. */
  private void totals(MessageCode heading, PlanReport planned) {
    if (planned.updates().isEmpty()) {
      return;
    }
    terminal.result(heading.with());
    planned.updates().entrySet().stream()
        .filter(field -> !isKintones(field.getKey()))
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .forEach(
            field ->
                terminal.detail(MessageCode.PLAN_FIELD.with(field.getKey(), field.getValue())));
  }

  private void change(JsonNode change) {
    String id = change.path("id").asText(null);
    String record = id == null ? "" : " (" + id + ")";
    String key = change.path("key").asText() + record;
    terminal.result(
        switch (change.path("outcome").asText()) {
          case "inserted" -> MessageCode.PLAN_INSERT.with(key);
          case "deleted" -> MessageCode.PLAN_DELETE.with(key);
          default -> {
            String person = change.path("overEdit").asText(null);
            yield person == null
                ? MessageCode.PLAN_UPDATE.with(key)
                : MessageCode.PLAN_UPDATE_OVER_EDIT.with(key, person);
          }
        });
    boolean insert = change.path("outcome").asText().equals("inserted");
    for (var field : change.path("fields").properties()) {
      JsonNode values = field.getValue();
      if (insert && !ChangesFile.isEmpty(values.path("after"))) {
        terminal.detail(
            MessageCode.PLAN_NEW_VALUE.with(
                field.getKey(), ShownValue.onOneLine(values.path("after"))));
      } else if (!insert && !isKintones(field.getKey())) {
        terminal.detail(
            MessageCode.PLAN_VALUE.with(
                field.getKey(),
                ShownValue.onOneLine(values.path("before")),
                ShownValue.onOneLine(values.path("after"), values.path("before"))));
      }
    }
  }

  /** Whether it is no field but Kintone's own counting. */
  private static boolean isKintones(String code) {
    return code.startsWith("$");
  }

  private void reject(JsonNode reject) {
    terminal.detail(
        MessageCode.PLAN_REJECT.with(
            reject.path("row").asLong(),
            reject.path("key").asText(""),
            reject.path("reason").asText("")));
  }

  private void more(long all, long shown) {
    if (all > shown) {
      terminal.result(MessageCode.PLAN_MORE.with(all - shown));
    }
  }

  private void cost(PlanReport planned) {
    String domain = String.valueOf(job.connection().baseUrl());
    long today = journal.calls(domain, job.app(), Instant.now());
    terminal.result(
        budget == 0
            ? MessageCode.PLAN_CALLS.with(planned.calls(), today)
            : MessageCode.PLAN_CALLS_OF.with(planned.calls(), today, budget));
    var pace = Pace.of(journal, job.app(), planned.changed());
    if (pace != null) {
      long seconds = pace.seconds();
      terminal.result(
          MessageCode.PLAN_TIME.with(
              seconds < 120 ? seconds + " s" : seconds / 60 + " min", pace.written()));
    }
  }

  /** Why the record of one key would be treated as it would. */
  void explain(RunResult finished, String key) {
    UserMessage reason = finished.reason();
    if (reason != null) {
      terminal.say(reason);
    }
    if (finished.decisions().isEmpty() && !finished.early()) {
      terminal.result(MessageCode.KEY_NOT_IN_SOURCE.with(key, finished.report().sourceInWords()));
    }
    finished.decisions().forEach(this::explain);
    finished.remarks().forEach(terminal::say);
  }

  private void explain(Decision decision) {
    terminal.result(MessageCode.EXPLAIN_SOURCE.with(decision.source().position()));
    decision
        .source()
        .values()
        .forEach(
            (column, value) ->
                terminal.detail(MessageCode.PLAN_NEW_VALUE.with(column, String.valueOf(value))));
    if (!decision.values().isEmpty()) {
      terminal.result(MessageCode.EXPLAIN_MAPPED.with());
      show(decision.values());
    }
    var stored = decision.stored();
    if (stored != null) {
      terminal.result(MessageCode.EXPLAIN_STORED.with(stored.id(), stored.revision()));
      stored
          .cells()
          .properties()
          .forEach(
              cell -> {
                if (!isKintones(cell.getKey())) {
                  terminal.detail(
                      MessageCode.PLAN_NEW_VALUE.with(
                          cell.getKey(), ShownValue.onOneLine(cell.getValue().path("value"))));
                }
              });
    }
    terminal.result(MessageCode.EXPLAIN_DECISION.with(words(decision)));
  }

  private UserMessage words(Decision decision) {
    var change = decision.change();
    return switch (decision.outcome()) {
      case INSERTED -> MessageCode.DECISION_INSERT.with();
      case UPDATED ->
          MessageCode.DECISION_UPDATE.with(
              change == null ? "" : String.join(", ", change.fields().keySet()));
      case DELETED -> MessageCode.DECISION_DELETE.with();
      case UNCHANGED ->
          decision.reason() != null
              ? decision.reason()
              : decision.stored() == null
                  ? MessageCode.DECISION_SKIPPED.with()
                  : MessageCode.DECISION_UNCHANGED.with(job.rules().mode().word());
      case REJECTED ->
          decision.reason() == null
              ? MessageCode.DECISION_OPEN.with()
              : MessageCode.DECISION_REJECT.with(decision.reason());
      case SUPERSEDED, UNPROCESSED -> MessageCode.DECISION_OPEN.with();
    };
  }

  private void show(Map<String, JsonNode> values) {
    values.forEach(
        (code, value) ->
            terminal.detail(MessageCode.PLAN_NEW_VALUE.with(code, ShownValue.onOneLine(value))));
  }
}
