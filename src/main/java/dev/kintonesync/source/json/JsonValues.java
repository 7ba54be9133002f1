package dev.kintonesync.source.json;

import com.fasterxml.jackson.core.ErrorReportConfiguration;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.text.MalformedBytes;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the text of a JSON record, as Java objects: String, Number (never a double),
 * Boolean, null, List, Map in the order written.
 */
public final class JsonValues {

  private static final int EXCERPT = 60;

  /** The line of a text that does not stand in a file. */
  private static final long NOWHERE = 0;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .errorReportConfiguration(
              ErrorReportConfiguration.builder().maxErrorTokenLength(EXCERPT).build())
          .build();

  private final long line;
  private @Nullable UserMessage problem;

  private JsonValues(long line) {
    this.line = line;
  }

  /**
   * The members of a record, or why there are none that can be trusted.
   *
   * @param members empty when there is a problem
   */
  public record Members(Map<String, @Nullable Object> members, @Nullable UserMessage problem) {}

  /**
   * The members of the object in this text.
   *
   * @param line where it begins, for what is said of it
   * @param column where it begins in that line, from 1
   * @param encoding the name of the file's encoding
   */
  public static Members read(String text, long line, long column, String encoding) {
    char[] chars = text.toCharArray();
    UserMessage stray = MalformedBytes.problem(chars, 0, chars.length, line, encoding);
    if (stray != null) {
      return new Members(Map.of(), stray);
    }
    try (JsonParser parser = FACTORY.createParser(chars)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return new Members(Map.of(), MessageCode.ROW_JSON_NOT_OBJECT.with(line, Shown.name(text)));
      }
      var values = new JsonValues(line);
      var members = values.object(parser);
      if (parser.nextToken() != null) {
        return new Members(
            Map.of(), MessageCode.ROW_JSON_BROKEN.with(line, MessageCode.JSON_TRAILING.with()));
      }
      return values.problem == null
          ? new Members(members, null)
          : new Members(Map.of(), values.problem);
    } catch (JsonProcessingException e) {
      var fault = JsonFault.of(e, line, column);
      return new Members(Map.of(), MessageCode.ROW_JSON_BROKEN.with(line, fault));
    } catch (IOException e) {
      return new Members(
          Map.of(), MessageCode.ROW_JSON_BROKEN.with(line, String.valueOf(e.getMessage())));
    }
  }

  /**
   * Any value of JSON, or why there is none that can be trusted.
   *
   * @param value null when there is a problem, and of the text {@code null}
   * @param problem a part of a sentence
   */
  public record Parsed(@Nullable Object value, @Nullable Object problem) {}

  /** The value of JSON that a text is as a whole, where the text has no place in a file. */
  public static Parsed parse(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        return new Parsed(null, MessageCode.JSON_MISSING.with());
      }
      var values = new JsonValues(NOWHERE);
      Object value = values.value(parser);
      Object problem =
          parser.nextToken() == null ? values.problem : MessageCode.JSON_TRAILING.with();
      return new Parsed(problem == null ? value : null, problem);
    } catch (JsonProcessingException e) {
      return new Parsed(null, JsonFault.of(e));
    } catch (IOException e) {
      return new Parsed(null, String.valueOf(e.getMessage()));
    }
  }

  /** The String that a JSON string stands for, or null if it is none. */
  static @Nullable String string(String json) {
    try (JsonParser parser = FACTORY.createParser(json)) {
      return parser.nextToken() == JsonToken.VALUE_STRING ? parser.getText() : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** The object as text on one line. */
  public static String write(Map<String, ?> object) {
    var out = new StringBuilder();
    append(out, object);
    return out.toString();
  }

  private static void append(StringBuilder out, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      out.append('{');
      String between = "";
      for (var entry : map.entrySet()) {
        out.append(between);
        append(out, String.valueOf(entry.getKey()));
        out.append(':');
        append(out, entry.getValue());
        between = ",";
      }
      out.append('}');
    } else if (value instanceof List<?> list) {
      out.append('[');
      String between = "";
      for (Object element : list) {
        out.append(between);
        append(out, element);
        between = ",";
      }
      out.append(']');
    } else if (value instanceof String text) {
      out.append('"');
      appendQuoted(out, text);
      out.append('"');
    } else {
      out.append(value);
    }
  }

  /** Half characters, stray bytes among them, are written as escapes: UTF-8 has none for them. */
  private static void appendQuoted(StringBuilder out, String text) {
    var quoted = new StringBuilder(text.length() + 8);
    JsonStringEncoder.getInstance().quoteAsString(text, quoted);
    quoted
        .codePoints()
        .forEach(
            c -> {
              if (isHalf(c)) {
                out.append(String.format("\\u%04x", c));
              } else {
                out.appendCodePoint(c);
              }
            });
  }

  private Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
    var members = new LinkedHashMap<String, @Nullable Object>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = checked(parser.currentName());
      parser.nextToken();
      Object value = value(parser);
      if (members.containsKey(name) && problem == null) {
        problem =
            line == NOWHERE
                ? MessageCode.JSON_NAME_TWICE.with(Shown.name(name))
                : MessageCode.ROW_JSON_NAME_TWICE.with(line, Shown.name(name));
      }
      members.put(name, value);
    }
    return members;
  }

  private @Nullable Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> {
        var list = new ArrayList<@Nullable Object>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        yield list;
      }
      case VALUE_STRING -> checked(parser.getText());
      case VALUE_NUMBER_INT -> parser.getNumberValue();
      case VALUE_NUMBER_FLOAT -> decimal(parser);
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  /** Java has no number with an exponent of more than ten digits. */
  private @Nullable BigDecimal decimal(JsonParser parser) throws IOException {
    try {
      return parser.getDecimalValue();
    } catch (ArithmeticException | NumberFormatException e) {
      if (problem == null) {
        var size = MessageCode.JSON_NUMBER_SIZE.with(Shown.name(parser.getText()));
        problem = line == NOWHERE ? size : MessageCode.ROW_JSON_BROKEN.with(line, size);
      }
      return null;
    }
  }

  /** Kintone cannot be sent half a character. */
  private String checked(String text) {
    if (problem == null && text.codePoints().anyMatch(JsonValues::isHalf)) {
      problem =
          line == NOWHERE
              ? MessageCode.JSON_NO_CHARACTER.with(shown(text))
              : MessageCode.ROW_JSON_NO_CHARACTER.with(line, shown(text));
    }
    return text;
  }

  private static boolean isHalf(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  private static String shown(String text) {
    var shown = new StringBuilder();
    text.codePoints()
        .limit(EXCERPT)
        .map(c -> isHalf(c) ? 0xFFFD : c)
        .forEach(shown::appendCodePoint);
    return shown.toString();
  }
}
