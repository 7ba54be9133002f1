package dev.kintonesync.camel.kamelet;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks one after the other, in the order of their tickets, each when it is ready. */
final class SerialExecutor {
  private static final Logger log = LoggerFactory.getLogger(SerialExecutor.class);

  private CompletableFuture<@Nullable Void> last = CompletableFuture.completedFuture(null);

  /** A place in the order. */
  static final class Ticket {
    private final CompletableFuture<Runnable> ready = new CompletableFuture<>();

    /** Runs a task after the tasks of all earlier tickets; of several tasks only the first. */
    void inTurn(Runnable what) {
      ready.complete(what);
    }
  }

  /** Gives out the next ticket. */
  synchronized Ticket join() {
    var place = new Ticket();
    last =
        last.thenAcceptBoth(place.ready, (before, what) -> what.run())
            .exceptionally(
                failure -> { // a defect of ours, which must not hold up those behind
                  log.error("a place in a line was left without what was to be done", failure);
                  return null;
                });
    return place;
  }
}
