package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kintonesync.message.Blank;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import org.jspecify.annotations.Nullable;

/** Text of every kind, kept letter by letter; links as well. */
final class TextRules implements ValueRules {

  /** Kintone's limit for a text whose duplicates it prohibits, in UTF-16 units. */
  private static final int LONGEST_UNIQUE = 64;

  private static final Converted.Value EMPTY = new Converted.Value(TextNode.valueOf(""));

  @Override
  public Converted convert(Field field, @Nullable Object raw, Conversion conversion) {
    String text = raw == null ? "" : RawValues.text(raw);
    if (text == null) {
      return new Converted.Refused(
          MessageCode.VALUE_NOT_TEXT.with(field.name(), RawValues.excerpt(raw)));
    }
    if (field.type() == FieldType.LINK) {
      text = Blank.strip(text);
    }
    UserMessage problem = problem(field, text);
    if (problem != null) {
      return new Converted.Refused(problem);
    }
    return text.isEmpty() ? EMPTY : new Converted.Value(TextNode.valueOf(text));
  }

  private static @Nullable UserMessage problem(Field field, String text) {
    int length = text.length();
    if (length < field.minLength()) {
      return MessageCode.VALUE_TOO_SHORT.with(
          field.name(), RawValues.excerpt(text), length, field.minLength());
    }
    if (length > field.maxLength()) {
      return MessageCode.VALUE_TOO_LONG.with(
          field.name(), RawValues.excerpt(text), length, field.maxLength());
    }
    if (field.type() == FieldType.SINGLE_LINE_TEXT && field.unique() && length > LONGEST_UNIQUE) {
      return MessageCode.VALUE_TOO_LONG_FOR_UNIQUE.with(
          field.name(), RawValues.excerpt(text), length, LONGEST_UNIQUE);
    }
    return field.type() == FieldType.LINK && length > 0 ? linkProblem(field, text) : null;
  }

  /** Only what Kintone is sure to refuse: its own rules for links are not published. */
  private static @Nullable UserMessage linkProblem(Field field, String text) {
    boolean blanks = text.chars().anyMatch(Character::isWhitespace);
    return switch (field.protocol()) {
      case "MAIL" -> {
        int at = text.indexOf('@');
        boolean address = !blanks && at > 0 && at < text.length() - 1;
        yield address
            ? null
            : MessageCode.VALUE_NOT_A_MAIL_ADDRESS.with(field.name(), RawValues.excerpt(text));
      }
      case "CALL" -> {
        boolean number = text.chars().anyMatch(c -> c >= '0' && c <= '9');
        yield number
            ? null
            : MessageCode.VALUE_NOT_A_PHONE_NUMBER.with(field.name(), RawValues.excerpt(text));
      }
      default -> {
        boolean address = !blanks && hasScheme(text);
        yield address
            ? null
            : MessageCode.VALUE_NOT_A_WEB_ADDRESS.with(field.name(), RawValues.excerpt(text));
      }
    };
  }

  /** A single letter before the colon is a drive. */
  private static boolean hasScheme(String text) {
    int colon = text.indexOf(':');
    return colon > 1
        && colon < text.length() - 1
        && text.chars().limit(colon).allMatch(TextRules::inScheme);
  }

  private static boolean inScheme(int c) {
    return c < 128 && (Character.isLetterOrDigit(c) || c == '+' || c == '-' || c == '.');
  }

  @Override
  public boolean same(Field field, JsonNode one, JsonNode other) {
    String a = one.asText();
    String b = other.asText();
    return a.equals(b)
        || (field.type() == FieldType.MULTI_LINE_TEXT && lineFeeds(a).equals(lineFeeds(b)));
  }

  private static String lineFeeds(String text) {
    return text.indexOf('\r') < 0 ? text : text.replace("\r\n", "\n").replace('\r', '\n');
  }
}
