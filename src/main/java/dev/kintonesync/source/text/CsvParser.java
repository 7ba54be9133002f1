package dev.kintonesync.source.text;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts text into rows by RFC 4180, with any of CRLF, LF and CR as line end. Blank lines are passed
 * over.
 *
 * <p>What breaks the quoting (a quote that is never closed, text after a closing quote, a row of
 * millions of characters) makes it unknown where the rows around it begin and end. Then every line
 * from the beginning of the broken row up to the first line that ends outside quotes is handed out
 * as a row of its own, each with its problem: none of them becomes a record by guess, none is lost,
 * and none is held in memory for the sake of the others.
 */
final class CsvParser {

  private static final char QUOTE = '"';
  // Four times as many as a sheet has columns. Each field is an object of its own.
  private static final int MOST_FIELDS = 1 << 16;
  private static final char MARK = '\uFEFF';
  // Ends a file written by DOS programs, which are still about in accounting.
  private static final char DOS_END = '\u001A';

  private final CharWindow text;
  private final char delimiter;
  private final String encoding;
  private final Quoting quoting;

  private int start;
  private long line = 1;
  private long rowsPassed;
  private boolean afterReturn;
  private String[] fields = new String[16];
  private int count;
  private long lineOfRow;
  private boolean equalsSign;
  // While the lines of a broken row are handed out: what to say of the next one, and of the rest.
  private boolean broken;
  private boolean tooLong;
  private @Nullable UserMessage said;

  CsvParser(CharWindow text, char delimiter, String encoding) {
    this.text = text;
    this.delimiter = delimiter;
    this.encoding = encoding;
    this.quoting = new Quoting(delimiter);
  }

  /** The next row, or null at the end of the text. */
  @Nullable TextRow next() throws IOException {
    if (!toNextLine()) {
      return null;
    }
    return broken ? brokenLine() : row();
  }

  /** How many rows stand before the one that was handed out last, blank ones among them. */
  long rowsPassed() {
    return rowsPassed;
  }

  /** Whether a field of the row that was handed out last begins with an equals sign. */
  boolean hasEqualsSign() {
    return equalsSign;
  }

  /** Passes over line ends; false at the end of the text. */
  private boolean toNextLine() throws IOException {
    while (has(0)) {
      char c = text.chars()[start];
      if (c == '\r' || c == '\n') {
        if (c == '\r' || !afterReturn) {
          line++;
          rowsPassed++;
        }
        afterReturn = c == '\r';
        start++;
      } else if (c == MARK) {
        // Where files were put together, the mark of the second stands before its first line.
        start++;
      } else {
        afterReturn = false;
        return c != DOS_END || has(1);
      }
    }
    return false;
  }

  private TextRow row() throws IOException {
    count = 0;
    equalsSign = false;
    lineOfRow = line;
    int at = 0;
    while (true) {
      if (has(at) && text.chars()[start + at] == QUOTE) {
        at = quotedField(at + 1);
        if (at < 0) {
          return brokenLine();
        }
      } else {
        at = plainField(at);
      }
      if (!has(at)) {
        if (text.full()) {
          breakUpTooLong();
          return brokenLine();
        }
        break;
      }
      if (text.chars()[start + at] != delimiter) {
        break;
      }
      if (count == MOST_FIELDS) {
        breakUp(MessageCode.ROW_TOO_WIDE.with(lineOfRow, MOST_FIELDS));
        return brokenLine();
      }
      at++;
    }
    UserMessage problem = strayBytes(start + at);
    start += at;
    return new TextRow(lineOfRow, List.of(Arrays.copyOf(fields, count)), problem);
  }

  /** Adds the field that begins here; returns where it ends. */
  private int plainField(int from) throws IOException {
    int at = from;
    do {
      char[] chars = text.chars();
      int limit = text.limit();
      int i = start + at;
      while (i < limit && chars[i] != delimiter && chars[i] != '\n' && chars[i] != '\r') {
        i++;
      }
      at = i - start;
    } while (start + at == text.limit() && has(at));
    add(from, at);
    return at;
  }

  /** Adds the field whose quote was opened just before; returns where it ends, -1 if broken. */
  private int quotedField(int from) throws IOException {
    long quoteLine = line;
    boolean doubled = false;
    char before = 0;
    int at = from;
    while (has(at)) {
      char[] chars = text.chars();
      int limit = text.limit();
      int i = start + at;
      while (i < limit && chars[i] != QUOTE) {
        char c = chars[i++];
        if (c == '\r' || (c == '\n' && before != '\r')) {
          line++;
        }
        before = c;
      }
      at = i - start;
      if (i == limit) {
        continue;
      }
      if (!has(at + 1) || text.chars()[start + at + 1] != QUOTE) {
        add(from, at);
        if (doubled) {
          fields[count - 1] = fields[count - 1].replace("\"\"", "\"");
        }
        return closed(at + 1, quoteLine);
      }
      doubled = true;
      before = QUOTE;
      at += 2;
    }
    if (text.full()) {
      breakUpTooLong();
    } else {
      long swallowed = line - quoteLine - (before == '\n' || before == '\r' ? 1 : 0);
      breakUp(MessageCode.ROW_QUOTE_NOT_CLOSED.with(quoteLine, swallowed));
    }
    return -1;
  }

