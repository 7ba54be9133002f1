package dev.kintonesync.camel.kamelet;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who are to do something one after the other, whenever each of them is ready for it. */
final class SerialExecutor {
  private static final Logger log = LoggerFactory.getLogger(SerialExecutor.class);

  private CompletableFuture<@Nullable Void> last = CompletableFuture.completedFuture(null);

  /** A place in a line. */
  static final class Ticket {
    private final CompletableFuture<Runnable> ready = new CompletableFuture<>();

    /** Does something when all who stand before have done theirs; of several things the first. */
    void inTurn(Runnable what) {
      ready.complete(what);
    }
  }

  /** A place behind all others. */
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
