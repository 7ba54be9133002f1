package dev.kintonesync.sync;

import java.util.List;

/**
 * What became of a batch: an outcome for every source record of it.
 *
 * @param batch the batch
 * @param counts how many records had which outcome
 * @param rejects the rejected records with their reasons, in the order of the source
 * @param changes what was written, for the record of changes
 * @param unprocessed keys of the records that have no outcome
 * @param missing how many records there the source lacks or flags, whatever was done with them
 * @param removed how many of them were deleted, or set as the job says
 * @param conflicts how many records had to be planned anew because somebody else wrote them
 * @param isolation how many requests went out only to find bad records among good ones
 */
public record BatchResult(
    Batch batch,
    Counts counts,
    List<Reject> rejects,
    List<Change> changes,
    List<String> unprocessed,
    int missing,
    int removed,
    int conflicts,
    int isolation) {

  public BatchResult {
    rejects = List.copyOf(rejects);
    changes = List.copyOf(changes);
    unprocessed = List.copyOf(unprocessed);
  }
}
