package dev.kintonesync.cli;

import dev.kintonesync.console.JobOverview;
import dev.kintonesync.journal.LeasedException;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.RepeatedFailure;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.ConfigChanges;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.NotificationSettings;
import dev.kintonesync.settings.PropertiesText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs of {@code run}. One that another process has begins when that lets it go. One that
 * cannot begin is told of once, holds up no other, and begins once mended or after ten minutes.
 */
final class RunningJobs {
  private static final Logger log = LoggerFactory.getLogger(RunningJobs.class);
  private final Main command;
  private final Program program;
  private final Terminal terminal;
  private final List<String> names;
  private final boolean takesNew;
  private final Map<String, Job> begun = new HashMap<>();
  // the page asks for these while a job takes its time to begin
  private final Map<String, Job> complete = new ConcurrentHashMap<>();
  private final Set<String> held = new HashSet<>();
  private final Set<String> onRequest = new HashSet<>();
  private final AddedJobs added;
  private final RefusedJobs refused;
  private final PropertyChanges changes;
  private final StatusPublisher publisher;
  private final JobShare share;
  private final RepeatedFailure unshared =
      new RepeatedFailure(
          log, "the jobs stay as they are", "the journal answers again, and the jobs go on");
  private volatile Configuration configuration;
  private WrittenTimes seen;

  /**
   * A service of some jobs.
   *
   * @param configuration what they are like
   * @param names which of them; none: those that the file gets while the service runs
   * @param takesNew whether others may be taken later
   */
  RunningJobs(
      Main command,
      Program program,
      Configuration configuration,
      List<String> names,
      boolean takesNew) {
    this.command = command;
    this.program = program;
    this.terminal = command.terminal();
    this.configuration = configuration;
    this.names = new CopyOnWriteArrayList<>(names);
    this.takesNew = takesNew;
    this.publisher = program.publisher();
    this.added = new AddedJobs(publisher, terminal);
    this.refused = new RefusedJobs(program, terminal);
    this.share = new JobShare(program.journal());
    this.seen = WrittenTimes.of(configuration.files());
    this.changes = new PropertyChanges(configuration);
  }

  /**
   * Begins the jobs.
   *
   * @throws UserErrorException when none of them can begin: why the first one cannot
   */
  synchronized void begin() {
    program.journal().nodes().join();
    named().forEach(name -> publisher.waits(name, MessageCode.JOB_BEGINS.with()));
    var reasons = new LinkedHashMap<String, UserMessage>();
    beginAll(reasons::put);
    if (!reasons.isEmpty() && begun.isEmpty() && held.isEmpty() && onRequest.isEmpty()) {
      reasons.forEach(refused::writeDown);
      throw new UserErrorException(reasons.values().iterator().next());
    }
    reasons.forEach(this::refuse);
  }

  /** The jobs as they are now, those that cannot begin with the reason. Never waits. */
  List<JobOverview.Configured> jobs() {
    return Stream.concat(named().stream().map(this::asItIs), added.in(configuration)).toList();
  }

  private JobOverview.Configured asItIs(String name) {
    var refusal = refused.reason(name);
    return new JobOverview.Configured(name, refusal == null ? complete.get(name) : null, refusal);
  }

  /** A job as it began. */
  Job job(String name) {
    return Objects.requireNonNull(complete.get(name), name);
  }

  /** Who is told of a job, by the properties that it runs by. */
  NotificationSettings notifying(String name) {
    return changes.applied(name).notifying(name);
  }

  /** Whether this program answers for a job, which may be one that could not begin. */
  synchronized boolean has(String name) {
    return begun.containsKey(name)
        || refused.reason(name) != null
        || onRequest.contains(name)
        || added.has(name);
  }

