package dev.kintonesync.journal;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.util.Optional;

/**
 * The plans that were applied, by their ids, so that none is applied twice. One whose run did not
 * come to its end may go on.
 *
 * <p>Every method throws {@link UserErrorException} when the journal cannot be read or written.
 */
public final class AppliedPlans {
  private final Database database;

  AppliedPlans(Database database) {
    this.database = database;
  }

  /** The run that applied a plan to its end; empty when none did. */
  public Optional<String> runOf(String plan) {
    return database.call(
        connection -> {
          try (var query =
                  Sql.prepare(connection, "SELECT run FROM applied_plan WHERE plan = ?", plan);
              var rows = query.executeQuery()) {
            return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
          }
        });
  }

  /**
   * Looks before a plan is applied.
   *
   * @throws UserErrorException when a run has applied it to its end
   */
  public void refuseIfApplied(String plan) {
    runOf(plan)
        .ifPresent(
            by -> {
              throw new UserErrorException(MessageCode.PLAN_APPLIED.with(plan, by));
            });
  }

  /** A run has applied a plan to its end. */
  public void applied(String plan, String run) {
    database.call(
        connection -> Sql.put(connection, "applied_plan", 1, "plan, run, at", plan, run, Sql.NOW));
  }
}
