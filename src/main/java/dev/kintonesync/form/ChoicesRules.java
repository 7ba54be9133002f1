package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kintonesync.message.Blank;
import dev.kintonesync.message.EditDistance;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Any number of a field's options. Text holds one on each line, as Kintone's own CSV does, or
 * several joined by a separator that no option has; the order in which Kintone gives them back is
 * not promised, so they compare as sets.
 */
final class ChoicesRules implements ValueRules {

  /** What people and programs put between options. */
  private static final String SEPARATORS = ",、;，；|／/\t・ 　";

  @Override
  public Converted convert(Field field, @Nullable Object raw, Conversion conversion) {
    var chosen = new LinkedHashSet<String>();
    Iterable<?> list = RawValues.list(raw);
    for (Object member : list == null ? lines(raw) : list) {
      String text = RawValues.text(RawValues.unwrap(member));
      if (text != null && field.hasOption(text)) {
        chosen.add(text);
        continue;
      }
      List<String> joined = text == null ? List.of() : joined(field, text);
      if (joined.isEmpty()) {
        return new Converted.Refused(problem(field, RawValues.unwrap(member)));
      }
      chosen.addAll(joined);
    }
    ArrayNode array = JsonNodeFactory.instance.arrayNode(chosen.size());
    chosen.forEach(array::add);
    return new Converted.Value(array);
  }

  /**
   * The options that a separator joins to this text, where it can mean nothing else: every part is
   * an option, and no option has the separator in it. None otherwise.
   */
  private static List<String> joined(Field field, String text) {
    for (int i = 0; i < SEPARATORS.length(); i++) {
      String separator = SEPARATORS.substring(i, i + 1);
      List<String> parts = parts(text, separator);
      if (!parts.isEmpty()
          && parts.stream().allMatch(field::hasOption)
          && field.options().stream().noneMatch(option -> option.contains(separator))) {
        return parts;
      }
    }
    return List.of();
  }

  private static List<String> parts(String text, String separator) {
    return Pattern.compile(Pattern.quote(separator))
        .splitAsStream(text)
        .map(Blank::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  /** Says how several options are written where some seem to be joined. */
  private static UserMessage problem(Field field, @Nullable Object raw) {
    String text = String.valueOf(RawValues.text(raw));
    for (int i = 0; i < SEPARATORS.length(); i++) {
      String separator = SEPARATORS.substring(i, i + 1);
      List<String> parts = parts(text, separator);
      if (parts.size() > 1 && parts.stream().anyMatch(field::hasOption)) {
        String stranger =
            parts.stream().filter(part -> !field.hasOption(part)).findFirst().orElse(text);
        return MessageCode.VALUE_OPTIONS_JOINED.with(
            field.name(),
            RawValues.excerpt(raw),
            separator.equals("\t") ? "tab" : separator,
            EditDistance.sample(stranger, field.options()));
      }
    }
    return ChoiceRules.notAnOption(field, raw);
  }

  /** The lines of a text that are not blank; what is no text stays whole. */
  static Collection<?> lines(@Nullable Object raw) {
    if (RawValues.isBlank(raw)) {
      return Set.of();
    }
    String text = RawValues.text(raw);
    if (text == null || (text.indexOf('\n') < 0 && text.indexOf('\r') < 0)) {
      return Set.of(text == null ? raw : text);
    }
    return text.lines().filter(line -> !Blank.is(line)).toList();
  }

  @Override
  public boolean same(Field field, JsonNode one, JsonNode other) {
    return one.equals(other) || set(one).equals(set(other));
  }

  private static Set<String> set(JsonNode options) {
    var set = new HashSet<String>();
    options.forEach(option -> set.add(option.asText()));
    return set;
  }
}
