package dev.kintonesync.setup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.journal.ChangesFile;
import dev.kintonesync.journal.OutputFile;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.file.SourceFile;
import dev.kintonesync.sync.RejectRef;
import dev.kintonesync.sync.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a plan came to, as it is printed and written with {@code --report}.
 *
 * @param report the report of the run that wrote nothing
 * @param changes what would be written, as {@code changes.jsonl.gz} has it: all, or the first ones
 * @param changed how many records would be written
 * @param updates how many updated records would get another value, by field
 * @param rejects {@code row, key, reason} of the rejected rows: all, or the first ones
 * @param cleared {@code field, key, before} of values that would be cleared: all, or the first ones
 * @param clears how many values would be cleared
 * @param uploads how many files would be uploaded, at the most: one for several records goes once
 * @param calls what the run would cost, as Kintone counts calls
 */
public record PlanReport(
    Report report,
    ArrayNode changes,
    long changed,
    Map<String, Long> updates,
    ArrayNode rejects,
    ArrayNode cleared,
    long clears,
    long uploads,
    long calls) {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int RECORDS_PER_CALL = 100;

  /**
   * Collects what a run left in its folder.
   *
   * @param most how many changes, rejects and cleared values are kept
   */
  public static PlanReport of(RunResult finished, long most) {
    var report = finished.report();
    var collected =
        new Object() {
          final ArrayNode changes = JSON.arrayNode();
          final ArrayNode cleared = JSON.arrayNode();
          final Map<String, Long> fields = new TreeMap<>();
          long changed;
          long clears;
          long inserts;
          long updates;
          long deletes;
          long uploads;
        };
    if (report.changesFile() != null) {
      ChangesFile.read(
          Path.of(report.changesFile()),
          change -> {
            if (++collected.changed <= most) {
              collected.changes.add(change);
            }
            collected.uploads += uploads(change);
            switch (ChangesFile.outcome(change)) {
              case "flagged" -> collected.updates++;
              case "inserted" -> collected.inserts++;
              case "deleted" -> collected.deletes++;
              default -> {
                collected.updates++;
                for (var field : change.path("fields").properties()) {
                  collected.fields.merge(field.getKey(), 1L, Long::sum);
                  if (ChangesFile.isCleared(field.getValue()) && ++collected.clears <= most) {
                    collected
                        .cleared
                        .addObject()
                        .put("field", field.getKey())
                        .put("key", change.path("key").asText())
                        .set("before", field.getValue().get("before"));
                  }
                }
              }
            }
          });
    }
    long calls =
        report.requests().counted()
            + calls(collected.inserts)
            + calls(collected.updates)
            + calls(collected.deletes)
            + collected.uploads;
    return new PlanReport(
        report,
        collected.changes,
        collected.changed,
        collected.fields,
        rejects(report.rejectsFile(), most),
        collected.cleared,
        collected.clears,
        collected.uploads,
        calls);
  }

  private static long calls(long records) {
    return (records + RECORDS_PER_CALL - 1) / RECORDS_PER_CALL;
  }

  private static long uploads(JsonNode change) {
    return change.path("fields").findParents("path").stream().filter(PlanReport::isUpload).count();
  }

  /** Whether it is a file that would be uploaded. */
  public static boolean isUpload(JsonNode file) {
    return file.path("path").isTextual() && file.has("name") && file.has("size");
  }

  private static ArrayNode rejects(@Nullable String file, long most) {
    var rejects = JSON.arrayNode();
    if (file == null) {
      return rejects;
    }
    try (var rows = SourceFile.open(Path.of(file), SourceOptions.DEFAULT)) {
      while (rows.hasNext() && rejects.size() < most) {
        var row = rows.next();
        if (row.earlierError() == null) {
          continue; // another row of a record whose reason stands in the row that it is about
        }
        String ref = row.ref();
        var reject = rejects.addObject();
        reject.put("row", ref == null ? 0 : RejectRef.rowOf(ref));
        reject.put("key", ref == null ? null : RejectRef.keyOf(ref));
        reject.put("reason", row.earlierError());
      }
    }
    return rejects;
  }

  /**
   * Writes it as one JSON object: the report, and what would be done.
   *
   * @param reportFile the report of the run, as its folder has it
   * @throws UserErrorException when the file cannot be written
   */
  public void write(Path file, Path reportFile) {
    String text = json(reportFile).toPrettyString() + "\n";
    OutputFile.write(file, place -> Files.writeString(place, text));
  }

  /**
   * Returns the report, and what would be done.
   *
   * @param reportFile the report of the run, as its folder has it
   */
  public ObjectNode json(Path reportFile) {
    try {
      var mapper = new ObjectMapper();
      var json = (ObjectNode) mapper.readTree(reportFile.toFile());
      json.set("changes", changes);
      json.set("updatesByField", mapper.valueToTree(updates));
      json.set("rejects", rejects);
      json.set("cleared", cleared);
      json.put("clears", clears);
      json.put("uploads", uploads);
      json.put("calls", calls);
      return json;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
