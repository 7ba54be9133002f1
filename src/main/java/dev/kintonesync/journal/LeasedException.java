package dev.kintonesync.journal;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;

/**
 * Another process holds what only one may hold. Nothing was begun; later it may be free. The reason
 * says who it is, and to run again later.
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
