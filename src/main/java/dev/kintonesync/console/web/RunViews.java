package dev.kintonesync.console.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.console.RunFiles;
import dev.kintonesync.console.RunFiles.Part;
import dev.kintonesync.form.FormerForm;
import dev.kintonesync.journal.ChangesFile;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.KeyHistory;
import dev.kintonesync.journal.OpenReject;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.sync.Report;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What runs changed and rejected, a page of it at a time, as JSON. */
final class RunViews {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** How many records or rows a page has. */
  static final int PAGE = 25;

  private final Journal journal;
  private final RunFiles files;
  private final KeyHistory history;

  RunViews(Journal journal, RunFiles files, KeyHistory history) {
    this.journal = journal;
    this.files = files;
    this.history = history;
  }

  /**
   * What a run changed.
   *
   * @param job as the properties have it now; null: it is not there any more
   * @param part which of the changed records
   */
  ObjectNode changes(Report report, @Nullable Job job, Part part) {
    var labels = labels(report, job);
    var found = files.changes(report.run(), part);
    var node = JSON.createObjectNode();
    node.put("from", part.from());
    var records = node.putArray("records");
    found.first().forEach(change -> records.add(record(change, labels)));
    node.put("more", found.more());
    return node;
  }

  /** The rows that a run rejected, with the reason in a language where it is kept. */
  ObjectNode rejects(Report report, Part part, MessageBundle bundle) {
    var found = files.rejectedRows(report.run(), part, bundle);
    var reasons = reasons(report, found.first());
    var node = JSON.createObjectNode();
    node.put("from", part.from());
    var rows = node.putArray("rows");
    for (var row : found.first()) {
      var reason = reasons.get(row.row());
      var one = rows.addObject();
      one.put("row", row.row());
      one.put("reason", reason == null ? row.reason() : bundle.say(reason));
      one.set("values", JSON.valueToTree(row.values()));
    }
    node.put("more", found.more());
    return node;
  }

  private Map<Long, UserMessage> reasons(Report report, List<RunFiles.RejectedRow> rows) {
    var reasons = new HashMap<Long, UserMessage>();
    var numbers = rows.stream().mapToLong(RunFiles.RejectedRow::row).filter(row -> row > 0);
    var range = numbers.summaryStatistics();
    if (range.getCount() > 0) {
      for (OpenReject open :
          journal.openRejects().of(report.job(), report.run(), range.getMin(), range.getMax())) {
        reasons.put(open.row(), open.reason());
      }
    }
    return reasons;
  }

  /**
   * What all kept runs of a job did to one record, the newest first.
   *
   * @param key its key; one that differs only in width, case or leading zeros is the same
   * @param from how many changes are passed over
   */
  ObjectNode history(String name, @Nullable Job job, String key, long from) {
    var node = JSON.createObjectNode();
    node.put("key", key);
    node.put("from", from);
    var found = node.putArray("records");
    var open = key.isEmpty() ? null : journal.openRejects().find(name, key).orElse(null);
    node.put("open", open != null);
    long[] passed = {0};
    boolean[] more = {false};
    var extent =
        history.read(
            key,
            true,
            run -> run.job().equals(name),
            entry -> {
              if (passed[0]++ < from) {
                return true;
              }
              more[0] = found.size() == PAGE;
              if (!more[0]) {
                found.add(record(entry.run(), entry.change(), labels(entry.run(), job)));
              }
              return !more[0];
            });
    node.put("more", more[0]);
    node.put("runs", extent.runs());
    return node;
  }

  private static ObjectNode record(Report run, JsonNode change, Map<String, String> labels) {
    ObjectNode record = record(change, labels);
    record.put("run", run.run());
    record.put("startedAt", run.startedAt().toString());
    record.put("source", run.source());
    record.set("row", change.path("row").isMissingNode() ? null : change.get("row"));
    return record;
  }

  private static ObjectNode record(JsonNode change, Map<String, String> labels) {
    var record = JSON.createObjectNode();
    for (String name : List.of("outcome", "key", "id", "overEdit")) {
      record.set(name, change.path(name).isMissingNode() ? null : change.get(name));
    }
    ArrayNode fields = record.putArray("fields");
    for (var field : change.path("fields").properties()) {
      var one = fields.addObject();
      one.put("code", field.getKey());
      one.put("label", labels.getOrDefault(field.getKey(), field.getKey()));
      JsonNode before = ChangesFile.before(change, field.getValue());
      one.set("before", before.isMissingNode() ? null : before);
      one.set("after", field.getValue().get("after"));
    }
    return record;
  }

  /** The labels of the fields by code, as the app had them when the job last ran well. */
  private Map<String, String> labels(Report report, @Nullable Job job) {
    if (job == null) {
      return Map.of();
    }
    var kept =
        journal.forms().of(report.job(), String.valueOf(job.connection().baseUrl()), report.app());
    var form = kept == null ? null : FormerForm.read(report.job(), kept.revision(), kept.fields());
    var labels = new HashMap<String, String>();
    if (form != null) {
      form.fields().forEach((code, field) -> labels.put(code, field.label()));
    }
    labels.values().removeIf(String::isBlank);
    return labels;
  }

  /** What was said of a run: in the language asked for where it was kept, else in English. */
  List<String> said(Report report, MessageBundle bundle) {
    List<UserMessage> kept = journal.runMessages().of(report.run());
    if (!kept.isEmpty()) {
      return kept.stream().map(bundle::say).toList();
    }
    var english = new ArrayList<String>();
    if (report.reason() != null) {
      english.add(report.reason());
    }
    if (report.understood() != null) {
      english.add(report.understood());
    }
    english.addAll(report.remarks());
    return english;
  }
}
