package dev.kintonesync.journal;

import dev.kintonesync.message.Message;
import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;

/**
 * Another process holds what only one may hold. Nothing was begun; later it may be free. The reason
 * says who it is, and to run again later.
 */
public final class HeldException extends RefusedException {
  private static final long serialVersionUID = 1L;

  private final transient Message held;

  HeldException(Message held) {
    super(Text.HELD_STOPS.with(held));
    this.held = held;
  }

  /** What is held and by whom, for those who wait. */
  public Message held() {
    return held;
  }
}
