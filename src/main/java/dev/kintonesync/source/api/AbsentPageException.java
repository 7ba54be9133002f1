package dev.kintonesync.source.api;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;

/** An API says that a page is not there; behind the last page that may be the end. */
public final class AbsentPageException extends UserErrorException {
  private static final long serialVersionUID = 1L;

  private final String said;

  /**
   * It is not there.
   *
   * @param said the beginning of what the API answered
   */
  public AbsentPageException(UserMessage reason, String said) {
    super(reason);
    this.said = said;
  }

  /** The beginning of what the API answered, on one line. */
  public String said() {
    return said;
  }
}
