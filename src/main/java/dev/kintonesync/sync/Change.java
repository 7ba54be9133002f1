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
    Map<String, JsonNode> again) {

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

  /** The value of a field before and after; null before an insert and after a removal. */
  public record Values(@Nullable JsonNode before, @Nullable JsonNode after) {}
}
