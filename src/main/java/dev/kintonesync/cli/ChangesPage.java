package dev.kintonesync.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.journal.ChangesFile;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.OutputFile;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Job;
import dev.kintonesync.setup.PlanReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/**
 * What a run would do, or in what two sides differ, as one HTML file for people who do not work at
 * a terminal. Needs no network and asks for nothing: it can be sent by mail and opened anywhere, in
 * English and Japanese, also on a telephone.
 */
final class ChangesPage {
  /** A browser bears so many records in one file; the totals are those of all. */
  private static final int MOST = 20_000;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PLACE = "{{data}}";

  /** What the page is about. */
  enum Subject {
    PLAN,
    COMPARISON
  }

  private ChangesPage() {}

  /**
   * Writes the page.
   *
   * @param journal tells how fast earlier runs were
   * @param language of what the page says at first
   * @throws UserErrorException when the file cannot be written
   */
  static void write(
      Path file, Subject subject, Job job, RunResult run, Journal journal, MessageBundle language) {
    try (InputStream page = ChangesPage.class.getResourceAsStream("changes.html")) {
      String template =
          new String(
              Objects.requireNonNull(page, "changes.html").readAllBytes(), StandardCharsets.UTF_8);
      String data = JSON.writeValueAsString(data(subject, job, run, journal, language));
      // no value may end the element that the data stands in
      String whole = template.replace(PLACE, data.replace("<", "\\u003c"));
      OutputFile.write(file, place -> Files.writeString(place, whole));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode data(
      Subject subject, Job job, RunResult run, Journal journal, MessageBundle language) {
    var report = run.report();
    var planned = PlanReport.of(run, MOST);
    var data = JsonNodeFactory.instance.objectNode();
    data.put("subject", subject.name().toLowerCase(Locale.ROOT));
    data.put("language", language.language());
    data.put("job", report.job());
    data.put("source", report.sourceIn(language));
    data.put("app", report.app());
    data.put("base", String.valueOf(job.connection().baseUrl()));
    data.put("run", report.run());
    data.put("when", report.startedAt().toString());
    data.put("state", report.state().word());
    data.put("reason", run.reason() == null ? null : language.say(run.reason()));
    data.put("read", report.counts().read());
    data.put("inserted", report.counts().inserted());
    data.put("updated", report.counts().updated());
    data.put("unchanged", report.counts().unchanged());
    data.put("rejected", report.counts().rejected());
    data.put("deleted", report.deleted());
    data.put("cleared", planned.clears());
    data.put("byHand", report.overEdits());
    data.put("calls", planned.calls());
    var pace = Pace.of(journal, report.app(), planned.changed());
    data.put("seconds", pace == null ? null : pace.seconds());
    data.put("changed", planned.changed());
    data.set("fields", JSON.valueToTree(planned.updates()));
    var remarks = data.putArray("remarks");
    if (run.understood() != null) {
      remarks.add(language.say(run.understood()));
    }
    run.remarks().forEach(remark -> remarks.add(language.say(remark)));
    data.set("rejects", planned.rejects());
    data.set("changes", shown(planned.changes()));
    return data;
  }

  /** The changes with their values as people read them; the rows of tables stay apart. */
  private static ArrayNode shown(ArrayNode changes) {
    var all = JsonNodeFactory.instance.arrayNode();
    for (JsonNode change : changes) {
      var one = all.addObject();
      one.put("o", ChangesFile.outcome(change));
      one.put("k", change.path("key").asText());
      one.put("id", change.path("id").asText(null));
      one.put("by", change.path("overEdit").asText(null));
      var fields = one.putArray("f");
      for (var field : change.path("fields").properties()) {
        if (!field.getKey().startsWith("$")) {
          JsonNode before = ChangesFile.before(change, field.getValue());
          JsonNode after = field.getValue().path("after");
          var values = fields.addArray().add(field.getKey());
          if (ShownValue.isTable(before) || ShownValue.isTable(after)) {
            values.add(JSON.<ArrayNode>valueToTree(ShownValue.rows(before, before)));
            values.add(JSON.<ArrayNode>valueToTree(ShownValue.rows(after, before)));
          } else {
            values.add(ShownValue.text(before)).add(ShownValue.text(after));
          }
        }
      }
    }
    return all;
  }
}
