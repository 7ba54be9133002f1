package dev.kintonesync.message;

/**
 * Something that a person asked for cannot begin, or cannot go on, for a reason that the person can
 * mend. What was refused was not done.
 */
public class UserErrorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient UserMessage reason;

  public UserErrorException(UserMessage reason) {
    super(reason.toString());
    this.reason = reason;
  }

  public UserErrorException(UserMessage reason, Throwable cause) {
    super(reason.toString(), cause);
    this.reason = reason;
  }

  /**
   * A file or folder of ours, or one that a person has named, cannot be written.
   *
   * @param place the file or folder
   */
  public static UserErrorException unwritable(Object place, Exception cause) {
    return new UserErrorException(MessageCode.RUN_FOLDER_UNWRITABLE.with(place, cause), cause);
  }

  /** What, where and what to do, in no language yet. */
  public final UserMessage reason() {
    return reason;
  }
}
