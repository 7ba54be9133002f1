package dev.kintonesync.message;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A failure of what is tried every second or so: the log has it once for each reason, until it has
 * passed. A reason for people is logged as their sentence, anything else with where it comes from.
 */
public final class RepeatedFailure {
  private final Logger log;
  private final String what;
  private @Nullable String told;

  /**
   * A failure that has not happened yet.
   *
   * @param what what is not done then
   */
  public RepeatedFailure(Logger log, String what) {
    this.log = log;
    this.what = what;
  }

  /** It has failed. */
  public synchronized void happened(Throwable failure) {
    String reason = String.valueOf(failure.getMessage());
    if (reason.equals(told)) {
      return;
    }
    told = reason;
    if (failure instanceof UserErrorException) {
      log.warn("{}: {}", what, reason);
    } else {
      log.warn(what, failure);
    }
  }

  /** It has been done. */
  public synchronized void passed() {
    told = null;
  }
}
