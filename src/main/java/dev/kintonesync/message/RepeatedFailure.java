package dev.kintonesync.message;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A failure of what is tried every second or so: the log has it once for each reason, until it has
 * passed. A reason for people is logged as their sentence, anything else with where it comes from.
 */
public final class RepeatedFailure {
  private final Logger log;
  private final String what;
  private final @Nullable String over;
  private final Set<String> told = new HashSet<>();

  /**
   * A failure that has not happened yet.
   *
   * @param what what is not done then
   */
  public RepeatedFailure(Logger log, String what) {
    this(log, what, null);
  }

  /**
   * A failure whose end is logged as well.
   *
   * @param what what is not done then
   * @param over what is said once it has passed; null: nothing
   */
  public RepeatedFailure(Logger log, String what, @Nullable String over) {
    this.log = log;
    this.what = what;
    this.over = over;
  }

  /** It has failed. */
  public synchronized void happened(Throwable failure) {
    String reason = String.valueOf(failure.getMessage());
    if (!told.add(reason)) {
      return;
    }
    if (failure instanceof UserErrorException) {
      log.warn("{}: {}", what, reason);
    } else {
      log.warn(what, failure);
    }
  }

  /** It has been done. */
  public synchronized void passed() {
    if (!told.isEmpty() && over != null) {
      log.info("{}", over);
    }
    told.clear();
  }
}
