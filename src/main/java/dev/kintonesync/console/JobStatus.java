package dev.kintonesync.console;

import dev.kintonesync.journal.JobStatusRow;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.sync.Report;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a job stands.
 *
 * @param name the job's name
 * @param job what the properties say of it; null when it cannot run
 * @param state in one word
 * @param why what keeps it from running, and what to do; null when nothing does
 * @param statusRow what the program says that runs it; null when none does
 * @param last its newest run; null when it has not run yet
 * @param lastGood when its newest run ended that came to the end of its source; null: none did
 * @param late whether its schedule has gone without such a run for twice its interval
 * @param waitingFiles files in its folder; null when it has no folder, or none that can be read
 * @param openRejects rejected rows that are open; null of a source that is read again as a whole,
 *     whose rows nobody keeps
 * @param calls made to its app today, as Kintone counts them
 * @param budget calls that may be made to its app in a day; 0: any number
 */
public record JobStatus(
    String name,
    @Nullable Job job,
    State state,
    @Nullable UserMessage why,
    @Nullable JobStatusRow statusRow,
    @Nullable Report last,
    @Nullable Instant lastGood,
    boolean late,
    @Nullable Integer waitingFiles,
    @Nullable Integer openRejects,
    long calls,
    long budget) {

  /** How a job stands, in one word. */
  public enum State {
    /** A run is under way. */
    RUNNING,
    /** Something keeps it from running now; it goes on by itself. */
    WAITING,
    /** A program runs it at its times, or when files come. */
    READY,
    /** No program runs it by itself. */
    IDLE,
    /** What is said of it is not enough, or wrong. */
    REFUSED;

    /** As it stands in JSON. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** When it runs next by itself; null: when files come, or nobody knows. */
  public @Nullable Instant next() {
    return statusRow == null ? null : statusRow.next();
  }
}
