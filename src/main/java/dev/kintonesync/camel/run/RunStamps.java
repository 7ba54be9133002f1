package dev.kintonesync.camel.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.form.Converted;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.Form;
import dev.kintonesync.form.Mapping;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a run writes into each record that it adds or updates, to say that it was this run. */
final class RunStamps {
  private RunStamps() {}

  /**
   * Returns the values by field code.
   *
   * @throws UserErrorException when the form has no such field, or cannot take the value
   */
  static Map<String, JsonNode> of(RunContext run, Form form, Mapping mapping) {
    var stamps = new LinkedHashMap<String, JsonNode>();
    var fields = run.job().runFields();
    stamp(stamps, "run-field", fields.run(), run.name(), form, mapping);
    stamp(
        stamps,
        "synced-at-field",
        fields.syncedAt(),
        run.startedAt().atOffset(ZoneOffset.UTC),
        form,
        mapping);
    return stamps;
  }

  private static void stamp(
      Map<String, JsonNode> stamps,
      String property,
      @Nullable String code,
      Object value,
      Form form,
      Mapping mapping) {
    if (code == null) {
      return;
    }
    Field field = form.field(code);
    if (field == null) {
      throw refused(property, code, MessageCode.RUN_FIELD_MISSING.with());
    }
    if (mapping.fields().stream().anyMatch(mapped -> mapped.code().equals(code))) {
      throw refused(
          property,
          code,
          MessageCode.RUN_FIELD_MAPPED.with(Objects.toString(mapping.column(field), code)));
    }
    if (field.unique()) {
      throw refused(property, code, MessageCode.RUN_FIELD_UNIQUE.with());
    }
    var converted = field.convert(value);
    if (converted instanceof Converted.Value cell) {
      stamps.put(code, cell.json());
    } else if (converted instanceof Converted.Refused why) {
      throw refused(property, code, why.problem());
    }
  }

  private static UserErrorException refused(String property, String code, UserMessage why) {
    return new UserErrorException(MessageCode.RUN_FIELD_REFUSED.with(property, code, why));
  }
}
