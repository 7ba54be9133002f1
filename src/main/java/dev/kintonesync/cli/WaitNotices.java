package dev.kintonesync.cli;

import dev.kintonesync.camel.kintone.RequestContext;
import dev.kintonesync.kintone.ErrorCode;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.sync.Report;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Says once that a run waits for Kintone or its source, and once that it goes on: for those who see
 * no progress bar. A wait of less than ten seconds is not worth a line.
 */
final class WaitNotices implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration SHORT = Duration.ofSeconds(10);

  private final Supplier<? extends Collection<? extends RequestContext>> active;
  private final Clock clock;
  private final Consumer<UserMessage> said;
  private final Map<RequestContext, Instant> told = new HashMap<>();
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            var thread = new Thread(work, "wait-notices");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Notices about runs.
   *
   * @param active the runs that are under way, asked for anew each time
   */
  WaitNotices(
      Supplier<? extends Collection<? extends RequestContext>> active,
      Clock clock,
      Consumer<UserMessage> said) {
    this.active = active;
    this.clock = clock;
    this.said = said;
  }

  /** Looks once a second from now on. */
  void begin() {
    var unused =
        ticker.scheduleWithFixedDelay(this::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Says what is new. */
  void look() {
    var runs = new HashSet<RequestContext>(active.get());
    told.keySet().retainAll(runs); // how it ended is said elsewhere
    var now = clock.instant();
    for (RequestContext run : runs) {
      var waiting = run.waiting();
      Instant since = told.get(run);
      if (waiting == null && since != null) {
        told.remove(run);
        said.accept(
            MessageCode.RUN_GOES_ON.with(name(run), Progress.clock(Duration.between(since, now))));
      } else if (waiting != null && since == null && !now.isBefore(waiting.since().plus(SHORT))) {
        told.put(run, waiting.since());
        said.accept(MessageCode.RUN_WAITS.with(name(run), words(waiting)));
      }
    }
  }

  private static Object name(RequestContext run) {
    var job = run.job();
    return job.name().equals(Job.IMPORT) ? Report.inWords(job.source().name()) : job.name();
  }

  /** What a run waits for, by Kintone's code at the end of what it answered. */
  static UserMessage words(RequestContext.Waiting waiting) {
    String answer = waiting.reason();
    if (waiting.source() != null) {
      return MessageCode.PROGRESS_WAITING_SOURCE.with(waiting.source(), answer);
    }
    int from = answer.lastIndexOf('[');
    int to = answer.lastIndexOf(']');
    String code = from >= 0 && to > from ? answer.substring(from + 1, to) : "";
    if (ErrorCode.isLocked(code)) {
      return MessageCode.PROGRESS_LOCKED.with(answer);
    }
    return ErrorCode.isBusy(code) || code.equals("HTTP_429")
        ? MessageCode.PROGRESS_THROTTLED.with(answer)
        : MessageCode.PROGRESS_WAITING.with(answer);
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
