package dev.kintonesync.cli;

import dev.kintonesync.camel.KintoneSync;
import dev.kintonesync.camel.run.RunContext;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.sync.Removed;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A progress bar over the part of the source that is settled, with the counts beside it. */
final class Progress {
  /** Shows nothing: for output that is no terminal. */
  static final Shown NOT_SHOWN = () -> {};

  private static final Duration REFRESH = Duration.ofMillis(200);
  private static final int WIDTH = 20;

  /** Before that, rate and remaining time are a guess. */
  private static final Duration KNOWN_AFTER = Duration.ofSeconds(2);

  private final Terminal terminal;
  private final KintoneSync application;
  private final Instant begun = Instant.now();

  private Progress(Terminal terminal, KintoneSync application) {
    this.terminal = terminal;
    this.application = application;
  }

  /** Closes without an exception that a caller would have to handle. */
  interface Shown extends AutoCloseable {
    @Override
    void close();
  }

  /** A bar on a terminal, gone when closed. */
  static Shown on(Terminal terminal, KintoneSync application) {
    var progress = new Progress(terminal, application);
    ScheduledExecutorService ticker =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              var thread = new Thread(work, "progress");
              thread.setDaemon(true);
              return thread;
            });
    var drawing =
        ticker.scheduleAtFixedRate(progress::draw, 0, REFRESH.toMillis(), TimeUnit.MILLISECONDS);
    return () -> {
      drawing.cancel(false);
      awaitLastDrawing(ticker);
      terminal.stopDrawing();
    };
  }

  /** What is drawn after the bar was wiped would stay for ever. */
  private static void awaitLastDrawing(ScheduledExecutorService ticker) {
    ticker.shutdown();
    try {
      ticker.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void draw() {
    application.active().stream().findAny().ifPresent(run -> terminal.draw(line(run)));
  }

  private String line(RunContext run) {
    int percent = (int) Math.floor(run.progress() * 100);
    int filled = percent * WIDTH / 100;
    var elapsed = Duration.between(begun, Instant.now());
    return "%3d%% [%s%s] %s  %s"
        .formatted(
            percent,
            "=".repeat(filled),
            " ".repeat(WIDTH - filled),
            clock(elapsed),
            terminal.bundle().say(words(run, elapsed)));
  }

  /** Minutes and seconds. */
  static String clock(Duration time) {
    return "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
  }

  private static UserMessage words(RunContext run, Duration elapsed) {
    var waiting = run.waiting();
    if (waiting != null) {
      return WaitNotices.words(waiting);
    }
    var counts = run.counts();
    long settled = counts.read() - counts.unprocessed();
    var outcomes =
        removed(
            MessageCode.PROGRESS.with(
                counts.inserted(), counts.updated(), counts.unchanged(), counts.rejected()),
            run.counters().removals());
    if (elapsed.compareTo(KNOWN_AFTER) < 0 || settled == 0 || run.progress() == 0) {
      return outcomes;
    }
    double seconds = elapsed.toMillis() / 1000.0;
    var left = Duration.ofMillis((long) (elapsed.toMillis() * (1 / run.progress() - 1)));
    return MessageCode.PROGRESS_RATE.with(outcomes, Math.round(settled / seconds), clock(left));
  }

  private static UserMessage removed(UserMessage outcomes, Removed removals) {
    if (removals.all() == 0) {
      return outcomes;
    }
    return removals.flagged() > 0
        ? MessageCode.PROGRESS_FLAGGED.with(outcomes, removals.flagged())
        : MessageCode.PROGRESS_DELETED.with(outcomes, removals.deleted());
  }
}
