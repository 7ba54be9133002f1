package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.kintone.Verb;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A write of one record that is about to be sent.
 *
 * @param verb POST for an insert, PUT for an update, DELETE for a removal
 * @param key the record's key
 * @param id Kintone's record id; null for an insert
 * @param values field code to the value that is to be written: all of them for an insert, those
 *     that differ for an update, none for a removal that deletes
 */
public record Intent(Verb verb, String key, @Nullable String id, Map<String, JsonNode> values) {}
