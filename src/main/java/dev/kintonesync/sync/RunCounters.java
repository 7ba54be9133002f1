package dev.kintonesync.sync;

import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.kintone.Verb;
import java.util.List;

/** Counts a run while it goes on. Safe for several threads. */
public final class RunCounters {
  private Counts counts = Counts.NONE;
  private Report.Requests requests = Report.Requests.NONE;
  private long missing;
  private Removed removals = Removed.NONE;
  private long conflicts;
  private long overEdits;
  private long updatedUnseen;

  /** A batch is settled. */
  public synchronized void add(BatchResult result) {
    counts = counts.plus(result.counts());
    missing += result.missing();
    removals = removals.plus(result.removals());
    conflicts += result.conflicts();
    overEdits +=
        result.changes().stream()
            .filter(change -> change.overEdit() != null && !change.isRepeated())
            .count();
    updatedUnseen += result.changes().stream().filter(Change::isBeforeUnknown).count();
    requests = requests.plus(new Report.Requests(0, 0, 0, 0, 0, 0, result.isolation(), 0, 0, 0));
  }

  /**
   * A request goes out.
   *
   * @param repeated whether the same request went out before
   */
  public synchronized void add(KintoneRequest request, boolean repeated) {
    var writes = request.isBulk() ? request.parts() : List.of(request);
    requests =
        requests.plus(
            new Report.Requests(
                request.isRead() && request.resource().equals("records.json") ? 1 : 0,
                request.isUpload()
                    ? 0
                    : writes.stream().filter(write -> write.verb() == Verb.POST).count(),
                writes.stream().filter(write -> write.verb() == Verb.PUT).count(),
                writes.stream().filter(write -> write.verb() == Verb.DELETE).count(),
                request.isBulk() ? 1 : 0,
                repeated ? 1 : 0,
                0,
                request.isUpload() ? 1 : 0,
                request.isDownload() ? 1 : 0,
                request.counted()));
  }

  public synchronized Counts counts() {
    return counts;
  }

  public synchronized Report.Requests requests() {
    return requests;
  }

  /** Records that the source lacks are there, and stay there. */
  public synchronized void missing(long found) {
    missing += found;
  }

  public synchronized long missing() {
    return missing;
  }

  public synchronized long removed() {
    return removals.all();
  }

  /** Returns how many records were deleted, and how many flagged. */
  public synchronized Removed removals() {
    return removals;
  }

  public synchronized long conflicts() {
    return conflicts;
  }

  public synchronized long overEdits() {
    return overEdits;
  }

  /** Returns how many records were updated that nobody had looked up. */
  public synchronized long updatedUnseen() {
    return updatedUnseen;
  }
}
