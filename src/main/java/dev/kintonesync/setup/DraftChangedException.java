package dev.kintonesync.setup;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;

/** Somebody else has changed a draft since it was shown. */
public final class DraftChangedException extends UserErrorException {
  private static final long serialVersionUID = 1L;

  private final transient Draft now;

  DraftChangedException(Draft now) {
    super(MessageCode.SETUP_DRAFT_CHANGED.with());
    this.now = now;
  }

  /** The draft as it is now. */
  public Draft now() {
    return now;
  }
}
