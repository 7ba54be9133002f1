package dev.kintonesync.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.Form;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.file.SourceFile;
import dev.kintonesync.sync.RejectRef;
import dev.kintonesync.sync.Report;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a plan document of a run that only planned: its changes as {@code changes.jsonl.gz} has
 * them, then its rejects.
 */
public final class PlanEntries {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Report report;
  private final Form form;
  private final Set<String> codes = new LinkedHashSet<>();
  private long changes;

  private PlanEntries(Report report, Form form) {
    this.report = report;
    this.form = form;
  }

  /**
   * Writes the document of a run.
   *
   * @param header the header, but for the fields and the number of changes
   * @param summary what the document says besides
   */
  public static void write(
      Path file, Report report, Form form, PlanHeader header, ObjectNode summary) {
    new PlanEntries(report, form).write(file, header, summary);
  }

  private void write(Path file, PlanHeader header, ObjectNode summary) {
    Path made = report.changesFile() == null ? null : Path.of(report.changesFile());
    if (made != null) {
      ChangesFile.read(made, this::count);
    }
    var complete = header.with(PlanHeader.digests(form, codes), changes);
    try (var document = PlanWriter.create(file, complete, summary)) {
      if (made != null) {
        ChangesFile.read(made, change -> document.add(entry(change)));
      }
      document.rejects();
      rejects(document);
      document.end();
    }
  }

  private void count(JsonNode change) {
    changes++;
    if (!change.path("outcome").asText().equals("deleted")) {
      change.path("fields").properties().forEach(field -> written(field.getKey()));
      change.path("again").properties().forEach(field -> written(field.getKey()));
    }
  }

  private void written(String code) {
    Field field = form.field(code);
    if (field != null && field.writable()) {
      codes.add(code);
    }
  }

  private static ObjectNode entry(JsonNode change) {
    String outcome = change.path("outcome").asText();
    var entry = JSON.objectNode();
    entry.put(
        "change",
        switch (outcome) {
          case "inserted" -> "insert";
          case "deleted" -> "remove";
          default -> "update";
        });
    entry.put("key", change.path("key").asText());
    if (!outcome.equals("inserted")) {
      entry.put("id", change.path("id").asText());
      entry.put("revision", change.path("revision").asLong());
      String person = change.path("overEdit").asText(null);
      if (person != null) {
        entry.put("lastEditedBy", person);
      }
    }
    if (change.path("flagged").asBoolean()) {
      entry.put("standsForRemoval", true);
    }
    if (change.path(LastChanges.ADDED_AGAIN).asBoolean()) {
      entry.put(LastChanges.ADDED_AGAIN, true);
    }
    var fields = entry.putObject("fields");
    for (var field : change.path("fields").properties()) {
      if (!field.getKey().startsWith("$")) {
        var values = fields.putObject(field.getKey());
        if (!outcome.equals("inserted")) {
          values.set("before", field.getValue().path("before"));
        }
        if (!outcome.equals("deleted")) {
          values.set("after", field.getValue().path("after"));
        }
      }
    }
    if (change.has("again")) {
      entry.set("again", change.get("again"));
    }
    return entry;
  }

  private void rejects(PlanWriter document) {
    @Nullable String file = report.rejectsFile();
    if (file == null) {
      return;
    }
    try (var rows = SourceFile.open(Path.of(file), SourceOptions.DEFAULT)) {
      while (rows.hasNext()) {
        var row = rows.next();
        if (row.earlierError() != null) { // else another row of a record, without a reason
          String ref = row.ref();
          var reject = JSON.objectNode();
          reject.put("row", ref == null ? 0 : RejectRef.rowOf(ref));
          reject.put("key", ref == null ? null : RejectRef.keyOf(ref));
          reject.put("reason", row.earlierError());
          document.add(reject);
        }
      }
    }
  }
}
