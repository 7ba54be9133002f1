package dev.kintonesync.setup;

import dev.kintonesync.message.UserErrorException;
import org.jspecify.annotations.Nullable;

/** Something cannot be done because of one setting. */
public final class ProblemException extends UserErrorException {
  private static final long serialVersionUID = 1L;

  private final @Nullable String property;

  /** About the setting of a problem. */
  public ProblemException(Problem problem) {
    super(problem.message());
    this.property = problem.property();
  }

  /** Which one, as in {@link Problem}; null: none alone. */
  public @Nullable String property() {
    return property;
  }
}
