package dev.kintonesync.journal;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;

/**
 * Another process has the lease. Nothing was begun. The reason names the owner and says to run
 * again later.
 */
public final class LeasedException extends UserErrorException {
  private static final long serialVersionUID = 1L;

  private final transient UserMessage held;

  LeasedException(UserMessage held) {
    super(MessageCode.HELD_STOPS.with(held));
    this.held = held;
  }

  /** What is held and by whom, for those who wait. */
  public UserMessage held() {
    return held;
  }
}
