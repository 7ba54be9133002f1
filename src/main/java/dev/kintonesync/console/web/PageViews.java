package dev.kintonesync.console.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.console.JobOverview;
import dev.kintonesync.console.JobStatus;
import dev.kintonesync.console.RunFiles;
import dev.kintonesync.console.StatusJson;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.OpenReject;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.sync.Guard;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunFold;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the page asks for, as JSON. */
final class PageViews {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int RUNS = 60;
  private static final int ROWS = 100;

  /** Runs that changed nothing are folded, so more of them are read than are shown. */
  private static final int LOOKED_AT = 300;

  private final JobOverview overview;
  private final Journal journal;
  private final RunFiles files;
  private final boolean acts;
  private final @Nullable URI simulator;

  /**
   * The views over a journal.
   *
   * @param runs the folder of all run folders
   * @param acts whether the page may run jobs and dismiss rows
   * @param simulator where the simulator shows its records; null: there is none
   */
  PageViews(
      JobOverview overview, Journal journal, Path runs, boolean acts, @Nullable URI simulator) {
    this.overview = overview;
    this.journal = journal;
    this.files = new RunFiles(runs);
    this.acts = acts;
    this.simulator = simulator;
  }

  /** All jobs and the newest runs. */
  ObjectNode overview(MessageBundle bundle) {
    var node = JSON.createObjectNode();
    node.put("acts", acts);
    node.put("simulator", simulator == null ? null : simulator.toString());
    node.set("jobs", StatusJson.of(overview.jobs(), bundle));
    node.set("runs", runs(journal.runs(LOOKED_AT)));
    return node;
  }

  /** One job with its newest runs and its open rejects. */
  Optional<ObjectNode> job(String name, MessageBundle bundle) {
    var status = overview.jobs().stream().filter(job -> job.name().equals(name)).toList();
    var runs = journal.runs(name, LOOKED_AT);
    if (status.isEmpty() && runs.isEmpty()) {
      return Optional.empty();
    }
    var node = JSON.createObjectNode();
    node.put("name", name);
    node.put("acts", acts);
    node.put("appUrl", status.isEmpty() ? null : appUrl(status.get(0).job(), null));
    node.set("job", status.isEmpty() ? JSON.nullNode() : StatusJson.of(status, bundle).get(0));
    node.set("runs", runs(runs));
    var rejects = node.putArray("rejects");
    var open = journal.openRejects().of(name, ROWS + 1); // one more, to know whether there are
    open.stream().limit(ROWS).forEach(reject -> rejects.add(open(reject, bundle)));
    node.put("moreRejects", open.size() > ROWS);
    return Optional.of(node);
  }

  private static ArrayNode runs(List<Report> reports) {
    var runs = JSON.createArrayNode();
    for (var fold : RunFold.of(reports, RUNS)) {
      ObjectNode run = runs.addObject();
      run.setAll(StatusJson.tree(fold.newest()));
      run.put("times", fold.times());
      run.put("since", fold.since().toString());
    }
    return runs;
  }

  private static ObjectNode open(OpenReject reject, MessageBundle bundle) {
    var node = JSON.createObjectNode();
    node.put("id", reject.id());
    node.put("since", reject.since().toString());
    node.put("tried", reject.tried());
    node.put("reason", bundle.say(reject.reason()));
    node.set("values", JSON.valueToTree(reject.values()));
    return node;
  }

  /** One run with what was said of it, and the beginnings of its rejects and changes. */
  Optional<ObjectNode> run(String name, MessageBundle bundle) {
    return journal.run(name).map(report -> run(report, bundle));
  }

  private ObjectNode run(Report report, MessageBundle bundle) {
    var node = JSON.createObjectNode();
    node.put("acts", acts);
    node.set("run", StatusJson.tree(report));
    node.put("appUrl", appUrl(report));
    node.put("underWay", journal.isUnderWay(report.run()));
    var statusRow = journal.statusRows().all().get(report.job());
    boolean ours = statusRow != null && report.run().equals(statusRow.run());
    node.put("progress", ours && statusRow != null ? statusRow.progress() : null);
    node.put("slowBecause", ours && statusRow != null ? statusRow.slowBecause() : null);
    var words = node.putArray("words");
    said(report, bundle).forEach(words::add);
    var rejected = files.rejectedRows(report.run(), ROWS, bundle);
    var rejects = node.putArray("rejects");
    for (var row : rejected.first()) {
      var one = rejects.addObject();
      one.put("row", row.row());
      one.put("reason", row.reason());
      one.set("values", JSON.valueToTree(row.values()));
    }
    node.put("moreRejects", rejected.more());
    node.put("rejectsFile", files.rejects(report.run()).isPresent());
    var changed = files.changes(report.run(), ROWS);
    var changes = node.putArray("changes");
    changed.first().forEach(changes::add);
    node.put("moreChanges", changed.more());
    return node;
  }

  private @Nullable String appUrl(Report report) {
    for (var status : overview.jobs()) {
      if (status.name().equals(report.job())) {
        return appUrl(status.job(), report.app());
      }
    }
    return null;
  }

  /**
   * Where people see the records of a job's app.
   *
   * @param app the only app that is meant; null: the job's
   * @return null when it is not known: no job has this app any more
   */
  private static @Nullable String appUrl(@Nullable Job job, @Nullable String app) {
    if (job == null || (app != null && !app.equals(job.app()))) {
      return null;
    }
    String space = job.connection().guestSpace();
    String address = job.connection().baseUrl().toString().replaceFirst("/$", "");
    return address + "/k/" + (space == null ? "" : "guest/" + space + "/") + job.app() + "/";
  }

  /** What was said of a run: in the language asked for where it was kept, else in English. */
  private List<String> said(Report report, MessageBundle bundle) {
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

  /** The rejects file of a run, to download. */
  Optional<Path> rejects(String run) {
    return journal.run(run).flatMap(report -> files.rejects(report.run()));
  }

  /** The open rejects of a job as CSV; nothing when there are none. */
  Optional<byte[]> openRejects(String job, MessageBundle bundle) {
    var open = journal.openRejects().of(job);
    return open.isEmpty() ? Optional.empty() : Optional.of(OpenRejectsCsv.of(open, bundle));
  }

  /** The guard that stands in the way of a job, as it is written in options; null: none. */
  @Nullable String guard(String job) {
    return overview.jobs().stream()
        .filter(status -> status.name().equals(job))
        .map(JobStatus::guard)
        .filter(Objects::nonNull)
        .map(Guard::word)
        .findAny()
        .orElse(null);
  }

  /** The job of a run that has rejected rows; empty when it has none. */
  Optional<String> jobOfRejects(String run) {
    return journal
        .run(run)
        .filter(report -> files.rejects(report.run()).isPresent())
        .map(Report::job);
  }

  /** An open reject is not tried again until its values change. */
  boolean dismiss(String job, String id) {
    return journal.openRejects().dismiss(job, id);
  }
}
