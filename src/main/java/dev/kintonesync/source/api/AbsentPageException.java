package dev.kintonesync.source.api;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;

/** An API says that a page is not there; behind the last page that may be the end. */
public final class AbsentPageException extends UserErrorException {
  private static final long serialVersionUID = 1L;

  public AbsentPageException(UserMessage reason) {
    super(reason);
  }
}
