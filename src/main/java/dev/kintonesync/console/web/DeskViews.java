package dev.kintonesync.console.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.console.UploadAnswers;
import dev.kintonesync.form.FormerForm;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.OpenReject;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.file.WaitingFiles;
import dev.kintonesync.sync.Report;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a clerk sees of a job, as JSON: the files that were given to it and what became of them, and
 * the rejected rows to be corrected.
 */
final class DeskViews {
  /** How many rejected rows are shown at once. */
  static final int ROWS = 25;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FILES = 5;

  private final Journal journal;
  private final UploadAnswers answers;

  DeskViews(Journal journal) {
    this.journal = journal;
    this.answers = new UploadAnswers(journal);
  }

  /**
   * What was given to a job.
   *
   * @param job as it runs now
   * @param role of the person who looks
   */
  ObjectNode desk(Job job, Role role, MessageBundle bundle) {
    var node = JSON.createObjectNode();
    node.put("drop", role.includes(Role.WORK));
    node.put("input", job.source().watched() != null);
    var uploads = node.putArray("uploads");
    for (var answer : answers.of(job.name(), FILES)) {
      var run = answer.run();
      var one = uploads.addObject();
      one.put("id", answer.received().id());
      one.put("name", answer.received().name());
      one.put("rows", answer.received().rows());
      one.put("at", answer.received().at().toString());
      one.put("state", answer.state().word());
      one.put("message", bundle.say(answer.message()));
      var reason = run == null || answer.state() != UploadAnswers.State.FAILED ? null : reason(run);
      one.put("reason", reason == null ? null : bundle.say(reason));
      one.put("run", run == null ? null : run.run());
      if (run != null) {
        one.set("counts", JSON.valueToTree(run.counts()));
      }
    }
    return node;
  }

  private @Nullable UserMessage reason(Report run) {
    var said = journal.runMessages().of(run.run());
    return run.reason() == null
        ? null
        : said.isEmpty() ? MessageCode.EXAMPLE.with(run.reason()) : said.get(0);
  }

  /**
   * Rejected rows of a job that are open.
   *
   * @param job as it runs now; null: it cannot run
   * @param from how many are passed over
   */
  ObjectNode rejects(String name, @Nullable Job job, long from, MessageBundle bundle) {
    var node = JSON.createObjectNode();
    node.put("from", from);
    node.put("count", journal.openRejects().counts().getOrDefault(name, 0));
    // one more, to know whether there are
    var open = journal.openRejects().of(name, from, ROWS + 1);
    node.put("more", open.size() > ROWS);
    var shown = open.stream().limit(ROWS).toList();
    var columns = new LinkedHashSet<String>();
    shown.forEach(reject -> reject.rows().forEach(row -> columns.addAll(row.keySet())));
    columns.forEach(node.putArray("columns")::add);
    node.set("fields", fields(job, columns));
    var sent = sent(name);
    var sources = new HashMap<String, String>();
    var rows = node.putArray("rows");
    for (OpenReject reject : shown) {
      String source =
          sources.computeIfAbsent(
              reject.run(), run -> journal.run(run).map(its -> fileName(its, bundle)).orElse(""));
      rows.add(row(reject, job, columns, source, sent.contains(reject.id()), bundle));
    }
    return node;
  }

  /** The ids of the rows whose correction has no outcome yet. */
  private Set<String> sent(String job) {
    var sent = new HashSet<String>();
    answers.of(job, FILES).stream()
        .filter(UploadAnswers.Answer::isOpen)
        .forEach(answer -> sent.addAll(answer.received().rejects()));
    return sent;
  }

  private static String fileName(Report run, MessageBundle bundle) {
    if (run.source().equals(Report.STANDARD_INPUT)) {
      return run.sourceIn(bundle);
    }
    Path name = run.source().contains("://") ? null : Path.of(run.source()).getFileName();
    String shown = name == null ? run.source() : name.toString();
    return shown.startsWith(WaitingFiles.CORRECTED) ? "" : shown; // a name of ours, not of people
  }

  private static ObjectNode row(
      OpenReject reject,
      @Nullable Job job,
      Set<String> columns,
      String source,
      boolean sent,
      MessageBundle bundle) {
    var node = JSON.createObjectNode();
    node.put("id", reject.id());
    node.put("version", reject.version());
    node.put("row", reject.row());
    node.put("source", reject.row() > 0 ? source : "");
    node.put("key", reject.key());
    node.put("since", reject.since().toString());
    node.put("tried", reject.tried());
    node.put("sent", sent);
    node.put(
        "editable",
        job != null && !reject.values().isEmpty() && !reject.isPart(job.reading().groupBy()));
    put(node.putArray("values"), reject.values(), columns);
    ArrayNode members = node.putArray("members");
    reject.members().forEach(row -> put(members.addArray(), row, columns));
    node.putArray("reasons")
        .addObject()
        .put("member", reject.memberAtFault())
        .put("column", columns.contains(reject.column()) ? reject.column() : null)
        .put("message", bundle.say(reject.reason()));
    return node;
  }

  private static void put(
      ArrayNode cells, Map<String, @Nullable Object> values, Set<String> columns) {
    for (String column : columns) {
      Object value = values.get(column);
      if (!values.containsKey(column)) {
        cells.addNull();
      } else if (value instanceof List<?> || value instanceof Map<?, ?>) {
        cells.addPOJO(value);
      } else {
        cells.add(SourceRecord.text(value));
      }
    }
  }

  /** What of a field may help to correct a column that it gets as it is. */
  private ObjectNode fields(@Nullable Job job, Set<String> columns) {
    var node = JSON.createObjectNode();
    if (job == null) {
      return node;
    }
    String domain = String.valueOf(job.connection().baseUrl());
    var kept = journal.forms().of(job.name(), domain, job.app());
    var form = kept == null ? null : FormerForm.read(job.name(), kept.revision(), kept.fields());
    for (String column : columns) {
      var field = form == null ? null : form.filledBy(column);
      if (field != null) {
        var one = node.putObject(column);
        one.put("label", field.label());
        one.put("required", field.required());
        one.put("several", field.isOfSeveral());
        field.options().forEach(one.putArray("options")::add);
      }
    }
    return node;
  }
}
