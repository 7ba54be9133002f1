package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.message.UserMessage;
import java.util.List;

/** What became of a source's value on its way to a field. */
public sealed interface Converted {

  /**
   * Kintone takes this value.
   *
   * @param json the value as it stands under {@code "value"} in a write, in canonical form; empty
   *     text is {@code ""}, an empty choice or date {@code null}, an empty list {@code []}
   * @param notes what Kintone would change in silence, such as decimals that the app does not keep:
   *     {@code json} already has it so; nearly always empty
   */
  record Value(JsonNode json, List<UserMessage> notes) implements Converted {
    public Value {
      notes = List.copyOf(notes);
    }

    Value(JsonNode json) {
      this(json, List.of());
    }
  }

  /**
   * Kintone would refuse this value, or store something else without a word.
   *
   * @param problem names the field, the value and what was expected
   */
  record Refused(UserMessage problem) implements Converted {}
}
