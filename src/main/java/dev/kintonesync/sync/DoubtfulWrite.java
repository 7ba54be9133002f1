package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.kintone.KintoneRecord;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A write that was sent and may have been applied.
 *
 * @param before what was there before it; null: nothing was, or nobody has looked
 * @param sent what it wrote
 * @param upserted whether it wrote by the key
 */
record DoubtfulWrite(@Nullable KintoneRecord before, Map<String, JsonNode> sent, boolean upserted) {
  /**
   * Whether a record is what the write would have left.
   *
   * @param now the record as it is there now
   * @param differing in what it differs from what is wanted
   */
  boolean hasLeft(KintoneRecord now, Map<String, JsonNode> differing) {
    return differing.isEmpty() && (before == null || now.revision() > before.revision());
  }
}
