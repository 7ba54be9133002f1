package dev.kintonesync.sync;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches a run that may have gone mad: a source with a column too many, a comparison that suddenly
 * finds every record different. What it says stops the run. Safe for several threads.
 */
public final class Guards {
  /** Fewer rejects than these are never too many, when a share is asked for. */
  static final long LEAST_REJECTED = 100;

  /** Fewer updates than these are never too many, when a share is asked for. */
  static final long LEAST_UPDATED = 100;

  /** Fewer removals than these are never too many, when a share is asked for. */
  public static final long LEAST_MISSING = 20;

  /** So many rows in a row rejected for one reason are a mistake of the whole source. */
  static final int IN_A_ROW = 200;

  private static final int EXAMPLES = 3;

  private final Limits limits;
  private final Set<Guard> accepted;
  private final LongSupplier rows;

  private final List<UserMessage> rejectExamples = new ArrayList<>();
  private final List<UserMessage> updateExamples = new ArrayList<>();
  private long rejected;
  private long toUpdate;
  private @Nullable Reject last;
  private int inARow;

  /**
   * What a job bears in one run.
   *
   * @param maxRejected rejected rows
   * @param maxUpdated updated records
   */
  public record Limits(Threshold maxRejected, Threshold maxUpdated) {

    /** A tenth of the rows may be rejected, and any number updated. */
    public static final Limits DEFAULT = new Limits(Threshold.percent(10), Threshold.NEVER);
  }

  /**
   * Guards for one run.
   *
   * @param accepted what this run may pass
   * @param rows how many rows the whole source has, as far as can be told by now
   */
  public Guards(Limits limits, Set<Guard> accepted, LongSupplier rows) {
    this.limits = limits;
    this.accepted = Set.copyOf(accepted);
    this.rows = rows;
  }

  /** Whether this run may pass a guard. */
  public boolean accepts(Guard guard) {
    return accepted.contains(guard);
  }

  /** A row was rejected; to be told in the order of the source. Why that is too much, or null. */
  public synchronized @Nullable UserMessage rejected(Reject reject) {
    example(
        rejectExamples,
        MessageCode.GUARD_REJECT.with(
            reject.source().place(reject.row()).asMessage(), reject.reason()));
    if (accepts(Guard.MAX_REJECTED) || limits.maxRejected().isNever()) {
      return null;
    }
    rejected++;
    inARow = last != null && follows(last, reject) ? inARow + 1 : 1;
    last = reject;
    if (inARow >= IN_A_ROW) {
      return MessageCode.GUARD_IN_A_ROW.with(inARow, reject.reason());
    }
    long bearable = limits.maxRejected().of(rows.getAsLong(), LEAST_REJECTED);
    return rejected > bearable
        ? MessageCode.GUARD_MAX_REJECTED.with(
            rejected, limits.maxRejected(), bearable, joined(rejectExamples))
        : null;
  }

  /** Returns the first few rejected rows. */
  public synchronized List<UserMessage> rejectExamples() {
    return List.copyOf(rejectExamples);
  }

  private static boolean follows(Reject before, Reject next) {
    return next.source().position().row() == before.source().position().row() + 1
        && next.reason().text() == before.reason().text()
        && String.valueOf(next.field()).equals(String.valueOf(before.field()));
  }

  /** A record is about to be updated. Why that is too much, or null. */
  synchronized @Nullable UserMessage toUpdate(PlannedRecord record) {
    if (accepts(Guard.MAX_UPDATED) || limits.maxUpdated().isNever()) {
      return null;
    }
    toUpdate++;
    example(
        updateExamples,
        MessageCode.GUARD_UPDATE.with(record.key(), String.join(", ", record.changes().keySet())));
    long bearable = limits.maxUpdated().of(rows.getAsLong(), LEAST_UPDATED);
    return toUpdate > bearable
        ? MessageCode.GUARD_MAX_UPDATED.with(bearable, limits.maxUpdated(), joined(updateExamples))
        : null;
  }

  private static void example(List<UserMessage> examples, UserMessage example) {
    if (examples.size() < EXAMPLES) {
      examples.add(example);
    }
  }

  private static UserMessage joined(List<UserMessage> examples) {
    return examples.stream().reduce(MessageCode.EXAMPLES::with).orElseThrow();
  }
}
