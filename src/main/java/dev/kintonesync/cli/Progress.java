package dev.kintonesync.cli;

import dev.kintonesync.camel.KintoneSync;
import dev.kintonesync.camel.Run;
import dev.kintonesync.message.Message;
import dev.kintonesync.message.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A progress bar over the part of the source that is settled, with the counts beside it. */
final class Progress {
  /** Where nobody watches. */
  static final Shown NOT_SHOWN = () -> {};

  private static final Duration REFRESH = Duration.ofMillis(200);
  private static final int WIDTH = 20;

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

  private String line(Run run) {
    int percent = (int) Math.floor(run.progress() * 100);
    int filled = percent * WIDTH / 100;
    var elapsed = Duration.between(begun, Instant.now());
    return "%3d%% [%s%s] %d:%02d  %s"
        .formatted(
            percent,
            "=".repeat(filled),
            " ".repeat(WIDTH - filled),
            elapsed.toMinutes(),
            elapsed.toSecondsPart(),
            terminal.catalogue().say(words(run)));
  }

  private static Message words(Run run) {
    var counts = run.counts();
    String waiting = run.waitingFor();
    return waiting == null
        ? Text.PROGRESS.with(
            counts.inserted(), counts.updated(), counts.unchanged(), counts.rejected())
        : Text.PROGRESS_WAITING.with(waiting);
  }
}
