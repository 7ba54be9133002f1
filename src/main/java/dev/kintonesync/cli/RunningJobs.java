package dev.kintonesync.cli;

import dev.kintonesync.console.JobOverview;
import dev.kintonesync.journal.LeasedException;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Schedule;
import dev.kintonesync.sync.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs of {@code run}. One that another process has begins when that lets it go. One that
 * cannot begin, because of its properties or for another reason, keeps no other job from running:
 * it is told of once, and begins when somebody has mended its properties, or after ten minutes.
 */
final class RunningJobs {
  private static final Logger log = LoggerFactory.getLogger(RunningJobs.class);

  private static final Duration TRIED_AGAIN = Duration.ofMinutes(10);

  private static final DateTimeFormatter NEXT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private final Main command;
  private final Program program;
  private final Terminal terminal;
  private final List<String> names;

  private final Map<String, Job> begun = new HashMap<>();

  // the page asks for these while a job takes its time to begin
  private final Map<String, Job> complete = new ConcurrentHashMap<>();
  private final Map<String, UserMessage> refused = new ConcurrentHashMap<>();
  private final Map<String, Report> unbegun = new HashMap<>();
  private final Set<String> held = new HashSet<>();
  private final Set<String> onRequest = new HashSet<>();
  private Set<String> changesTold = Set.of();
  private final StatusPublisher publisher;
  private volatile Configuration configuration;
  private List<FileTime> seen;
  private Instant again = Instant.MAX;

  /**
   * A service of some jobs.
   *
   * @param configuration what they are like
   * @param names which of them; none: those that the file gets while the service runs
   */
  RunningJobs(Main command, Program program, Configuration configuration, List<String> names) {
    this.command = command;
    this.program = program;
    this.terminal = command.terminal();
    this.configuration = configuration;
    this.names = names;
    this.publisher = program.publisher();
    this.seen = times(configuration.files());
  }

  /**
   * Begins the jobs.
   *
   * @throws UserErrorException when none of them can begin: why the first one cannot
   */
  synchronized void begin() {
    named().forEach(name -> publisher.waits(name, MessageCode.JOB_BEGINS.with()));
    var reasons = new LinkedHashMap<String, UserMessage>();
    beginAll(reasons::put);
    if (!reasons.isEmpty() && begun.isEmpty() && held.isEmpty() && onRequest.isEmpty()) {
      reasons.forEach(this::writeDown);
      throw new UserErrorException(reasons.values().iterator().next());
    }
    reasons.forEach(this::refuse);
  }

  /** The jobs as they are now, those that cannot begin with the reason. Never waits. */
  List<JobOverview.Configured> jobs() {
    return named().stream().map(this::asItIs).toList();
  }

  private JobOverview.Configured asItIs(String name) {
    var refusal = refused.get(name);
    return new JobOverview.Configured(name, refusal == null ? complete.get(name) : null, refusal);
  }

  /** A job as it began. */
  Job job(String name) {
    return Objects.requireNonNull(complete.get(name), name);
  }

  /** The properties as they were last read. */
  Configuration configuration() {
    return configuration;
  }

  /** Begins what could not begin before and can now; to be called every few seconds. */
  synchronized void goOn() {
    var now = times(configuration.files());
    if (!now.equals(seen)) {
      if (readAgain()) {
        seen = now;
      }
    } else if (!held.isEmpty() || !Instant.now().isBefore(again)) {
      beginAll(this::refuse);
    }
  }

  /** Whether it could be done now: a job that is being tried once more is not taken away. */
  private boolean readAgain() {
    try {
      configuration = Program.read(command);
    } catch (UserErrorException e) {
      terminal.log(e.reason());
      return true;
    }
    boolean done = true;
    for (Job job : List.copyOf(begun.values())) {
      if (program.application().jobs().isRefused(job.name()) && !job.equals(asItIsNow(job))) {
        if (program.application().jobs().end(job.name())) {
          begun.remove(job.name());
        } else {
          done = false;
        }
      }
    }
    beginAll(this::refuse);
    tellOfChanges();
    return done;
  }

