package dev.kintonesync.camel.job;

import java.util.concurrent.Semaphore;

/**
 * Whose turn it is to run a job: its own route, or a run that somebody has asked for. Whoever is
 * late waits. Only one thread of the route uses it at a time, since runs of a job never overlap.
 */
final class Turn {
  private final Semaphore one = new Semaphore(1, true);
  private volatile boolean ofRoute;

  /** The route begins, or goes on, once no run that was asked for is under way. */
  void beginRoute() {
    if (!ofRoute) {
      one.acquireUninterruptibly();
      ofRoute = true;
    }
  }

  /** The route has nothing under way any more. */
  void endRoute() {
    if (ofRoute) {
      ofRoute = false;
      one.release();
    }
  }

  /** A run that was asked for begins once the route has nothing under way. */
  void beginRequest() throws InterruptedException {
    one.acquire();
  }

  /** Whether nothing is under way; if so, nothing begins until {@link #endRequest}. */
  boolean tryBeginRequest() {
    return one.tryAcquire();
  }

  /** A run that was asked for has ended. */
  void endRequest() {
    one.release();
  }
}
