package dev.kintonesync.settings;

import dev.kintonesync.sync.Guard;
import dev.kintonesync.sync.Starter;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What holds for one run, besides what its job says.
 *
 * @param writes whether anything is written; otherwise the run only says what it would do
 * @param limit how many rows are read at the most; {@link Long#MAX_VALUE}: all
 * @param accepted guards that the run may pass
 * @param onlyKey the key to which alone the run looks; null: all
 * @param startedBy who asked for the run; null: nobody, its job runs by itself
 * @param compares whether the whole source is held against the app, whatever earlier runs reached
 */
public record RunOptions(
    boolean writes,
    long limit,
    Set<Guard> accepted,
    @Nullable String onlyKey,
    @Nullable Starter startedBy,
    boolean compares) {

  /** All rows, all guards on duty. */
  public static final RunOptions DEFAULT = new RunOptions(true, Long.MAX_VALUE, Set.of(), null);

  public RunOptions {
    accepted = Set.copyOf(accepted);
  }

  /** Options of a run that nobody asked for. */
  public RunOptions(boolean writes, long limit, Set<Guard> accepted, @Nullable String onlyKey) {
    this(writes, limit, accepted, onlyKey, null);
  }

  /** Options of a run that does more than compare. */
  public RunOptions(
      boolean writes,
      long limit,
      Set<Guard> accepted,
      @Nullable String onlyKey,
      @Nullable Starter startedBy) {
    this(writes, limit, accepted, onlyKey, startedBy, false);
  }

  /** Options of a run that writes nothing, passes all guards and compares all there is. */
  static RunOptions comparing(Starter starter) {
    return new RunOptions(false, Long.MAX_VALUE, EnumSet.allOf(Guard.class), null, starter, true);
  }

  /** Returns these options for a run that somebody asked for. */
  public RunOptions startedBy(Starter starter) {
    return new RunOptions(writes, limit, accepted, onlyKey, starter, compares);
  }

  /** Returns these options for a run that writes nothing. */
  public RunOptions onlyPlanned() {
    return new RunOptions(false, limit, accepted, onlyKey, startedBy, compares);
  }

  /** Whether the run leaves out rows of its source on purpose. */
  public boolean isPartial() {
    return limit != Long.MAX_VALUE || onlyKey != null;
  }
}
