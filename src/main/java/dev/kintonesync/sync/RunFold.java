package dev.kintonesync.sync;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * A line of a list of runs: one run, or several of a job one after the other that repeat each
 * other.
 *
 * @param newest the newest of them
 * @param times how many there are
 * @param since when the oldest of them began
 */
public record RunFold(Report newest, int times, Instant since) {

  /**
   * Folds runs.
   *
   * @param runs the newest first
   * @param most how many lines are wanted at most
   */
  public static List<RunFold> of(List<Report> runs, int most) {
    var lines = new ArrayList<RunFold>();
    var open = new HashMap<String, Integer>();
    for (Report run : runs) {
      Integer line = open.get(run.job());
      var newer = line == null ? null : lines.get(line);
      if (line != null && newer != null && newer.newest().repeats(run)) {
        lines.set(line, new RunFold(newer.newest(), newer.times() + 1, run.startedAt()));
        continue;
      }
      open.put(run.job(), lines.size());
      lines.add(new RunFold(run, 1, run.startedAt()));
    }
    return List.copyOf(lines.subList(0, Math.min(most, lines.size())));
  }
}
