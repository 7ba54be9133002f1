package dev.kintonesync.camel.job;

import dev.kintonesync.journal.Journal;
import dev.kintonesync.settings.Schedule;
import dev.kintonesync.sync.Reconciliation;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.jspecify.annotations.Nullable;
import org.quartz.JobKey;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;

/**
 * The times at which a scheduled job runs or is compared, as a route and Quartz keep them. Quartz
 * runs a job once at a time, whichever of its triggers fires.
 */
final class Timetable {
  private static final int RUNS_LOOKED_AT = 100;

  /** For so many of the times that the clock leaves out there are triggers: one a year. */
  private static final int LEFT_OUT = 20;

  /**
   * A trigger that fires before its route has started finds no endpoint, and never fires again: so
   * it waits this long.
   */
  private static final Duration STARTED = Duration.ofSeconds(5);

  /** So late is the only firing of a job that follows another: those that count are asked for. */
  private static final Duration NEVER = Duration.ofDays(36500);

  private final CamelContext context;

  /** The id of the route that has the times. */
  private final String route;

  private final Schedule schedule;
  private final Journal journal;
  private final Clock clock;
  private final Instant begun;
  private final Instant begins;
  private final boolean missed;

  /** When the job that this one follows had last run when this one was last asked to run. */
  private volatile @Nullable Instant followed;

  /**
   * Times from now on.
   *
   * @param last the last time; null: there was none
   * @param brokenOff whether what happened then did not come to its end
   */
  private Timetable(
      CamelContext context,
      String route,
      Schedule schedule,
      Journal journal,
      Clock clock,
      @Nullable Instant last,
      boolean brokenOff) {
    this.context = context;
    this.route = route;
    this.schedule = schedule;
    this.journal = journal;
    this.clock = clock;
    Instant now = clock.instant();
    this.begun = now;
    this.followed = followed();
    boolean due = brokenOff || isDue(last, now);
    boolean first = last == null && !brokenOff && schedule.timing() instanceof Schedule.Every;
    this.missed = due && (schedule.catchesUp() || first); // the first time was never missed
    this.begins = missed || last == null || due ? schedule.after(now) : schedule.after(last);
  }

  /** The times of a job from now on, which depend on when it last ran. */
  static Timetable ofRuns(
      CamelContext context, String job, Schedule schedule, Journal journal, Clock clock) {
    var runs = runs(journal, job);
    return new Timetable(
        context,
        job,
        schedule,
        journal,
        clock,
        lastGood(runs).map(Report::startedAt).orElse(null),
        !runs.isEmpty() && endedEarly(runs.get(0)));
  }

  /**
   * The times from now on at which the source of a job is held against its app. The first one is
   * not made up for: before its first run the job has nothing to compare.
   *
   * @param route the id of the route that does so
   */
  static Timetable ofComparisons(
      CamelContext context,
      String route,
      String job,
      Schedule schedule,
      Journal journal,
      Clock clock) {
    var last = journal.reconciliations().of(job).map(Reconciliation::at);
    return new Timetable(
        context, route, schedule, journal, clock, last.orElseGet(clock::instant), false);
  }

  private boolean isDue(@Nullable Instant last, Instant now) {
    if (schedule.timing() instanceof Schedule.Following) {
      return followed != null && (last == null || last.isBefore(followed));
    }
    return last == null
        ? schedule.timing() instanceof Schedule.Every
        : !schedule.after(last).isAfter(now);
  }

  private @Nullable Instant followed() {
    return schedule.timing() instanceof Schedule.Following following
        ? lastGood(runs(journal, following.job())).map(Report::finishedAt).orElse(null)
        : null;
  }

  private static List<Report> runs(Journal journal, String job) {
    return journal.runs(job, RUNS_LOOKED_AT).stream()
        .filter(run -> run.written() && run.state() != RunState.RUNNING)
        .toList();
  }

  private static Optional<Report> lastGood(List<Report> newestFirst) {
    return newestFirst.stream().filter(run -> !endedEarly(run)).findFirst();
  }

  private static boolean endedEarly(Report run) {
    return run.state() == RunState.STOPPED || run.state() == RunState.REFUSED;
  }

  /** When the job runs for the first time; far in the future when that is up to another job. */
  Instant first() {
    return missed ? begun : begins;
  }

