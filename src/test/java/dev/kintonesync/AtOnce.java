package dev.kintonesync;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Work of several threads at once, in threads of its own. A parallel stream would take those that
 * run the test classes, of which all but one may be busy; and Java's common pool has a single one
 * where there are two cores, for all that waits in it.
 */
public final class AtOnce {
  private static final int THREADS = 8;

  private AtOnce() {}

  /** Does something so many times, with the numbers from 0, and waits until all is done. */
  public static void times(int count, IntConsumer work)
      throws InterruptedException, ExecutionException {
    var threads = Executors.newFixedThreadPool(THREADS);
    try {
      var all =
          IntStream.range(0, count)
              .<Callable<Void>>mapToObj(
                  i ->
                      () -> {
                        work.accept(i);
                        return null;
                      })
              .toList();
      for (var one : threads.invokeAll(all)) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Begins something beside what goes on. */
  public static CompletableFuture<Void> begin(Runnable work) {
    return CompletableFuture.runAsync(work, AtOnce::start);
  }

  /** Begins something whose result is wanted beside what goes on. */
  public static <T> CompletableFuture<T> ask(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, AtOnce::start);
  }

  private static void start(Runnable work) {
    var thread = new Thread(work, "beside");
    thread.setDaemon(true);
    thread.start();
  }
}
