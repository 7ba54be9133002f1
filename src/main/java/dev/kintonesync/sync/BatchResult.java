package dev.kintonesync.sync;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of a batch: an outcome for every source record of it.
 *
 * @param batch the batch
 * @param counts how many records had which outcome
 * @param rejects the rejected records with their reasons, in the order of the source
 * @param changes what was written, for the record of changes
 * @param unchangedIds key to the id of the records that were looked up and stay as they are
 * @param unprocessed keys of the records that have no outcome
 * @param missing how many records there the source lacks or flags, whatever was done with them
 * @param removals how many of them were deleted, and how many were flagged
 * @param conflicts how many records had to be planned anew because somebody else wrote them
 * @param isolation how many requests went out only to find bad records among good ones
 */
public record BatchResult(
    Batch batch,
    Counts counts,
    List<Reject> rejects,
    List<Change> changes,
    Map<String, String> unchangedIds,
    List<String> unprocessed,
    int missing,
    Removed removals,
    int conflicts,
    int isolation) {

  public BatchResult {
    rejects = List.copyOf(rejects);
    changes = List.copyOf(changes);
    unchangedIds = Map.copyOf(unchangedIds);
    unprocessed = List.copyOf(unprocessed);
  }

  /** Returns how many records were removed: deleted, or set as the job says. */
  public long removed() {
    return removals.all();
  }

  /**
   * What became of the records of a batch; those still open count as unprocessed.
   *
   * @param isolation how many requests went out only to find bad records
   */
  static BatchResult of(Batch batch, Collection<PlannedRecord> records, int isolation) {
    long inserted = 0;
    long updated = 0;
    long unchanged = batch.unchanged();
    var open = new ArrayList<String>();
    long removing = 0;
    long overtaken = 0;
    int missing = 0;
    long deleted = 0;
    long flagged = 0;
    int conflicts = 0;
    var rejects = new ArrayList<>(batch.rejects());
    var changes = new ArrayList<Change>();
    var unchangedIds = new HashMap<String, String>();
    for (var record : records) {
      conflicts += record.tries().count() > 0 ? 1 : 0;
      var settlement = record.settlement();
      Outcome outcome = settlement.outcome();
      switch (outcome) {
        case INSERTED -> inserted++;
        case UPDATED, DELETED -> {
          if (record.lacking()) {
            removing++;
          } else {
            updated++;
          }
        }
        case UNCHANGED -> unchanged++;
        case UNPROCESSED -> open.add(record.key());
        case REJECTED, SUPERSEDED -> {}
      }
      if (record.lacking()) {
        missing++;
        deleted += outcome == Outcome.DELETED ? 1 : 0;
        flagged += outcome == Outcome.UPDATED ? 1 : 0;
      }
      if (settlement.overtaken() != null) {
        overtaken++; // what was counted of the row before it was its record, which is counted now
        switch (settlement.overtaken()) {
          case INSERTED -> inserted--;
          case UPDATED -> updated--;
          case UNCHANGED -> unchanged--;
          case DELETED -> {
            removing--;
            missing--;
            deleted--;
          }
          default -> {}
        }
      }
      if (settlement.rejected() != null) {
        rejects.add(settlement.rejected());
      }
      String stays = settlement.unchangedId();
      if (stays != null) {
        unchangedIds.put(record.key(), stays);
      }
      if (settlement.change() != null) {
        changes.add(settlement.change());
      }
    }
    rejects.sort(Comparator.comparingLong(reject -> reject.source().position().row()));
    var counts =
        new Counts(
            batch.read(),
            inserted,
            updated,
            unchanged,
            batch.superseded() + overtaken,
            rejects.size(),
            open.size(),
            removing);
    return new BatchResult(
        batch,
        batch.kind() == Batch.Kind.SOURCE ? counts : Counts.NONE,
        rejects,
        changes,
        unchangedIds,
        open,
        missing,
        new Removed(deleted, flagged),
        conflicts,
        isolation);
  }
}
