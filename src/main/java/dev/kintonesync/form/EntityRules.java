package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kintonesync.message.Blank;
import dev.kintonesync.message.MessageCode;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Users, organisations and groups, by their codes (a user's login name). Text holds one code on
 * each line; names are for people and may change, so only codes count.
 */
final class EntityRules implements ValueRules {

  @Override
  public Converted convert(Field field, @Nullable Object raw, Conversion conversion) {
    var codes = new LinkedHashSet<String>();
    for (Object member : members(raw)) {
      Object entity = RawValues.unwrap(member);
      String code =
          RawValues.text(RawValues.isObject(entity) ? RawValues.member(entity, "code") : entity);
      if (code == null || Blank.is(code)) {
        return new Converted.Refused(
            MessageCode.VALUE_NOT_CODES.with(field.name(), RawValues.excerpt(entity)));
      }
      codes.add(Blank.strip(code));
    }
    ArrayNode array = JsonNodeFactory.instance.arrayNode(codes.size());
    codes.forEach(code -> array.addObject().put("code", code));
    return new Converted.Value(array);
  }

  private static Iterable<?> members(@Nullable Object raw) {
    Iterable<?> list = RawValues.list(raw);
    if (list != null) {
      return list;
    }
    return raw != null && RawValues.isObject(raw) ? List.of(raw) : ChoicesRules.lines(raw);
  }

  @Override
  public boolean same(Field field, JsonNode one, JsonNode other) {
    return one.equals(other) || codes(one).equals(codes(other));
  }

  /** Lists hold several; a creator or modifier is one object. */
  private static Set<String> codes(JsonNode value) {
    if (value.isObject()) {
      return Set.of(value.path("code").asText());
    }
    var codes = new HashSet<String>();
    value.forEach(entity -> codes.add(entity.path("code").asText()));
    return codes;
  }
}
