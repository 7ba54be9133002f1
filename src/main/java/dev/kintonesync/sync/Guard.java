package dev.kintonesync.sync;

import dev.kintonesync.message.UserMessage;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What stops a run that would do too much at once; a person may let one run pass it. */
public enum Guard {
  /** More rows are rejected than are bearable. */
  MAX_REJECTED,
  /** More records would be updated than are bearable. */
  MAX_UPDATED,
  /** A mirror would remove more records than are bearable. */
  MAX_MISSING,
  /** What the job asserts of its source or of the plan does not hold. */
  ASSERT;

  /** Returns the guard that a reason to stop comes from; null when none does. */
  public static @Nullable Guard of(@Nullable UserMessage reason) {
    if (reason == null) {
      return null;
    }
    return switch (reason.text()) {
      case GUARD_MAX_REJECTED, GUARD_IN_A_ROW -> MAX_REJECTED;
      case GUARD_MAX_UPDATED -> MAX_UPDATED;
      case GUARD_MAX_MISSING -> MAX_MISSING;
      case GUARD_ASSERT -> ASSERT;
      default -> null;
    };
  }

  /** As it is written in options. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