  /**
   * A job that runs well is not ended because somebody edits its properties: what was saved may be
   * half of a change, and a run of it would write by that half.
   */
  private void tellOfChanges() {
    var changed = new TreeSet<String>();
    for (Job job : begun.values()) {
      Job now = asItIsNow(job);
      if (now != null && !now.equals(job)) {
        changed.add(job.name());
      }
    }
    if (!changed.isEmpty() && !changed.equals(changesTold)) {
      terminal.log(MessageCode.PROPERTIES_CHANGED.with(String.join(", ", changed)));
    }
    changesTold = changed;
  }

  private @Nullable Job asItIsNow(Job job) {
    try {
      return configuration.job(job.name());
    } catch (UserErrorException e) {
      return null; // that is told when it cannot begin
    }
  }

  private void beginAll(BiConsumer<String, UserMessage> refusing) {
    again = Instant.MAX;
    for (Job job : configuration.jobs(named(), refusing)) {
      if (!begun.containsKey(job.name())) {
        complete.put(job.name(), job);
        try {
          begin(job);
        } catch (UserErrorException e) {
          refusing.accept(job.name(), e.reason());
        } catch (RuntimeException e) {
          // a defect in one job is no reason to end the others
          log.error("job {} cannot begin", job.name(), e);
          refusing.accept(job.name(), MessageCode.RUN_FAILED.with(String.valueOf(e)));
        }
      }
    }
  }

  /** The jobs to run that are still in the file. */
  private List<String> named() {
    var named = new ArrayList<>(names.isEmpty() ? configuration.jobNames() : names);
    named.retainAll(configuration.jobNames());
    return named;
  }

  private void begin(Job job) {
    try {
      if (job.schedule() == null && job.source().folder() == null) {
        if (onRequest.add(job.name())) {
          var why = MessageCode.JOB_WITHOUT_SCHEDULE.with(job.name());
          terminal.log(why);
          publisher.waits(job.name(), why);
        }
        return;
      }
      Instant first = program.application().jobs().begin(job);
      begun.put(job.name(), job);
      refused.remove(job.name());
      held.remove(job.name());
      publisher.runs(job.name());
      terminal.log(begins(job, first));
      if (!job.options().writes()) {
        terminal.log(MessageCode.WRITES_NOTHING.with(job.name()));
      }
    } catch (LeasedException e) {
      var why = MessageCode.HELD_WAITS.with(job.name(), e.held());
      publisher.waits(job.name(), why);
      if (held.add(job.name())) {
        terminal.log(why);
      }
    }
  }

  private void refuse(String job, UserMessage reason) {
    if (begun.containsKey(job)) {
      return; // it goes on as it began
    }
    again = Instant.now().plus(TRIED_AGAIN);
    publisher.waits(job, reason);
    if (!reason.equals(refused.put(job, reason))) {
      terminal.log(MessageCode.JOB_CANNOT_BEGIN.with(job, reason));
      unbegun.remove(job);
    }
    writeDown(job, reason);
  }

  /** The first time in a run of its own; people are told once a day that it still is so. */
  private void writeDown(String job, UserMessage reason) {
    try {
      publisher.couldNotBegin(
          unbegun.computeIfAbsent(job, name -> program.application().refused(name, reason)),
          reason);
    } catch (UserErrorException e) {
      log.warn("that {} cannot run is not written down: {}", job, e.getMessage());
    }
  }

  private static UserMessage begins(Job job, @Nullable Instant first) {
    String source = job.source().name();
    var schedule = job.schedule();
    if (schedule != null && schedule.timing() instanceof Schedule.Following following) {
      return MessageCode.JOB_FOLLOWS.with(job.name(), source, following.job());
    }
    return schedule == null || first == null
        ? MessageCode.JOB_WATCHES.with(job.name(), source)
        : MessageCode.JOB_POLLS.with(
            job.name(),
            source,
            schedule.timing().written(),
            NEXT.format(first.atZone(schedule.zone())));
  }

  /** When files were last written; the beginning of time for those that are not there. */
  private static List<FileTime> times(List<Path> files) {
    return files.stream().map(RunningJobs::time).toList();
  }

  private static FileTime time(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }
}
