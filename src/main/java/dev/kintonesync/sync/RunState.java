package dev.kintonesync.sync;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

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

  /** As it stands in reports, such as {@code completed-with-rejects}. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
