package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.form.MappedRow;
import dev.kintonesync.form.RowChecksum;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceRecord;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A source record mapped to field codes and converted to Kintone's value shapes.
 *
 * @param source where it came from
 * @param key its key, canonical by the type of the key field
 * @param values field code to Kintone's write value; the key field among them
 * @param removed whether the record of this key is to be removed instead
 * @param revision the revision that the record is expected to have when it is changed; null: any
 * @param planned the write that a plan document has for it; null of any other source
 * @param asRead the checksum of its source by which its values are known; {@link RowChecksum#NONE}
 *     where it does not tell them, or nobody asks
 */
public record SyncRecord(
    SourceRecord source,
    String key,
    Map<String, JsonNode> values,
    boolean removed,
    @Nullable Long revision,
    @Nullable PlannedWrite planned,
    long asRead) {

  private static final SourceRecord NONE =
      new SourceRecord(new Position(0, 0), Map.of(), List.of(), null);

  /** A record to be added or updated. */
  public SyncRecord(SourceRecord source, String key, Map<String, JsonNode> values) {
    this(source, key, values, false, null);
  }

  /** A record of a plan document, or of none. */
  public SyncRecord(
      SourceRecord source,
      String key,
      Map<String, JsonNode> values,
      boolean removed,
      @Nullable Long revision,
      @Nullable PlannedWrite planned) {
    this(source, key, values, removed, revision, planned, RowChecksum.NONE);
  }

  /** A record of a source that is no plan document. */
  public SyncRecord(
      SourceRecord source,
      String key,
      Map<String, JsonNode> values,
      boolean removed,
      @Nullable Long revision) {
    this(source, key, values, removed, revision, null);
  }

  /** A record of a source that is no plan document, with the checksum of its source. */
  public SyncRecord(
      SourceRecord source, String key, MappedRow mapped, boolean removed, long asRead) {
    this(source, key, mapped.values(), removed, mapped.revision(), null, asRead);
  }

  /** By what a snapshot knows it: its source as it was read, else its values. */
  long contents() {
    return asRead == RowChecksum.NONE ? RecordSnapshot.hash(values) : asRead;
  }

  /** A record that the source lacks. */
  static SyncRecord missing(String key) {
    return new SyncRecord(NONE, key, Map.of(), true, null);
  }
}
