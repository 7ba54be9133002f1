package dev.kintonesync.camel.kamelet;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets senders go on with their answers, in the order in which they got them and in threads that
 * send nothing: the steps behind a Kamelet may take long, or wait for the Kamelet again. Where they
 * do not return for a fifth of a second, those behind go on in another thread.
 */
final class AnswerLine {
  private static final Logger log = LoggerFactory.getLogger(AnswerLine.class);

  private static final long PATIENCE_MS = 200;

  private final Executor threads;
  private final Deque<Runnable> waiting = new ArrayDeque<>();

  /** What works now; null: nothing does. */
  private @Nullable Worker current;

  /** How many senders are on their way and have not come to their end. */
  private int goingOn;

  AnswerLine(Executor threads) {
    this.threads = threads;
  }

  /** A sender goes on behind all that were added before. */
  void add(Runnable goesOn) {
    Worker worker;
    synchronized (this) {
      waiting.add(goesOn);
      if (current != null) {
        return;
      }
      worker = new Worker();
      current = worker;
    }
    begin(worker);
  }

  /** Whether nobody waits here, and all who went on have come to their end. */
  synchronized boolean isIdle() {
    return waiting.isEmpty() && goingOn == 0;
  }

  private synchronized void ended() {
    goingOn--;
  }

  private void begin(Worker worker) {
    try {
      threads.execute(worker);
      worker.watch();
    } catch (RejectedExecutionException e) {
      worker.run(); // the application ends, and nobody is to stay without an answer
    }
  }

  /** Lets one sender after the other go on, until another worker has taken over. */
  private final class Worker implements Runnable {
    private int begun;

    @Override
    public void run() {
      for (var next = next(); next != null; next = next()) {
        try {
          next.run();
        } catch (RuntimeException e) {
          log.error("a step behind a Kamelet failed", e);
        } finally {
          ended();
        }
      }
    }

    private @Nullable Runnable next() {
      synchronized (AnswerLine.this) {
        if (current != this) {
          return null;
        }
        begun++;
        var next = waiting.poll();
        if (next == null) {
          current = null;
        } else {
          goingOn++;
        }
        return next;
      }
    }

    private void watch() {
      int seen;
      synchronized (AnswerLine.this) {
        seen = begun;
      }
      CompletableFuture.delayedExecutor(PATIENCE_MS, TimeUnit.MILLISECONDS, threads)
          .execute(() -> look(seen));
    }

    private void look(int seen) {
      var other = new Worker();
      boolean isHeldUp;
      synchronized (AnswerLine.this) {
        if (current != this) {
          return;
        }
        isHeldUp = begun == seen;
        if (isHeldUp) {
          current = other;
        }
      }
      if (isHeldUp) {
        begin(other); // which ends at once where nobody waits
      } else {
        watch();
      }
    }
  }
}