  /** Somebody has made a job on the page: it is one of this service. Never waits. */
  void take(String name) {
    boolean fresh = takesNew && !names.isEmpty() && !names.contains(name);
    if (fresh && PropertiesText.ofJobs(command.home().path()).jobs().contains(name)) {
      added.take(name);
      names.add(name);
      refused.tryAtOnce(); // the file may have been read already
    }
  }

  /** Whether this program runs a job only when somebody asks. */
  synchronized boolean runsOnRequest(String name) {
    return onRequest.contains(name);
  }

  /** The properties as they were last read. */
  Configuration configuration() {
    return configuration;
  }

  /** Begins what could not begin before and can now; to be called every few seconds. */
  synchronized void goOn() {
    try {
      if (share.isShared()) {
        goOnAmongOthers();
      }
      unshared.passed();
    } catch (UserErrorException e) {
      unshared.happened(e); // the journal is away
      return;
    }
    var now = WrittenTimes.of(configuration.files());
    if (!now.equals(seen)) {
      if (readAgain()) {
        seen = now;
      }
    } else if (!held.isEmpty() || refused.isTime()) {
      beginAll(this::refuse);
    }
  }

  /** Gives up what is lost, and hands over what others have too little of; no run is ended. */
  private void goOnAmongOthers() {
    for (String name : List.copyOf(begun.keySet())) {
      if (program.application().jobs().isLost(name)
          && giveBack(name, MessageCode.LEASE_LOST.with(name))) {
        log.warn("the lease of {} was lost", name);
      }
    }
    share.look(ofAllServices());
    if (share.hasTooMany(begun.size())) {
      var now = Instant.now();
      for (String name : share.returnable(begun.keySet(), now)) {
        if (giveBack(name, MessageCode.HANDED_TO_ANOTHER.with(name))) {
          share.gaveBack(name, now);
          break;
        }
      }
    }
    program.application().jobs().followOthers();
  }

  private boolean giveBack(String name, UserMessage why) {
    if (!program.application().jobs().end(name)) {
      return false;
    }
    begun.remove(name);
    held.add(name);
    terminal.log(why);
    return true;
  }

  private int ofAllServices() {
    return (int)
        named().stream()
            .filter(name -> refused.reason(name) == null)
            .map(complete::get)
            .filter(job -> job != null && (job.schedule() != null || job.source().folder() != null))
            .count();
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
    var taken = new ArrayList<UserMessage>();
    for (Job job : List.copyOf(begun.values())) {
      var keys = changes.of(job, configuration);
      if (!keys.isEmpty() && isTakenByItself(job, keys)) {
        if (program.application().jobs().end(job.name())) {
          begun.remove(job.name());
          taken.add(MessageCode.RELOADED.with(job.name(), String.join(", ", keys)));
        } else {
          done = false;
        }
      }
    }
    beginAll(this::refuse);
    taken.forEach(terminal::log);
    tellOfChanges();
    return done;
  }

  /**
   * A job that runs well is not ended because somebody edits its properties: what was saved may be
   * half of a change, and a run of it would write by that half. A password or a token has no half
   * that could write anything.
   */
  private boolean isTakenByItself(Job job, List<String> keys) {
    return configuration.jobNames().contains(job.name())
        && (program.application().jobs().isRefused(job.name()) || ConfigChanges.areSecrets(keys));
  }

  private void tellOfChanges() {
    changes.news(List.copyOf(begun.values()), configuration).forEach(terminal::log);
    publisher.changed(changes.needed(List.copyOf(begun.values()), configuration));
    if (takesNew && !names.isEmpty()) {
      var fresh = new ArrayList<>(configuration.jobNames());
      fresh.removeAll(named());
      added.are(fresh);
    }
  }

