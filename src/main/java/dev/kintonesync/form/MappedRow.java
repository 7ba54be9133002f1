package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A source record in the words of an app.
 *
 * @param key the record's key in canonical form ({@link Field#canonicalKey}); null when it is blank
 *     or cannot be a key, and then there is a problem that says so
 * @param values the values to write by field code, in the order of the columns, the key's own among
 *     them (unless it is the record number); a value with a problem is left out
 * @param problems why this row cannot be sent; empty when it can
 * @param notes what Kintone would have changed in silence, and where {@code values} follows it:
 *     surplus decimals; no reason to hold the row back
 * @param revision the revision that the record is expected to have; null: any
 */
public record MappedRow(
    @Nullable String key,
    Map<String, JsonNode> values,
    List<ValueProblem> problems,
    List<ValueProblem> notes,
    @Nullable Long revision) {}
