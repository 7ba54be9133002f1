package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.kintone.KintoneRecord;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.SourceRecord;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was decided about one source record, and on what grounds.
 *
 * @param source the record as it was read
 * @param values what the mapping made of it, by field code; empty when it could not
 * @param stored what Kintone held under its key; null when nothing, or when nobody had to look
 * @param outcome what became of it, or would
 * @param change what was written, or would be; null when nothing
 * @param reason why it was rejected or left out; null otherwise
 */
public record Decision(
    SourceRecord source,
    Map<String, JsonNode> values,
    @Nullable KintoneRecord stored,
    Outcome outcome,
    @Nullable Change change,
    @Nullable UserMessage reason) {

  /** A record that a route of the user's took out. */
  static Decision leftOut(SourceRecord source) {
    return new Decision(
        source, Map.of(), null, Outcome.UNCHANGED, null, MessageCode.ROW_LEFT_OUT.with());
  }

  /** A record that was rejected before anybody looked at Kintone. */
  static Decision of(Reject reject) {
    return new Decision(reject.source(), Map.of(), null, Outcome.REJECTED, null, reject.reason());
  }
}