  /**
   * Takes over what has changed of a job since it began.
   *
   * @return what came of it; empty: a run of it is under way, so that this has to be asked again
   * @throws UserErrorException when the job cannot run by what the properties say now
   */
  synchronized Optional<UserMessage> reload(String name) {
    configuration = Program.read(command);
    boolean fresh = added.take(name);
    if (fresh) {
      names.add(name);
    }
    var before = begun.get(name);
    boolean removed = !configuration.jobNames().contains(name);
    if (before == null && !removed) {
      beginAll(this::refuse);
    } else if (removed) {
      if (before != null && !program.application().jobs().end(name)) {
        return Optional.empty();
      }
      begun.remove(name);
      complete.remove(name);
      onRequest.remove(name);
      refused.forget(name);
      publisher.runs(name); // nothing keeps it from running any more
      tellOfChanges();
      return Optional.of(MessageCode.RELOAD_REMOVED.with(name, configuration.files().get(0)));
    }
    var keys = before == null ? List.<String>of() : changes.of(before, configuration);
    if (before != null && !keys.isEmpty()) {
      checked(name);
      if (!program.application().jobs().end(name)) {
        return Optional.empty();
      }
      begun.remove(name);
      beginAll(this::refuse);
      tellOfChanges();
    }
    var refusal = refused.reason(name);
    if (refusal != null) {
      throw new UserErrorException(refusal);
    }
    if (fresh) {
      return Optional.of(MessageCode.RELOAD_ADDED.with(name));
    }
    return Optional.of(
        keys.isEmpty()
            ? MessageCode.RELOAD_UNCHANGED.with(name)
            : MessageCode.RELOADED.with(name, String.join(", ", keys)));
  }

  /** A job that goes on as it began if it could not run by what the properties say now. */
  private void checked(String name) {
    configuration.jobs(
        named(),
        (job, reason) -> {
          if (job.equals(name)) {
            throw notApplied(name, reason);
          }
        });
    try {
      configuration.notifying(name);
    } catch (UserErrorException e) {
      throw notApplied(name, e.reason());
    }
  }

  private static UserErrorException notApplied(String name, UserMessage reason) {
    return new UserErrorException(MessageCode.RELOAD_REFUSED.with(name, reason));
  }

  private void beginAll(BiConsumer<String, UserMessage> refusing) {
    refused.allAreTried();
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

  /** The jobs to run that are in the file, and those that still run as they began. */
  private List<String> named() {
    var named = new ArrayList<>(names.isEmpty() ? configuration.jobNames() : names);
    named.retainAll(configuration.jobNames());
    complete.keySet().stream().filter(name -> !named.contains(name)).forEach(named::add);
    return named;
  }

  private void begin(Job job) {
    try {
      if (!job.runsByItself()) {
        if (onRequest.add(job.name())) {
          terminal.log(MessageCode.JOB_WITHOUT_SCHEDULE.with(job.name()));
          publisher.waits(job.name(), MessageCode.CHECK_ON_REQUEST.with(job.name()));
        }
        refused.forget(job.name());
        return;
      }
      configuration.notifying(job.name());
      if (!share.mayTake(job.name(), begun.size(), Instant.now())) {
        held.add(job.name());
        publisher.runs(job.name());
        return;
      }
      Instant first = program.application().jobs().begin(job);
      changes.began(job.name(), configuration);
      begun.put(job.name(), job);
      onRequest.remove(job.name());
      refused.forget(job.name());
      held.remove(job.name());
      publisher.runs(job.name());
      terminal.log(RunCommand.begins(job, first));
      if (!job.options().writes()) {
        terminal.log(RunCommand.writesNothing(job));
      }
    } catch (LeasedException e) {
      var why = MessageCode.HELD_WAITS.with(job.name(), e.held());
      if (share.isShared()) {
        publisher.runs(job.name()); // who has it says how it stands
      } else {
        publisher.waits(job.name(), why);
      }
      if (held.add(job.name())) {
        terminal.log(why);
      }
    }
  }

  private void refuse(String job, UserMessage reason) {
    if (!begun.containsKey(job)) { // otherwise it goes on as it began
      refused.refuse(job, reason);
    }
  }
}