  /** Where the route of the job begins. */
  String uri() {
    String at = "quartz:kintone-sync/" + URLEncoder.encode(route, StandardCharsets.UTF_8);
    var timing = schedule.timing();
    if (timing instanceof Schedule.AtTimes times) {
      return at
          + "?stateful=true&trigger.timeZone="
          + schedule.zone()
          + "&cron=RAW("
          + times.cron()
          + ")&triggerStartDelay="
          + STARTED.toMillis();
    }
    boolean repeats = timing instanceof Schedule.Every;
    Duration pause = timing instanceof Schedule.Every every ? every.pause() : NEVER;
    Duration start = repeats ? Duration.between(begun, begins) : NEVER;
    return at
        + "?stateful=true&trigger.repeatCount="
        + (repeats ? -1 : 0)
        + "&trigger.repeatInterval="
        + pause.toMillis()
        + "&triggerStartDelay="
        + Math.max(1, start.toMillis());
  }

  /**
   * What was missed while the program was down, or while the route was starting, is made up for. To
   * be called when the route runs, and is told of the runs of the job that it follows.
   */
  void catchUp() {
    Instant now = followed();
    if (missed || !Objects.equals(now, followed)) {
      followed = now;
      again(begun);
    } else if (schedule.timing() instanceof Schedule.AtTimes
        && begins.isBefore(begun.plus(STARTED))) {
      again(begins);
    }
    // Quartz leaves them out
    for (Instant time : schedule.leftOut(begun.plus(STARTED), LEFT_OUT)) {
      fires("-" + time, time);
    }
  }

  /** The job that this one follows may have run, here or on another computer: then it runs too. */
  synchronized void follow() {
    Instant now = followed();
    if (now != null && !now.equals(followed)) {
      followed = now;
      again(clock.instant());
    }
  }

  /** The job runs once more at an instant, besides its other times. */
  void again(Instant when) {
    fires("-again", when);
  }

  private void fires(String which, Instant when) {
    // Quartz has a clock of its own
    var delay = Duration.between(clock.instant(), when);
    try {
      var scheduler = context.getComponent("quartz", QuartzComponent.class).getScheduler();
      var main = mainTrigger();
      var key = new TriggerKey(main.getName() + which, main.getGroup());
      var trigger =
          TriggerBuilder.newTrigger()
              .withIdentity(key)
              .forJob(new JobKey(main.getName(), main.getGroup()))
              .startAt(Date.from(Instant.now().plus(delay)))
              .build();
      if (scheduler.checkExists(key)) {
        scheduler.rescheduleJob(key, trigger);
      } else {
        scheduler.scheduleJob(trigger);
      }
    } catch (SchedulerException e) {
      throw new IllegalStateException("route " + route + " cannot be scheduled", e);
    }
  }

  /**
   * A route is gone, and its times with it. Camel takes away the trigger that it has made; Quartz
   * keeps the job as long as another one waits, and then refuses that the route begins anew.
   */
  static void forget(CamelContext context, Route gone) throws SchedulerException {
    if (gone.getEndpoint() instanceof QuartzEndpoint endpoint) {
      var main = endpoint.getTriggerKey();
      context
          .getComponent("quartz", QuartzComponent.class)
          .getScheduler()
          .deleteJob(new JobKey(main.getName(), main.getGroup()));
    }
  }

  /** When the job runs next; null while nobody knows. */
  @Nullable Instant next() {
    var next = nextFiring();
    return next == null || next.isAfter(begun.plus(NEVER.dividedBy(2))) ? null : next;
  }

  private @Nullable Instant nextFiring() {
    try {
      var scheduler = context.getComponent("quartz", QuartzComponent.class).getScheduler();
      var main = mainTrigger();
      Instant now = Instant.now();
      // Quartz has a clock of its own
      return scheduler.getTriggersOfJob(new JobKey(main.getName(), main.getGroup())).stream()
          .map(Trigger::getNextFireTime)
          .filter(Objects::nonNull)
          .min(Comparator.naturalOrder())
          .map(date -> clock.instant().plus(Duration.between(now, date.toInstant())))
          .orElse(null);
    } catch (SchedulerException e) {
      throw new IllegalStateException("route " + route + " has no schedule", e);
    }
  }

  private TriggerKey mainTrigger() {
    var made = context.getRoute(route);
    if (made != null && made.getEndpoint() instanceof QuartzEndpoint endpoint) {
      return endpoint.getTriggerKey();
    }
    throw new IllegalStateException("route " + route + " has no schedule");
  }
}
