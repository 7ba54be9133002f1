package dev.kintonesync.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.journal.ChangesFile;
import dev.kintonesync.setup.PlanReport;
import dev.kintonesync.sync.Reconciliation;
import dev.kintonesync.sync.Report;

/**
 * In what a source and its app differ, as a run found it that only compares: what it would add is
 * missing in Kintone, what it would remove is there only.
 *
 * @param run the run
 * @param planned what it would write
 */
record Comparison(RunResult run, PlanReport planned) {
  /** The form of {@link #json()}; it grows when a script would have to change. */
  private static final int SCHEMA = 1;

  /** The figures. */
  Reconciliation found() {
    return Reconciliation.of(report());
  }

  private Report report() {
    return run.report();
  }

  /** The counts, the fields that differ, and the differences, for a program. */
  ObjectNode json() {
    var found = found();
    var json = JsonNodeFactory.instance.objectNode();
    json.put("schema", SCHEMA);
    json.put("job", report().job());
    json.put("source", report().source());
    json.put("app", report().app());
    json.put("startedAt", String.valueOf(report().startedAt()));
    json.put("finishedAt", String.valueOf(report().finishedAt()));
    json.put("state", report().state().word());
    json.put("reason", report().reason());
    json.put("same", found.same());
    json.put("equal", found.equal());
    json.put("different", found.different());
    json.put("missing", found.missing());
    json.put("extra", found.extra());
    json.put("notComparable", found.notComparable());
    json.put("extrasLookedFor", found.extrasLookedFor());
    var fields = json.putObject("fields");
    planned.updates().forEach(fields::put);
    var differences = json.putArray("differences");
    for (JsonNode change : planned.changes()) {
      var one = differences.addObject();
      one.put(
          "kind",
          switch (ChangesFile.outcome(change)) {
            case "inserted" -> "missing";
            case "deleted", "flagged" -> "extra";
            default -> "different";
          });
      one.put("key", change.path("key").asText());
      one.put("record", change.path("id").asText(null));
      var values = one.putObject("fields");
      for (var field : change.path("fields").properties()) {
        if (!field.getKey().startsWith("$")) {
          var sides = values.putObject(field.getKey());
          sides.set("source", field.getValue().path("after"));
          sides.set("kintone", field.getValue().path("before"));
        }
      }
    }
    json.set("rejects", planned.rejects());
    return json;
  }
}
