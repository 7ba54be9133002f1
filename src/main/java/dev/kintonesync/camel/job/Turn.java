package dev.kintonesync.camel.job;

import java.util.concurrent.Semaphore;

/**
 * Whose turn it is to run a job: one of its routes, or a run that somebody has asked for. Whoever
 * is late waits. Only one thread of a route uses it at a time, since runs of a job never overlap.
 */
final class Turn {
  private final Semaphore one;
  private volatile boolean ofRoute;

  /** The turn of the first route of a job, and of those who ask for its runs. */
  Turn() {
    this(new Semaphore(1, true));
  }

  private Turn(Semaphore one) {
    this.one = one;
  }

  /** Returns the turn of another route of the same job. */
  Turn ofAnotherRoute() {
    return new Turn(one);
  }

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
