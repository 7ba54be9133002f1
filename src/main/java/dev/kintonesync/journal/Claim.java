package dev.kintonesync.journal;

import dev.kintonesync.message.Message;
import org.jspecify.annotations.Nullable;

/** What this process holds, so that no other does, until it is closed or the process ends. */
public final class Claim implements AutoCloseable {
  private final Runnable release;
  private final @Nullable Message caveat;

  Claim(Runnable release, @Nullable Message caveat) {
    this.release = release;
    this.caveat = caveat;
  }

  /** What an operator should know of how far it holds; null when it holds without a limit. */
  public @Nullable Message caveat() {
    return caveat;
  }

  /** Lets go. */
  @Override
  public void close() {
    release.run();
  }
}
