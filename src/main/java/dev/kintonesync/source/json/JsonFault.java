package dev.kintonesync.source.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserMessage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is wrong with a text of JSON and where, as a part of a sentence. The parser says it in
 * English, for programmers.
 */
public final class JsonFault {
  private static final Pattern WORD = beginning("(Unrecognized|Non-standard) token '(.*?)':");
  private static final Pattern CHARACTER = beginning("Unexpected (?:character \\(|close marker )'");
  private static final Pattern NUMBER =
      beginning("Invalid numeric value|Unexpected character .{0,40} in numeric value");
  private static final Pattern CONTROL =
      beginning("Illegal (?:unquoted )?character \\(\\(CTRL-CHAR, code (\\d+)\\)\\)");
  private static final Pattern ESCAPE = beginning("Unrecognized character escape '(.)'");
  private static final Pattern LIMIT =
      beginning("(Document nesting depth)?.*exceeds the maximum allowed \\((\\d+)");

  private final String words;
  private final JsonLocation location;
  private final long line;
  private final long column;

  private JsonFault(String words, JsonLocation location, long line, long column) {
    this.words = words;
    this.location = location;
    this.line = line;
    this.column = column;
  }

  private static Pattern beginning(String words) {
    return Pattern.compile(words, Pattern.DOTALL);
  }

  /** What is wrong with a text that is read as a whole. */
  public static UserMessage of(JsonProcessingException e) {
    return of(e, 1, 1);
  }

  /**
   * What is wrong with a text that is a part of a file.
   *
   * @param line the line of the file in which the text begins, from 1
   * @param column the column in which it begins, from 1
   */
  static UserMessage of(JsonProcessingException e, long line, long column) {
    String words = String.valueOf(e.getOriginalMessage());
    if (e instanceof StreamConstraintsException) {
      return limit(words);
    }
    JsonLocation location = e.getLocation();
    if (location == null || !(e instanceof StreamReadException)) {
      return MessageCode.JSON_OTHERWISE.with();
    }
    var fault = new JsonFault(words, location, line, column);
    return e instanceof JsonEOFException
        ? MessageCode.JSON_CUT_OFF.with(fault.place(0))
        : fault.message();
  }

  private static UserMessage limit(String words) {
    Matcher limit = LIMIT.matcher(words);
    if (!limit.lookingAt()) {
      return MessageCode.JSON_OTHERWISE.with();
    }
    var text = limit.group(1) == null ? MessageCode.JSON_LONG_VALUE : MessageCode.JSON_DEEP;
    return text.with(Long.parseLong(limit.group(2)));
  }

  private UserMessage message() {
    Matcher word = WORD.matcher(words);
    if (word.lookingAt()) {
      // of a word that others than JSON have, the parser tells where it ends
      int back = word.group(1).equals("Non-standard") ? word.group(2).length() : 0;
      return MessageCode.JSON_WORD.with(Shown.name(word.group(2)), place(back));
    }
    Matcher control = CONTROL.matcher(words);
    if (control.lookingAt()) {
      String code = String.format("U+%04X", Integer.parseInt(control.group(1)));
      return MessageCode.JSON_CONTROL_CHARACTER.with(code, place(0));
    }
    Matcher escape = ESCAPE.matcher(words);
    if (escape.lookingAt()) {
      return MessageCode.JSON_ESCAPE.with(Shown.name("\\" + escape.group(1)), place(0));
    }
    if (NUMBER.matcher(words).lookingAt()) {
      return MessageCode.JSON_NUMBER.with(place(0));
    }
    Matcher character = CHARACTER.matcher(words);
    if (character.lookingAt()) {
      String found = words.substring(character.end(), character.end() + 1);
      return MessageCode.JSON_CHARACTER.with(Shown.name(found), place(0));
    }
    return MessageCode.JSON_BROKEN_AT.with(place(0));
  }

  /** The column, after the line where the text has several. */
  private UserMessage place(int back) {
    int row = location.getLineNr();
    int at = location.getColumnNr() - back;
    return row == 1
        ? MessageCode.JSON_COLUMN.with(at + column - 1)
        : MessageCode.JSON_LINE_AND_COLUMN.with(line + row - 1, at);
  }
}
