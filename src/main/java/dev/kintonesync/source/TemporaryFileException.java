package dev.kintonesync.source;

import dev.kintonesync.message.UserMessage;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A temporary file of ours cannot be written or read, which is not the fault of any source. */
public final class TemporaryFileException extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  private final transient UserMessage reason;

  /**
   * Such a failure.
   *
   * @param reason for people, as a whole sentence
   */
  public TemporaryFileException(UserMessage reason, IOException cause) {
    super(reason.toString(), cause);
    this.reason = reason;
  }

  /** Returns what people are told. */
  public UserMessage reason() {
    return reason;
  }
}
