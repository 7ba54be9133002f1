package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kintonesync.message.EditDistance;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import org.jspecify.annotations.Nullable;

/** One of a field's options. */
final class ChoiceRules implements ValueRules {
  private static final Converted.Value EMPTY = new Converted.Value(NullNode.getInstance());

  @Override
  public Converted convert(Field field, @Nullable Object raw, Conversion conversion) {
    if (RawValues.isBlank(raw)) {
      return EMPTY;
    }
    String option = RawValues.text(raw);
    return option != null && field.hasOption(option)
        ? new Converted.Value(TextNode.valueOf(option))
        : new Converted.Refused(notAnOption(field, raw));
  }

  /** Names the options, those that look alike first. */
  static UserMessage notAnOption(Field field, @Nullable Object raw) {
    return MessageCode.VALUE_NOT_AN_OPTION.with(
        field.name(),
        RawValues.excerpt(raw),
        EditDistance.sample(String.valueOf(raw), field.options()));
  }

  @Override
  public boolean same(Field field, JsonNode one, JsonNode other) {
    return one.asText().equals(other.asText());
  }
}