  private int closed(int at, long quoteLine) throws IOException {
    if (has(at)) {
      char next = text.chars()[start + at];
      if (next != delimiter && next != '\r' && next != '\n') {
        breakUp(MessageCode.ROW_TEXT_AFTER_QUOTE.with(line, quoteLine));
        return -1;
      }
    }
    return at;
  }

  private void breakUp(UserMessage first) {
    broken = true;
    tooLong = false;
    said = first;
    line = lineOfRow;
    quoting.begin();
  }

  private void breakUpTooLong() {
    breakUp(MessageCode.ROW_TOO_LONG.with(lineOfRow, CharWindow.LONGEST));
    tooLong = true;
  }

  /** One line of a broken row, or as much of it as the window holds. */
  private TextRow brokenLine() throws IOException {
    int at = 0;
    while (has(at)) {
      char c = text.chars()[start + at];
      if (c == '\r' || c == '\n') {
        break;
      }
      quoting.take(c);
      at++;
    }
    boolean wholeLine = has(at) || !text.full();
    UserMessage problem = said != null ? said : MessageCode.ROW_OF_BROKEN_ROW.with(line, lineOfRow);
    said = tooLong ? problem : null;
    String raw = new String(text.chars(), start, at);
    List<String> parts = wholeLine && !isTooWide(raw) ? loosely(raw) : List.of(raw);
    TextRow row = new TextRow(line, parts, problem);
    equalsSign = raw.indexOf('=') >= 0;
    start += at;
    if (wholeLine) {
      broken = quoting.lineEnds();
    }
    return row;
  }

  private boolean isTooWide(String raw) {
    return raw.chars().filter(c -> c == delimiter).count() >= MOST_FIELDS;
  }

  /**
   * The fields of one line of a broken row, as well as they can be told: quotes count where they
   * open and close within the line, and are text elsewhere.
   */
  private List<String> loosely(String raw) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    while (from <= raw.length()) {
      int close = raw.startsWith("\"", from) ? closingQuote(raw, from) : -1;
      int end = close < 0 ? raw.indexOf(delimiter, from) : close + 1;
      end = end < 0 ? raw.length() : end;
      parts.add(
          close < 0
              ? raw.substring(from, end)
              : raw.substring(from + 1, close).replace("\"\"", "\""));
      from = end + 1;
    }
    return Collections.unmodifiableList(parts);
  }

  /** Where the quote opened here is closed at the end of its field, or -1. */
  private int closingQuote(String raw, int open) {
    int at = raw.indexOf(QUOTE, open + 1);
    while (at >= 0 && raw.startsWith("\"", at + 1)) {
      at = raw.indexOf(QUOTE, at + 2);
    }
    boolean endsField = at + 1 == raw.length() || (at >= 0 && raw.charAt(at + 1) == delimiter);
    return endsField ? at : -1;
  }

  private @Nullable UserMessage strayBytes(int end) {
    return text.hasStray(start)
        ? MalformedBytes.problem(text.chars(), start, end, lineOfRow, encoding)
        : null;
  }

  private void add(int from, int to) {
    if (count == fields.length) {
      fields = Arrays.copyOf(fields, count * 2);
    }
    if (from == to) {
      fields[count++] = "";
      return;
    }
    equalsSign |= text.chars()[start + from] == '=';
    fields[count++] = new String(text.chars(), start + from, to - from);
  }

  /** Whether the text has a character that far from the start of the row. */
  private boolean has(int at) throws IOException {
    while (start + at >= text.limit()) {
      boolean more = text.more(start);
      start = 0;
      if (!more) {
        return false;
      }
    }
    return true;
  }

  /** Follows the quotes of a broken row, to know at which line's end it is over. */
  private static final class Quoting {
    private enum State {
      FIELD_BEGINS,
      PLAIN,
      QUOTED,
      AFTER_QUOTE
    }

    private final char delimiter;
    private State place = State.FIELD_BEGINS;

    Quoting(char delimiter) {
      this.delimiter = delimiter;
    }

    void begin() {
      place = State.FIELD_BEGINS;
    }

    void take(char c) {
      place =
          switch (place) {
            case QUOTED -> c == QUOTE ? State.AFTER_QUOTE : State.QUOTED;
            case AFTER_QUOTE -> c == QUOTE ? State.QUOTED : outside(c);
            case FIELD_BEGINS -> c == QUOTE ? State.QUOTED : outside(c);
            case PLAIN -> outside(c);
          };
    }

    private State outside(char c) {
      return c == delimiter ? State.FIELD_BEGINS : State.PLAIN;
    }

    /** Whether the row goes on in the next line. */
    boolean lineEnds() {
      if (place != State.QUOTED) {
        place = State.FIELD_BEGINS;
      }
      return place == State.QUOTED;
    }
  }
}
