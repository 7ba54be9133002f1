package dev.kintonesync.console.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.console.JobOverview;
import dev.kintonesync.console.JobStatus;
import dev.kintonesync.console.RunFiles;
import dev.kintonesync.console.StatusJson;
import dev.kintonesync.journal.AppNames;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.KeyHistory;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.settings.Job;
import dev.kintonesync.sync.Guard;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunFold;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the page asks for, as JSON. */
final class PageViews {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int RUNS = 60;

  /** Runs that changed nothing are folded, so more of them are read than are shown. */
  private static final int LOOKED_AT = 300;

  private final JobOverview overview;
  private final Journal journal;
  private final RunFiles files;
  private final RunViews runViews;
  private final PlanViews plans;
  private final DeskViews desk;
  private final @Nullable URI simulator;

  /**
   * The views over a journal.
   *
   * @param runs the folder of all run folders
   * @param simulator where the simulator shows its records; null: there is none
   */
  PageViews(JobOverview overview, Journal journal, Path runs, @Nullable URI simulator) {
    this.overview = overview;
    this.journal = journal;
    this.files = new RunFiles(runs);
    this.runViews = new RunViews(journal, files, new KeyHistory(journal, runs));
    this.plans = new PlanViews(journal, files);
    this.desk = new DeskViews(journal);
    this.simulator = simulator;
  }

  /**
   * Which runs of a list are wanted.
   *
   * @param job its name; empty: of all jobs
   * @param state as reports have it; empty: any
   * @param from how many lines are passed over
   */
  record Choice(String job, String state, int from) {}

  /**
   * All jobs and the newest runs.
   *
   * @param role of the person who looks
   */
  ObjectNode overview(Choice choice, Role role, MessageBundle bundle) {
    var node = JSON.createObjectNode();
    node.put("acts", role.includes(Role.WORK));
    node.put("simulator", simulator == null ? null : simulator.toString());
    var statuses = overview.jobs();
    node.set("jobs", jobs(statuses, bundle));
    putRuns(node, choice, statuses, bundle);
    return node;
  }

  /**
   * One job with its newest runs and its open rejects.
   *
   * @param rejectsFrom how many open rejects are passed over
   */
  Optional<ObjectNode> job(Choice choice, long rejectsFrom, Role role, MessageBundle bundle) {
    String name = choice.job();
    var status = overview.jobs().stream().filter(job -> job.name().equals(name)).toList();
    if (status.isEmpty() && journal.runs(name, 1).isEmpty()) {
      return Optional.empty();
    }
    var node = JSON.createObjectNode();
    node.put("name", name);
    node.put("acts", role.includes(Role.WORK));
    putApp(node, status.isEmpty() ? null : status.get(0).job(), null, journal.appNames().all());
    node.set("job", status.isEmpty() ? JSON.nullNode() : jobs(status, bundle).get(0));
    node.set("plans", plans.of(name));
    putRuns(node, choice, status, bundle);
    var job = status.isEmpty() ? null : status.get(0).job();
    node.set("desk", job == null ? null : desk.desk(job, role, bundle));
    node.set("rejects", desk.rejects(name, job, rejectsFrom, bundle));
    return Optional.of(node);
  }

  private ArrayNode jobs(List<JobStatus> statuses, MessageBundle bundle) {
    ArrayNode jobs = StatusJson.of(statuses, bundle);
    var names = journal.appNames().all();
    for (int i = 0; i < jobs.size(); i++) {
      var status = statuses.get(i);
      var job = (ObjectNode) jobs.get(i);
      putApp(job, status.job(), null, names);
      job.put("lastReason", lastReason(status, bundle));
    }
    return jobs;
  }

  /** Why its newest run ended early; null: it did not, or the job itself says so. */
  private @Nullable String lastReason(JobStatus status, MessageBundle bundle) {
    var last = status.last();
    if (last == null || last.reason() == null || status.why() != null) {
      return null;
    }
    return runViews.said(last, bundle).stream().findFirst().orElse(null);
  }

  private void putRuns(
      ObjectNode node, Choice choice, List<JobStatus> statuses, MessageBundle bundle) {
    int wanted = choice.from() + RUNS + 1; // one more, to know whether there are
    var reports = journal.runs(choice.job(), choice.state(), LOOKED_AT + wanted);
    var folds = RunFold.of(reports, wanted);
    var runs = node.putArray("runs");
    var names = journal.appNames().all();
    var given = journal.receivedFiles().names();
    folds.stream()
        .skip(choice.from())
        .limit(RUNS)
        .forEach(
            fold -> {
              ObjectNode run = runs.addObject();
              run.setAll(tree(fold.newest(), given, bundle));
              run.put("times", fold.times());
              run.put("since", fold.since().toString());
              putApp(run, jobOf(fold.newest(), statuses), fold.newest().app(), names);
            });
    node.put("moreRuns", folds.size() == wanted);
  }

  /**
   * The report with who started the run in words.
   *
   * @param given what people call the files that they gave to jobs on the page
   */
  private static ObjectNode tree(Report report, Map<String, String> given, MessageBundle bundle) {
    var starter = report.startedBy();
    return StatusJson.tree(report)
        .put("sourceName", sourceName(report, given, bundle))
        .put("startedBy", starter == null ? null : bundle.say(starter.inWords()));
  }

