package dev.kintonesync.form;

import dev.kintonesync.message.UserMessage;

/** A value that a step of the map cannot take; its row is rejected. Without a stack: it is data. */
public final class ConversionException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient UserMessage reason;

  /**
   * The reason is for people: which value, and what was expected.
   *
   * @param reason names neither column nor field, which the mapping adds
   */
  public ConversionException(UserMessage reason) {
    super(reason.toString(), null, false, false);
    this.reason = reason;
  }

  /** What is wrong with which value. */
  public UserMessage reason() {
    return reason;
  }
}
