package dev.kintonesync.cli;

import dev.kintonesync.camel.KintoneSync;
import dev.kintonesync.camel.Run;
import dev.kintonesync.message.Text;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar over the part of the source that has been read, with the counts beside it. */
final class Progress implements AutoCloseable {
  private static final int STEPS = 1000;
  private static final Duration REFRESH = Duration.ofMillis(200);

  private final Terminal terminal;
  private final KintoneSync application;
  private final ScheduledExecutorService ticker;
  private final ScheduledFuture<?> drawing;
  private final ProgressBar bar;

  private Progress(Terminal terminal, KintoneSync application) {
    this.terminal = terminal;
    this.application = application;
    this.bar =
        new ProgressBarBuilder()
            .setInitialMax(STEPS)
            .setStyle(ProgressBarStyle.ASCII)
            .setConsumer(new ConsoleProgressBarConsumer(terminal.stream()))
            .setUpdateIntervalMillis((int) REFRESH.toMillis())
            .hideEta()
            .clearDisplayOnFinish()
            .build();
    this.ticker =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              var thread = new Thread(work, "progress");
              thread.setDaemon(true);
              return thread;
            });
    this.drawing =
        ticker.scheduleAtFixedRate(this::draw, 0, REFRESH.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A bar on a terminal; nothing where the output goes to a file or another program. */
  static AutoCloseableQuietly of(Terminal terminal, KintoneSync application) {
    return terminal.isWatched() ? new Progress(terminal, application)::close : () -> {};
  }

  /** Closes without an exception that a caller would have to handle. */
  interface AutoCloseableQuietly extends AutoCloseable {
    @Override
    void close();
  }

  private void draw() {
    application.active().stream().findAny().ifPresent(this::draw);
  }

  private void draw(Run run) {
    var counts = run.counts();
    String waiting = run.waitingFor();
    bar.stepTo(Math.round(run.progress() * STEPS));
    bar.setExtraMessage(
        terminal
            .catalogue()
            .say(
                waiting == null
                    ? Text.PROGRESS.with(
                        counts.inserted(), counts.updated(), counts.unchanged(), counts.rejected())
                    : Text.PROGRESS_WAITING.with(waiting)));
  }

  @Override
  public void close() {
    drawing.cancel(false);
    ticker.shutdownNow();
    bar.close();
  }
}
