package dev.kintonesync.journal;

import dev.kintonesync.message.UserMessage;
import org.jspecify.annotations.Nullable;

/** A right that only one process has, until it is closed or the process ends. */
public final class Lease implements AutoCloseable {
  private final Runnable release;
  private final @Nullable UserMessage caveat;

  Lease(Runnable release, @Nullable UserMessage caveat) {
    this.release = release;
    this.caveat = caveat;
  }

  /** What an operator should know of how far it holds; null when it holds without a limit. */
  public @Nullable UserMessage caveat() {
    return caveat;
  }

  /** Releases the lease. */
  @Override
  public void close() {
    release.run();
  }
}
