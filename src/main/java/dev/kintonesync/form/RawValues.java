package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import dev.kintonesync.message.Blank;
import dev.kintonesync.message.Shown;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URL;
import java.time.temporal.TemporalAccessor;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values as sources hand them over: CSV gives text, databases Java objects, APIs JSON nodes. */
final class RawValues {
  private static final int EXCERPT = 60;

  private RawValues() {}

  /** What stands in a JSON node: null, text, number or boolean; arrays and objects stay nodes. */
  static @Nullable Object unwrap(@Nullable Object raw) {
    if (!(raw instanceof JsonNode node)) {
      return raw;
    }
    return switch (node.getNodeType()) {
      case STRING -> node.textValue();
      case NUMBER -> node.numberValue();
      case BOOLEAN -> node.booleanValue();
      case ARRAY, OBJECT -> node;
      case POJO -> ((POJONode) node).getPojo();
      default -> null;
    };
  }

  /** The text of a single value; null for a list, an object, or what has no text of its own. */
  static @Nullable String text(@Nullable Object raw) {
    if (raw instanceof String text) {
      return text;
    }
    if (raw instanceof BigDecimal number) {
      return Shown.number(number);
    }
    if (raw instanceof Double || raw instanceof Float) {
      return plain(raw.toString());
    }
    if (raw instanceof CharSequence
        || raw instanceof Number
        || raw instanceof Boolean
        || raw instanceof Character
        || raw instanceof Enum
        || raw instanceof TemporalAccessor
        || raw instanceof UUID
        || raw instanceof URI
        || raw instanceof URL) {
      return raw.toString();
    }
    return null;
  }

  /**
   * The text of a single value as a number field takes it. A number that is shown with text around
   * it is a Number and a CharSequence at once: its text is what is shown.
   */
  static @Nullable String digits(@Nullable Object raw) {
    String text = text(raw);
    if (text == null || !(raw instanceof Number number && raw instanceof CharSequence)) {
      return text;
    }
    BigDecimal shown = Decimals.parse(text);
    double value = number.doubleValue();
    return shown != null && shown.doubleValue() == value ? text : plain(String.valueOf(value));
  }

  /** 5 and not 5.0, 12345678 and not 1.2345678E7: a person would not write it so. */
  private static String plain(String floating) {
    BigDecimal number = Decimals.parse(floating);
    return number == null ? floating : number.stripTrailingZeros().toPlainString();
  }

  /** Null, or nothing but white space, or an empty list. */
  static boolean isBlank(@Nullable Object raw) {
    return raw == null
        || (raw instanceof CharSequence text && Blank.is(text.toString()))
        || (raw instanceof Collection<?> list && list.isEmpty())
        || (raw instanceof ArrayNode array && array.isEmpty());
  }

  /** The members of a list; null for anything else. */
  static @Nullable Iterable<?> list(@Nullable Object raw) {
    if (raw instanceof ArrayNode array) {
      return array;
    }
    if (raw instanceof Collection<?> list) {
      return list;
    }
    return raw instanceof Object[] array ? Arrays.asList(array) : null;
  }

  static boolean isObject(@Nullable Object raw) {
    return raw instanceof ObjectNode || raw instanceof Map;
  }

  /** The names in an object, in its order; none for anything else. */
  static Set<String> names(@Nullable Object raw) {
    var names = new LinkedHashSet<String>();
    if (raw instanceof ObjectNode object) {
      object.fieldNames().forEachRemaining(names::add);
    } else if (raw instanceof Map<?, ?> map) {
      map.keySet().forEach(name -> names.add(String.valueOf(name)));
    }
    return names;
  }

  /** What stands under a name in an object, unwrapped; null when nothing does. */
  static @Nullable Object member(@Nullable Object raw, String name) {
    if (raw instanceof ObjectNode object) {
      return unwrap(object.get(name));
    }
    return raw instanceof Map<?, ?> map ? unwrap(map.get(name)) : null;
  }

  /** Enough of a value for a person to recognise it, on one line. */
  static String excerpt(@Nullable Object raw) {
    String text = raw instanceof Object[] array ? Arrays.toString(array) : String.valueOf(raw);
    boolean cut = text.codePointCount(0, text.length()) > EXCERPT;
    String shown = cut ? text.substring(0, text.offsetByCodePoints(0, EXCERPT)) + "…" : text;
    var line = new StringBuilder(shown.length());
    shown.chars().forEach(c -> line.append(Character.isISOControl(c) ? ' ' : (char) c));
    return line.toString();
  }
}