  private static @Nullable String sourceName(
      Report report, Map<String, String> given, MessageBundle bundle) {
    return report.source().equals(Report.STANDARD_INPUT)
        ? report.sourceIn(bundle)
        : given.get(report.source());
  }

  /** The plans that people have asked for. */
  PlanViews plans() {
    return plans;
  }

  /** One run with what was said of it, and the beginnings of its rejects and changes. */
  Optional<ObjectNode> run(String name, Role role, MessageBundle bundle) {
    return journal.run(name).map(report -> run(report, role, bundle));
  }

  private ObjectNode run(Report report, Role role, MessageBundle bundle) {
    var job = jobOf(report, overview.jobs());
    var node = JSON.createObjectNode();
    node.put("acts", role.includes(Role.WORK));
    node.set("run", tree(report, journal.receivedFiles().names(), bundle));
    putApp(node, job, report.app(), journal.appNames().all());
    node.put("underWay", journal.isUnderWay(report.run()));
    var statusRow = journal.statusRows().all().get(report.job());
    boolean ours = statusRow != null && report.run().equals(statusRow.run());
    node.put("progress", ours && statusRow != null ? statusRow.progress() : null);
    node.put("slowBecause", ours && statusRow != null ? statusRow.slowBecause() : null);
    var words = node.putArray("words");
    runViews.said(report, bundle).forEach(words::add);
    var rejected = runViews.rejects(report, RunFiles.Part.first(RunViews.PAGE), bundle);
    node.set("rejects", rejected.get("rows"));
    node.set("moreRejects", rejected.get("more"));
    node.put("plan", plan(report.run()).isPresent());
    node.put("rejectsFile", files.rejects(report.run()).isPresent());
    node.set("changed", runViews.changes(report, job, RunFiles.Part.first(RunViews.PAGE)));
    return node;
  }

  /** A part of what a run changed. */
  Optional<ObjectNode> changes(String run, RunFiles.Part part) {
    return journal
        .run(run)
        .map(report -> runViews.changes(report, jobOf(report, overview.jobs()), part));
  }

  /** A part of the rows that a run rejected. */
  Optional<ObjectNode> rejected(String run, RunFiles.Part part, MessageBundle bundle) {
    return journal.run(run).map(report -> runViews.rejects(report, part, bundle));
  }

  /** What all kept runs of a job did to the record of a key. */
  ObjectNode history(String name, String key, long from) {
    var job =
        overview.jobs().stream()
            .filter(status -> status.name().equals(name))
            .map(JobStatus::job)
            .filter(Objects::nonNull)
            .findAny();
    return runViews
        .history(name, job.orElse(null), key, from)
        .put("appUrl", appUrl(job.orElse(null)));
  }

  /** What a clerk sees of a job. */
  DeskViews desk() {
    return desk;
  }

  private static @Nullable Job jobOf(Report report, List<JobStatus> statuses) {
    for (var status : statuses) {
      if (status.name().equals(report.job())) {
        return status.job();
      }
    }
    return null;
  }

  /**
   * Where people see the records of a job's app, and what it is called.
   *
   * @param app the only app that is meant; null: the job's. Of another one, which the job had
   *     earlier, neither is known
   */
  private static void putApp(
      ObjectNode node, @Nullable Job job, @Nullable String app, AppNames.Known names) {
    if (job != null && (app == null || app.equals(job.app()))) {
      node.put("appUrl", appUrl(job));
      node.put("appName", names.of(String.valueOf(job.connection().baseUrl()), job.app()));
    } else {
      node.putNull("appUrl").putNull("appName");
    }
  }

  /** Where people see the records of a job's app; null: there is no such job any more. */
  private static @Nullable String appUrl(@Nullable Job job) {
    if (job == null) {
      return null;
    }
    String space = job.connection().guestSpace();
    String address = job.connection().baseUrl().toString().replaceFirst("/$", "");
    return address + "/k/" + (space == null ? "" : "guest/" + space + "/") + job.app() + "/";
  }

  /** The rejects file of a run, to download. */
  Optional<Path> rejects(String run) {
    return journal.run(run).flatMap(report -> files.rejects(report.run()));
  }

  /**
   * The open rejects of a job as CSV, but records of which only the first row is kept; nothing when
   * there are none.
   */
  Optional<byte[]> openRejects(String job, MessageBundle bundle) {
    String groupBy =
        overview.jobs().stream()
            .filter(status -> status.name().equals(job))
            .map(JobStatus::job)
            .filter(Objects::nonNull)
            .map(each -> each.reading().groupBy())
            .filter(Objects::nonNull)
            .findAny()
            .orElse(null);
    var open =
        journal.openRejects().of(job).stream().filter(each -> !each.isPart(groupBy)).toList();
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

  /** The plan of a run that nobody has applied yet; empty when there is none. */
  Optional<Path> plan(String run) {
    return journal
        .run(run)
        .filter(report -> journal.appliedPlans().runOf(report.run()).isEmpty())
        .flatMap(report -> files.plan(report.run()));
  }

  /** The job of a run. */
  Optional<String> jobOf(String run) {
    return journal.run(run).map(Report::job);
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

  /** So are all of a job, if there are as many as the person has seen. */
  boolean dismissAll(String job, int count) {
    return journal.openRejects().dismissAll(job, count);
  }
}
