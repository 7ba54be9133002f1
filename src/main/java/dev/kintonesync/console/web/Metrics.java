package dev.kintonesync.console.web;

import dev.kintonesync.console.JobOverview;
import dev.kintonesync.console.JobStatus;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.Reconciliation;
import dev.kintonesync.sync.Removed;
import dev.kintonesync.sync.Report;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Figures for Prometheus. What runs did is counted since the program started; how jobs stand is
 * looked up when it is asked for.
 */
final class Metrics {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<String, MultiGauge> gauges = new HashMap<>();
  private final JobOverview overview;
  private final Clock clock;

  Metrics(JobOverview overview, Clock clock) {
    this.overview = overview;
    this.clock = clock;
  }

  /** A run has ended. */
  void ran(Report report) {
    String job = report.job();
    String state = report.dry() ? "dry-run" : report.state().word();
    registry.counter("kintone.sync.runs", "job", job, "state", state).increment();
    var counts = report.dry() ? Counts.NONE : report.counts();
    var removals = report.dry() ? Removed.NONE : report.removals();
    count(job, "inserted", counts.inserted());
    count(job, "updated", counts.updated());
    count(job, "unchanged", counts.unchanged());
    count(job, "superseded", counts.superseded());
    count(job, "rejected", counts.rejected());
    count(job, "unprocessed", counts.unprocessed());
    count(job, "deleted", removals.deleted());
    count(job, "flagged", removals.flagged());
    registry
        .counter("kintone.sync.retries", "job", job)
        .increment((double) report.requests().retries());
    registry
        .counter("kintone.sync.calls", "job", job)
        .increment((double) report.requests().counted());
    var finishedAt = report.finishedAt();
    if (finishedAt != null) {
      registry
          .timer("kintone.sync.run", "job", job)
          .record(Duration.between(report.startedAt(), finishedAt));
    }
  }

  private void count(String job, String outcome, long records) {
    registry
        .counter("kintone.sync.records", "job", job, "outcome", outcome)
        .increment((double) records);
  }

  /** All figures as Prometheus reads them. */
  synchronized String scrape() {
    var jobs = overview.jobs();
    gauge("kintone.sync.running", jobs, job -> job.state() == JobStatus.State.RUNNING ? 1 : 0);
    gauge("kintone.sync.records.in.flight", jobs, Metrics::inFlight);
    gauge("kintone.sync.needs.you", jobs, job -> needsYou(job) ? 1 : 0);
    gauge("kintone.sync.late", jobs, job -> job.late() ? 1 : 0);
    gauge("kintone.sync.last.good.run.age.seconds", jobs, this::age);
    gauge("kintone.sync.waiting.files", jobs, JobStatus::waitingFiles);
    gauge("kintone.sync.topic.lag", jobs, Metrics::lag);
    gauge("kintone.sync.topic.oldest.age.seconds", jobs, this::ageOfOldest);
    gauge("kintone.sync.open.rejects", jobs, JobStatus::openRejects);
    gauge("kintone.sync.calls.today", jobs, JobStatus::calls);
    gauge("kintone.sync.calls.budget", jobs, JobStatus::budget);
    comparisons(jobs);
    return registry.scrape();
  }

  /** What the last comparisons of sources with their apps found. */
  private void comparisons(List<JobStatus> jobs) {
    comparison(jobs, "equal", Reconciliation::equal);
    comparison(jobs, "different", Reconciliation::different);
    comparison(jobs, "missing", Reconciliation::missing);
    comparison(jobs, "extra", Reconciliation::extra);
    comparison(jobs, "not.comparable", Reconciliation::notComparable);
    comparison(
        jobs, "age.seconds", found -> Duration.between(found.at(), clock.instant()).toSeconds());
  }

  private void comparison(
      List<JobStatus> jobs, String figure, Function<Reconciliation, Number> value) {
    gauge(
        "kintone.sync.reconcile." + figure,
        jobs,
        job -> {
          var found = job.reconciled();
          return found == null ? null : value.apply(found);
        });
  }

  private void gauge(
      String name, List<JobStatus> jobs, Function<JobStatus, @Nullable Number> figure) {
    var rows = new ArrayList<Row<?>>();
    for (var job : jobs) {
      Number value = figure.apply(job);
      if (value != null) {
        rows.add(Row.of(Tags.of("job", job.name()), value));
      }
    }
    // only the gauge that made the rows before can put others in their place
    gauges
        .computeIfAbsent(name, added -> MultiGauge.builder(added).register(registry))
        .register(rows, true);
  }

  private static boolean needsYou(JobStatus job) {
    return job.state() == JobStatus.State.NEEDS_YOU || job.state() == JobStatus.State.REFUSED;
  }

  /** Rows handed out whose outcome is not known yet. */
  private static Number inFlight(JobStatus job) {
    var last = job.last();
    return job.state() == JobStatus.State.RUNNING && last != null ? last.counts().unprocessed() : 0;
  }

  private static @Nullable Number lag(JobStatus job) {
    var backlog = job.backlog();
    return backlog == null ? null : backlog.messages();
  }

  private @Nullable Number ageOfOldest(JobStatus job) {
    var backlog = job.backlog();
    return backlog == null ? null : backlog.age(clock.instant()).toSeconds();
  }

  private @Nullable Number age(JobStatus job) {
    var good = job.lastGood();
    return good == null ? null : Duration.between(good, clock.instant()).toSeconds();
  }
}
