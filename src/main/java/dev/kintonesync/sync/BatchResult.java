package dev.kintonesync.sync;

import java.util.List;

/**
 * What became of a batch: an outcome for every source record of it.
 *
 * @param number the batch's number in its run
 * @param mirrored whether its records are none of the source
 * @param counts how many records had which outcome
 * @param rejects the rejected records with their reasons, in the order of the source
 * @param changes what was written, for the record of changes
 * @param missing how many records there the source lacks or flags, whatever was done with them
 * @param removed how many of them were deleted, or set as the job says
 * @param conflicts how many records had to be planned anew because somebody else wrote them
 * @param isolation how many requests went out only to find bad records among good ones
 */
public record BatchResult(
    int number,
    boolean mirrored,
    Counts counts,
    List<Reject> rejects,
    List<Change> changes,
    int missing,
    int removed,
    int conflicts,
    int isolation) {

  public BatchResult {
    rejects = List.copyOf(rejects);
    changes = List.copyOf(changes);
  }
}
