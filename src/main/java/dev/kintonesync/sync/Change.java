package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one confirmed write changed in one record.
 *
 * @param outcome inserted, updated or deleted
 * @param key the record's key
 * @param id Kintone's record id; null for an insert that was only planned
 * @param overEdit the person who saved the record last before us, where that was somebody else
 * @param row the number of the source row that it came from, as people count rows; 0: none
 * @param flagged whether it was updated since its source lacks it, or flags it as to be removed
 * @param fields field code to what was there and what is there now
 * @param richTexts field code to the source's rich text in what was written, of a table that of all
 *     its rows: Kintone stores it as other HTML
 * @param seen the revision of the record that was changed; null for an insert
 * @param left the revision that the write left; null for a removal, and where it was only planned
 * @param again field code to a value that would be written although it stands there, so that
 *     Kintone copies anew what the field looks up; nothing once it was written
 * @param turn of a change that is only planned, the how manieth of its key it is, from 1 on; it
 *     takes the place of the one before it, unless it adds a record after that was removed. 0: it
 *     was made
 * @param anew whether it adds a record after one of the same key would have been removed
 */
public record Change(
    Outcome outcome,
    String key,
    @Nullable String id,
    @Nullable String overEdit,
    long row,
    boolean flagged,
    Map<String, Values> fields,
    Map<String, String> richTexts,
    @Nullable Long seen,
    @Nullable Long left,
    Map<String, JsonNode> again,
    int turn,
    boolean anew) {

  /** One in which no rich text was written, of a record that the source has. */
  public Change(
      Outcome outcome,
      String key,
      @Nullable String id,
      @Nullable String overEdit,
      Map<String, Values> fields) {
    this(outcome, key, id, overEdit, 0, false, fields, Map.of(), null, null, Map.of());
  }

  /** Whether a record was updated that nobody had looked up: what it held before is unknown. */
  public boolean isBeforeUnknown() {
    return outcome == Outcome.UPDATED && seen == null && left != null;
  }

  /** One that was made, or the only one of its key. */
  public Change(
      Outcome outcome,
      String key,
      @Nullable String id,
      @Nullable String overEdit,
      long row,
      boolean flagged,
      Map<String, Values> fields,
      Map<String, String> richTexts,
      @Nullable Long seen,
      @Nullable Long left,
      Map<String, JsonNode> again) {
    this(outcome, key, id, overEdit, row, flagged, fields, richTexts, seen, left, again, 0, false);
  }

  /** Nothing is to be done to the record of a key any more: what was planned before it is not. */
  static Change nothing(String key, int turn) {
    return new Change(Outcome.UNCHANGED, key, null, null, Map.of()).as(turn, false);
  }

  /** Returns this change as one of several that are planned for its key. */
  Change as(int itsTurn, boolean addsAnew) {
    return new Change(
        outcome, key, id, overEdit, row, flagged, fields, richTexts, seen, left, again, itsTurn,
        addsAnew);
  }

  /** Whether an earlier change of its key was planned, in whose place it comes. */
  boolean isRepeated() {
    return turn > 1;
  }

  /** The value of a field before and after; null before an insert and after a removal. */
  public record Values(@Nullable JsonNode before, @Nullable JsonNode after) {}
}
