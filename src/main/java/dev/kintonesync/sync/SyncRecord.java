package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.source.SourceRecord;
import java.util.Map;

/**
 * A source record mapped to field codes and converted to Kintone's value shapes.
 *
 * @param source where it came from
 * @param key its key, canonical by the type of the key field
 * @param values field code to Kintone's write value; the key field among them
 */
public record SyncRecord(SourceRecord source, String key, Map<String, JsonNode> values) {}
