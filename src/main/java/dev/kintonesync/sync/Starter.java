package dev.kintonesync.sync;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import org.jspecify.annotations.Nullable;

/**
 * What or who started a run.
 *
 * @param by what kind of starter it was
 * @param name the user of the operating system who gave the command, or the job that ran before;
 *     null of the others
 */
public record Starter(By by, @Nullable String name) {

  /** Kinds of starters. */
  public enum By {
    /** The schedule of the job. */
    @JsonProperty("schedule")
    SCHEDULE,
    /** A file in the folder of the job. */
    @JsonProperty("folder")
    FOLDER,
    /** The end of another job. */
    @JsonProperty("job")
    JOB,
    /** A command. */
    @JsonProperty("terminal")
    TERMINAL,
    /** A button of the dashboard. */
    @JsonProperty("page")
    PAGE
  }

  /** A button of the dashboard. */
  public static final Starter OF_PAGE = new Starter(By.PAGE, null);

  /** The user of the operating system who runs this process. */
  public static Starter user() {
    return new Starter(By.TERMINAL, System.getProperty("user.name", "?"));
  }

  /** Returns it in words. */
  public UserMessage inWords() {
    return switch (by) {
      case SCHEDULE -> MessageCode.STARTED_BY_SCHEDULE.with();
      case FOLDER -> MessageCode.STARTED_BY_FOLDER.with();
      case JOB -> MessageCode.STARTED_BY_JOB.with(String.valueOf(name));
      case TERMINAL -> MessageCode.STARTED_BY_USER.with(String.valueOf(name));
      case PAGE -> MessageCode.STARTED_BY_PAGE.with();
    };
  }
}
