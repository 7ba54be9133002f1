package dev.kintonesync.console;

import dev.kintonesync.journal.JobStatusRow;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.source.kafka.Backlog;
import dev.kintonesync.sync.Guard;
import dev.kintonesync.sync.Reconciliation;
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
 * @param why what keeps it from running, and what to do, or what else is to be known of its runs;
 *     null when nothing does
 * @param statusRow what the program says that runs it; null when none does
 * @param last its newest run; null when it has not run yet
 * @param lastGood when its newest run ended that came to the end of its source; null: none did
 * @param late whether its schedule has gone without such a run for twice its interval
 * @param waitingFiles files in its folder; null when it has no folder, or none that can be read
 * @param openRejects rejected rows that are open; null of a source that is read again as a whole,
 *     whose rows nobody keeps
 * @param rejectsWithoutKey how many of them have no key that can be read: no later row closes them
 * @param calls made to its app today, as Kintone counts them
 * @param budget calls that may be made to its app in a day; 0: any number
 * @param reconciled what the last comparison of its source with its app found; null: there was none
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
    int rejectsWithoutKey,
    long calls,
    long budget,
    @Nullable Reconciliation reconciled) {

  /** How a job stands, in one word. */
  public enum State {
    /** A run is under way. */
    RUNNING,
    /** Its program is starting it. */
    STARTING,
    /** Something keeps it from running now; it goes on by itself. */
    WAITING,
    /** Only a person can let it go on: a guard stopped it, it was refused, or a plan waits. */
    NEEDS_YOU,
    /** A program runs it at its times, or when files come. */
    READY,
    /** No program runs it by itself. */
    IDLE,
    /** What is said of it is not enough, or wrong. */
    REFUSED;

    /** As it stands in JSON. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** The guard that a person may let one run pass; null where none stands in the way. */
  public @Nullable Guard guard() {
    return state == State.NEEDS_YOU
            && why != null
            && why.text() == MessageCode.NEEDS_YOU_GUARD
            && why.arguments().get(0) instanceof UserMessage reason
        ? Guard.of(reason)
        : null;
  }

  /** Whether a run of it was refused or stopped by a guard, and waits for a person. */
  public boolean isBlocked() {
    return state == State.NEEDS_YOU
        && why != null
        && why.text() != MessageCode.APPROVAL_WAITS
        && why.text() != MessageCode.NEEDS_RELOAD
        && why.text() != MessageCode.NEEDS_START;
  }

  /**
   * Whether its properties have changed, and it runs by the earlier ones, or not at all, until
   * somebody asks.
   */
  public boolean needsReload() {
    return why != null
        && (why.text() == MessageCode.NEEDS_RELOAD || why.text() == MessageCode.NEEDS_START);
  }

  /** Whether a program has it that runs it when somebody asks, and only then. */
  public boolean runsOnRequest() {
    return state == State.IDLE && JobOverview.runsOnRequest(job, statusRow);
  }

  /** What of the topic that it follows is not settled; null when it follows none. */
  public @Nullable Backlog backlog() {
    return statusRow == null ? null : statusRow.backlog();
  }

  /** When it runs next by itself; null: when files come, or nobody knows. */
  public @Nullable Instant next() {
    return statusRow == null ? null : statusRow.next();
  }
}
