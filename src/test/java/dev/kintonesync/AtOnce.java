package dev.kintonesync;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Work of many threads at once. A parallel stream would take the threads that run the test classes,
 * of which all but one may be busy.
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
}
