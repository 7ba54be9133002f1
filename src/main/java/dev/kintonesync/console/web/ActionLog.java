package dev.kintonesync.console.web;

import dev.kintonesync.message.Shown;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes in the log file who did what on the page: a line for each action, without a value of any
 * record.
 */
final class ActionLog {
  private static final Logger log = LoggerFactory.getLogger("dev.kintonesync.page");

  private ActionLog() {}

  /**
   * Notes an action.
   *
   * @param role of the person; null: none that is known
   * @param asked what came
   * @param action what is to be done, such as {@code run-now}
   * @param about the job or the run that it is about; empty: none
   * @param done whether it was done
   */
  static void note(
      @Nullable Role role, PageRequest asked, String action, String about, boolean done) {
    log.info(
        "page: {} by {} from {}{}{}",
        action,
        role == null ? "?" : role.word(),
        asked.from(),
        about.isEmpty() ? "" : ": " + Shown.name(about),
        done ? "" : " (refused)");
  }
}
