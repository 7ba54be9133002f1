package dev.kintonesync.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.form.Form;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.OutputFile;
import dev.kintonesync.journal.PlanEntries;
import dev.kintonesync.journal.PlanHeader;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Job;
import dev.kintonesync.setup.PlanReport;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The plan of a run as a file that people can review and {@code apply} does. */
final class PlanDocument {
  private static final int ID_DIGITS = 8;

  private PlanDocument() {}

  /** Where the plan of a run lies that waits until a person lets it happen. */
  static Path of(Path runs, String run) {
    return runs.resolve(run).resolve("plan.json");
  }

  /** Where the plan of a run lies as one HTML file, if somebody has asked for it on the page. */
  static Path page(Path runs, String run) {
    return runs.resolve(run).resolve("plan.html");
  }

  /**
   * Writes the plan of a run that only planned, in the place of an earlier one.
   *
   * @param id by which it is known once it is applied
   * @return false when there is none, since the run never came to read its source; then there is no
   *     file either
   * @throws UserErrorException when the file cannot be written
   */
  static boolean write(
      Path file, String id, Job job, RunResult run, PlanReport planned, Journal journal) {
    remove(file);
    var report = run.report();
    Form form = run.form();
    if (form == null) {
      return false;
    }
    boolean complete =
        report.state() == RunState.COMPLETED || report.state() == RunState.COMPLETED_WITH_REJECTS;
    var header = header(id, null, job, report.source(), form, complete);
    var summary = summary(report, planned, journal);
    OutputFile.write(file, place -> PlanEntries.write(place, report, form, header, summary));
    return true;
  }

  /** An id for a plan of a run that leaves the folder of the run. */
  static String newId(RunResult run) {
    return run.report().run() + "-" + UUID.randomUUID().toString().substring(0, ID_DIGITS);
  }

  /** Removes a plan, so that nobody takes an earlier one for what could not be planned. */
  static void remove(Path file) {
    if (!Files.isRegularFile(file)) {
      return; // a device is no plan
    }
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw UserErrorException.unwritable(file, e);
    }
  }

  /** The header of a plan for a job's app, without its changes. */
  static PlanHeader header(
      String id, @Nullable String undoes, Job job, String source, Form form, boolean complete) {
    return new PlanHeader(
        id,
        undoes,
        Version.ofProgram(),
        job.name(),
        source,
        String.valueOf(job.connection().baseUrl()),
        job.app(),
        String.valueOf(job.updateKey()),
        form.revision(),
        Map.of(),
        complete,
        0);
  }

  private static ObjectNode summary(Report report, PlanReport planned, Journal journal) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("run", report.run());
    json.put("madeAt", String.valueOf(report.finishedAt()));
    json.put("state", report.state().word());
    json.put("reason", report.reason());
    var counts = json.putObject("counts");
    counts.put("read", report.counts().read());
    counts.put("inserted", report.counts().inserted());
    counts.put("updated", report.counts().updated());
    counts.put("unchanged", report.counts().unchanged());
    counts.put("duplicateKeys", report.counts().superseded());
    counts.put("rejected", report.counts().rejected());
    counts.put("unprocessed", report.counts().unprocessed());
    counts.put("removed", report.deleted());
    counts.put("editedByOthers", report.overEdits());
    counts.put("clearedValues", planned.clears());
    counts.put("uploads", planned.uploads());
    var fields = json.putObject("updatesByField");
    planned.updates().forEach(fields::put);
    var cost = json.putObject("cost");
    cost.put("calls", planned.calls());
    var pace = Pace.of(journal, report.app(), planned.changed());
    cost.put("seconds", pace == null ? null : pace.seconds());
    var remarks = json.putArray("remarks");
    report.remarks().forEach(remarks::add);
    return json;
  }
}
