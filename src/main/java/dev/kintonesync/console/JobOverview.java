package dev.kintonesync.console;

import dev.kintonesync.console.JobStatus.State;
import dev.kintonesync.journal.JobStatusRow;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.file.WaitingFiles;
import dev.kintonesync.sync.Reconciliation;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How all jobs stand, from the properties and the journal alone: the same beside a running program
 * as within it. Safe for several threads.
 */
public final class JobOverview {
  private static final int RUNS_LOOKED_AT = 200;

  /** What a job waits for that only a person can do. */
  private static final Set<MessageCode> NEEDS_YOU =
      EnumSet.of(
          MessageCode.NEEDS_YOU,
          MessageCode.NEEDS_YOU_GUARD,
          MessageCode.APPROVAL_WAITS,
          MessageCode.NEEDS_RELOAD,
          MessageCode.NEEDS_START);

  /** What is to be known of a job that is well. */
  private static final Set<MessageCode> NOTES =
      EnumSet.of(MessageCode.NEEDS_WRITE, MessageCode.NEEDS_APPROVAL);

  private final Supplier<List<Configured>> configured;
  private final long budget;
  private final Journal journal;
  private final RunFiles files;
  private final Clock clock;

  /** What is known of the runs of a job up to its newest, so that they are read once. */
  private final Map<String, Past> pasts = new ConcurrentHashMap<>();

  /**
   * A job as the properties have it.
   *
   * @param name its name
   * @param job null when it cannot run
   * @param refusal why it cannot run; null when it can
   */
  public record Configured(String name, @Nullable Job job, @Nullable UserMessage refusal) {}

  /**
   * The earlier runs of a job.
   *
   * @param newest the newest that has ended
   * @param good when the newest ended that came to the end of its source; null: none did
   * @param first when the oldest of those looked at began
   */
  private record Past(String newest, @Nullable Instant good, Instant first) {}

  /**
   * The jobs of a configuration.
   *
   * @param configured the jobs, asked for anew each time
   * @param budget calls that may be made to one app in a day; 0: any number
   * @param runs the folder of all runs, where plans wait
   */
  public JobOverview(
      Supplier<List<Configured>> configured, long budget, Journal journal, Path runs, Clock clock) {
    this.configured = configured;
    this.budget = budget;
    this.journal = journal;
    this.files = new RunFiles(runs);
    this.clock = clock;
  }

  /** A job as the properties have it; null when there is none of that name, or it cannot run. */
  public @Nullable Job job(String name) {
    return configured.get().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .map(Configured::job)
        .orElse(null);
  }

  /** Every job of the properties, in their order. */
  public List<JobStatus> jobs() {
    var statusRows = journal.statusRows().all();
    var newest = journal.newest();
    var rejects = journal.openRejects().counts();
    var withoutKey = journal.openRejects().countsWithoutKey();
    var reconciled = journal.reconciliations().all();
    var statuses = new ArrayList<JobStatus>();
    for (var one : configured.get()) {
      statuses.add(
          status(
              one,
              statusRows.get(one.name()),
              newest.get(one.name()),
              rejects.getOrDefault(one.name(), 0),
              withoutKey.getOrDefault(one.name(), 0),
              reconciled.get(one.name())));
    }
    return statuses;
  }

  private JobStatus status(
      Configured one,
      @Nullable JobStatusRow statusRow,
      @Nullable Report last,
      int rejects,
      int withoutKey,
      @Nullable Reconciliation reconciled) {
    var job = one.job();
    var past = past(one.name(), last);
    UserMessage why = one.refusal();
    Integer files = null;
    Source.Folder watched = job == null ? null : job.source().watched();
    if (watched != null) {
      try {
        files = WaitingFiles.in(watched.folder(), watched.doneFile()).size();
      } catch (UserErrorException e) {
        // before the first start it is not there yet
        why = statusRow == null ? why : e.reason();
      }
    }
    if (why == null && statusRow != null) {
      UserMessage blocked =
          job != null && runsOnRequest(job, statusRow) ? blocked(job, last) : null;
      why = blocked == null ? statusRow.why() : blocked;
      String plan = isOf(why, MessageCode.NEEDS_APPROVAL) ? waitingPlan(one.name()) : null;
      why = plan == null ? why : MessageCode.APPROVAL_WAITS.with(one.name(), plan);
    } else if (why == null && job != null) {
      why = MessageCode.STATUS_NO_PROGRAM.with();
    }
    boolean running = isRunning(statusRow, last);
    return new JobStatus(
        one.name(),
        job,
        state(one, statusRow, running, why),
        running ? null : why,
        statusRow,
        last,
        past == null ? null : past.good(),
        !running && isLate(job, past, files),
        files,
        isKnown(job, rejects) ? rejects : null,
        withoutKey,
        job == null ? 0 : calls(job),
        budget,
        reconciled);
  }

