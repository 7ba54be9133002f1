package dev.kintonesync.camel;

import java.util.concurrent.CompletableFuture;

/** Those who are to do something one after the other, whenever each of them is ready for it. */
final class Line {
  private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

  /** A place in a line. */
  static final class Place {
    private final CompletableFuture<Runnable> ready = new CompletableFuture<>();

    /** Does something when all who stand before have done theirs; of several things the first. */
    void inTurn(Runnable what) {
      ready.complete(what);
    }
  }

  /** A place behind all others. */
  synchronized Place join() {
    var place = new Place();
    last = last.thenAcceptBoth(place.ready, (before, what) -> what.run());
    return place;
  }
}
