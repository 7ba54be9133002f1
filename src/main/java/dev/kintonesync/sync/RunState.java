package dev.kintonesync.sync;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where a run stands, or how it ended. */
public enum RunState {
  RUNNING(3),
  /** Every source record is applied. */
  COMPLETED(0),
  /** Every source record has its outcome, and some are rejected. */
  COMPLETED_WITH_REJECTS(1),
  /** Stopped before the end; the source is kept, and the next run goes on. */
  STOPPED(3),
  /** Did not begin; nothing was written. */
  REFUSED(2);

  private final int exitCode;

  RunState(int exitCode) {
    this.exitCode = exitCode;
  }

  /** The exit code of a command that made one run. */
  public int exitCode() {
    return exitCode;
  }

  /**
   * Whether only a person can let a source pass whose run ended so: it was refused, a guard has
   * stopped it, or Kintone lets the token write nothing.
   *
   * @param reason why the run ended early; null when it did not
   */
  public boolean needsPerson(@Nullable UserMessage reason) {
    return this == REFUSED
        || (this == STOPPED
            && reason != null
            && (Guard.of(reason) != null || reason.text() == MessageCode.WRITE_NOT_PERMITTED));
  }

  /** As it stands in reports, such as {@code completed-with-rejects}. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
