package dev.kintonesync.simulator.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.simulator.state.AppForm;
import dev.kintonesync.simulator.state.Directory;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.FieldType;
import dev.kintonesync.simulator.state.FormField;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Who made a new record and when: the caller now, unless an administrator says otherwise. */
record Origin(String creator, Instant created, String modifier, Instant updated) {

  static Origin read(
      Domain domain,
      AppForm form,
      JsonNode body,
      String user,
      Instant now,
      ErrorPath place,
      Problems problems) {
    Reading reading = new Reading(domain, form, body, place, problems);
    return new Origin(
        reading.user(FieldType.CREATOR, user),
        reading.instant(FieldType.CREATED_TIME, now),
        reading.user(FieldType.MODIFIER, user),
        reading.instant(FieldType.UPDATED_TIME, now));
  }

  private record Reading(
      Domain domain, AppForm form, JsonNode body, ErrorPath place, Problems problems) {

    String user(FieldType type, String otherwise) {
      JsonNode value = sent(type);
      String code = value == null ? null : CellReader.text(value.path("code"));
      if (code == null || code.isEmpty()) {
        return otherwise;
      }
      if (domain.directory().name(Directory.Kind.USER, code) == null) {
        throw ErrorCode.GAIA_IL26.refuse(code);
      }
      return code;
    }

    Instant instant(FieldType type, Instant otherwise) {
      JsonNode value = sent(type);
      String text = value == null ? null : CellReader.text(value);
      if (text == null || text.isBlank()) {
        return otherwise;
      }
      Instant instant = CellReader.parseInstant(text.strip());
      if (instant == null) {
        FormField field = form.only(type);
        problems.add(place.value(field == null ? "" : field.code()), FieldError.NOT_A_DATETIME);
        return otherwise;
      }
      return instant;
    }

    private @Nullable JsonNode sent(FieldType type) {
      FormField field = form.only(type);
      return field == null ? null : body.path(field.code()).get("value");
    }
  }
}
