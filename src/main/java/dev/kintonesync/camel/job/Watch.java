package dev.kintonesync.camel.job;

import dev.kintonesync.camel.run.RunContext;
import dev.kintonesync.camel.source.Topics;
import dev.kintonesync.journal.JobStatusRow;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The jobs that run by themselves in this program, as one who looks from outside sees them. */
public final class Watch {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private final Clock clock;
  private final Supplier<Collection<RunContext>> active;
  private final Topics topics;
  private final Map<String, Watched> jobs = new ConcurrentHashMap<>();

  /**
   * A job that runs by itself.
   *
   * @param attempts when it may be tried again after a run in vain
   * @param times when it runs; null: when files come
   */
  private record Watched(Job job, SourceBackoff attempts, @Nullable Timetable times) {}

  public Watch(Clock clock, Supplier<Collection<RunContext>> active, Topics topics) {
    this.topics = topics;
    this.clock = clock;
    this.active = active;
  }

  void add(Job job, SourceBackoff attempts, @Nullable Timetable times) {
    jobs.put(job.name(), new Watched(job, attempts, times));
  }

  void remove(String job) {
    jobs.remove(job);
  }

  /** The jobs that only a person can let go on, and those that could not begin. */
  List<Job> refused() {
    return jobs.values().stream()
        .filter(watched -> watched.attempts().isRefused())
        .map(Watched::job)
        .toList();
  }

  /** Whether only a person can let a job go on. */
  boolean needsPerson(Job job) {
    var watched = jobs.get(job.name());
    return watched != null && watched.attempts().needsPerson();
  }

  /** The revision of the form that the last run of a refused job found; null when unknown. */
  @Nullable Long formRevision(Job job) {
    var watched = jobs.get(job.name());
    return watched == null ? null : watched.attempts().formRevision();
  }

  public List<JobStatusRow> statusRows() {
    return jobs.values().stream().map(this::statusRow).toList();
  }

  private JobStatusRow statusRow(Watched watched) {
    return rowOf(watched).with(topics.backlog(watched.job().name()));
  }

  private JobStatusRow rowOf(Watched watched) {
    String job = watched.job().name();
    Instant next = next(watched);
    return active.get().stream()
        .filter(run -> run.job().name().equals(job))
        .findAny()
        .map(
            run ->
                new JobStatusRow(
                    job, next, null, run.name(), hundredths(run.progress()), run.waitingFor()))
        .orElseGet(() -> JobStatusRow.waiting(job, next, why(watched)));
  }

  private static double hundredths(double share) {
    return Math.floor(share * 100) / 100;
  }

  private @Nullable Instant next(Watched watched) {
    var times = watched.times();
    if (times != null) {
      return times.next();
    }
    return isPaused(watched) ? watched.attempts().opens() : null;
  }

  private boolean isPaused(Watched watched) {
    return !watched.attempts().needsPerson()
        && !watched.attempts().isOpen()
        && !watched.attempts().isKintoneAway();
  }

  private @Nullable UserMessage why(Watched watched) {
    if (watched.attempts().isKintoneAway()) {
      return MessageCode.WAITS_FOR_KINTONE.with(watched.job().connection().baseUrl());
    }
    var reason = watched.attempts().reason();
    if (watched.attempts().needsPerson() && reason != null) {
      return watched.job().needsYou(reason);
    }
    String trouble = topics.trouble(watched.job().name());
    if (trouble != null) {
      return MessageCode.TOPIC_TROUBLE.with(trouble);
    }
    if (!isPaused(watched)) {
      return watched.job().options().writes()
          ? null
          : watched.job().awaitsApproval()
              ? MessageCode.NEEDS_APPROVAL.with(watched.job().name())
              : MessageCode.NEEDS_WRITE.with(watched.job().name());
    }
    var opens = watched.attempts().opens().atZone(ZoneId.systemDefault());
    return reason == null
        ? MessageCode.WAITS_UNTIL.with(TIME.format(opens))
        : MessageCode.WAITS_AFTER_FAILURE.with(TIME.format(opens), reason);
  }

  public boolean runNow(String job) {
    var watched = jobs.get(job);
    if (watched == null) {
      return false;
    }
    watched.attempts().succeeded();
    var times = watched.times();
    if (times != null) {
      times.again(clock.instant());
    }
    return true;
  }
}
