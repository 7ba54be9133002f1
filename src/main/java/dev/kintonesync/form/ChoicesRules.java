package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Any number of a field's options. Text holds one on each line, as Kintone's own CSV does; the
 * order in which Kintone gives them back is not promised, so they compare as sets.
 */
final class ChoicesRules implements ValueRules {

  @Override
  public Converted convert(Field field, @Nullable Object raw, Conversion conversion) {
    var chosen = new LinkedHashSet<String>();
    Iterable<?> list = RawValues.list(raw);
    for (Object member : list == null ? lines(raw) : list) {
      String option = RawValues.text(RawValues.unwrap(member));
      if (option == null || !field.hasOption(option)) {
        return new Converted.Refused(ChoiceRules.notAnOption(field, RawValues.unwrap(member)));
      }
      chosen.add(option);
    }
    ArrayNode array = JsonNodeFactory.instance.arrayNode(chosen.size());
    chosen.forEach(array::add);
    return new Converted.Value(array);
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
    return text.lines().filter(line -> !line.isBlank()).toList();
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