  /** Rejected rows are kept of files and of sources that read on; any other is read again. */
  private static boolean isKnown(@Nullable Job job, int rejects) {
    return rejects > 0
        || (job != null && (job.source().hasCheckpoint() || job.source().watched() != null));
  }

  private boolean isRunning(@Nullable JobStatusRow statusRow, @Nullable Report last) {
    return (statusRow != null && statusRow.run() != null)
        || (last != null && last.state() == RunState.RUNNING && journal.isUnderWay(last.run()));
  }

  private static State state(
      Configured one,
      @Nullable JobStatusRow statusRow,
      boolean running,
      @Nullable UserMessage why) {
    if (running) {
      return State.RUNNING;
    }
    if (one.refusal() != null) {
      return State.REFUSED;
    }
    boolean needsYou = why != null && NEEDS_YOU.contains(why.text());
    if (statusRow == null || (runsOnRequest(one.job(), statusRow) && !needsYou)) {
      return State.IDLE;
    }
    if (why == null || NOTES.contains(why.text())) {
      return State.READY;
    }
    if (isOf(why, MessageCode.JOB_BEGINS)) {
      return State.STARTING;
    }
    return needsYou ? State.NEEDS_YOU : State.WAITING;
  }

  private static boolean isOf(@Nullable UserMessage message, MessageCode code) {
    return message != null && message.text() == code;
  }

  /**
   * The run of a job with approval whose plan waits for a person; null when none does. A plan is
   * over when it was applied, a later run has read its source, or its file is gone. Those that
   * people only wanted to see wait for nobody.
   */
  private @Nullable String waitingPlan(String job) {
    var onlyToLook = journal.keptPlans().of(job);
    var sources = new HashSet<String>();
    return journal.runs(job, RUNS_LOOKED_AT).stream()
        .filter(run -> !onlyToLook.contains(run.run()))
        .filter(run -> run.written() || files.plan(run.run()).isPresent())
        .filter(run -> sources.add(run.source()))
        .filter(run -> !run.written() && isStillThere(run))
        .map(Report::run)
        .filter(run -> journal.appliedPlans().runOf(run).isEmpty())
        .findFirst()
        .orElse(null);
  }

  private static boolean isStillThere(Report run) {
    return !run.ofFile() || Files.exists(Path.of(run.source()));
  }

  /** Whether a program has a job that it does not run by itself. */
  static boolean runsOnRequest(@Nullable Job job, @Nullable JobStatusRow statusRow) {
    return statusRow != null && job != null && !job.runsByItself();
  }

  /**
   * What only a person can let pass: of a job that runs by itself, the program that runs it says
   * so; of any other, its newest run.
   */
  private @Nullable UserMessage blocked(Job job, @Nullable Report last) {
    if (last == null || (last.state() != RunState.REFUSED && last.state() != RunState.STOPPED)) {
      return null;
    }
    var kept = journal.runMessages().of(last.run());
    UserMessage reason = kept.isEmpty() ? null : kept.get(0);
    return reason == null || !last.state().needsPerson(reason) ? null : job.needsYou(reason);
  }

  private long calls(Job job) {
    return journal.calls(String.valueOf(job.connection().baseUrl()), job.app(), clock.instant());
  }

  private @Nullable Past past(String job, @Nullable Report last) {
    if (last == null) {
      return null;
    }
    String key = last.run() + last.state();
    var known = pasts.get(job);
    if (known != null && known.newest().equals(key)) {
      return known;
    }
    Instant good = null;
    Instant first = last.startedAt();
    for (Report run : journal.writingRuns(job, RUNS_LOOKED_AT)) {
      first = run.startedAt();
      if (isGood(run)) {
        good = run.finishedAt();
        break;
      }
    }
    var past = new Past(key, good, first);
    pasts.put(job, past);
    return past;
  }

  /** Whether a run came to the end of its source. */
  public static boolean isGood(Report run) {
    return run.written()
        && (run.state() == RunState.COMPLETED || run.state() == RunState.COMPLETED_WITH_REJECTS);
  }

  /** A folder in which nothing waits is never late. */
  private boolean isLate(@Nullable Job job, @Nullable Past past, @Nullable Integer files) {
    var schedule = job == null ? null : job.schedule();
    if (schedule == null || past == null || (files != null && files == 0)) {
      return false;
    }
    Instant since = past.good() == null ? past.first() : past.good();
    Instant next = schedule.after(since);
    // a job that follows another one, or whose times are over, has no next time
    return !next.equals(Instant.MAX) && clock.instant().isAfter(schedule.after(next));
  }
}
