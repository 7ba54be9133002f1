package dev.kintonesync.source.json;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.text.CharWindow;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts JSON into the texts of its records: the lines of a file, or the elements of a list somewhere
 * in a document. It only follows brackets and quotes, so that what is wrong inside of one record
 * stays inside of it.
 */
final class JsonCutter implements Closeable {

  private static final int END = -1;
  private static final int DEEPEST_LIST = 5;
  private static final int MOST_LISTS = 10;

  private final CharWindow text;
  private int start;
  private long line = 1;
  private long column = 1;
  private boolean afterReturn;
  // Containers around the list, each of which has to be closed for the document to be complete.
  private int around;
  private boolean elementBefore;

  /** What breaks a document as a whole. */
  static final class BrokenException extends IOException {
    private static final long serialVersionUID = 1;
    private final transient UserMessage why;
    private final long line;
    private final long column;

    BrokenException(long line, long column, UserMessage why) {
      super(why + " (line " + line + ", column " + column + ")");
      this.line = line;
      this.column = column;
      this.why = why;
    }

    long line() {
      return line;
    }

    long column() {
      return column;
    }

    UserMessage why() {
      return why;
    }
  }

  /**
   * The text of a record.
   *
   * @param line the line in which it begins, from 1
   * @param column the column in which it begins, from 1
   * @param tooLong whether it is only a part of a line that is longer than a record may be
   */
  record Cut(long line, long column, String text, boolean tooLong) {}

  JsonCutter(CharWindow text) {
    this.text = text;
  }

  long bytesRead() {
    return text.bytesTaken();
  }

  /** The line that was reached. */
  long line() {
    return line;
  }

  /** The next line that is not blank, or null at the end. */
  @Nullable Cut nextLine() throws IOException {
    skipBlanks();
    if (peek() == END) {
      return null;
    }
    long first = line;
    long firstColumn = column;
    int at = 0;
    while (has(at) && text.chars()[start + at] != '\n' && text.chars()[start + at] != '\r') {
      at++;
    }
    boolean tooLong = !has(at) && text.full();
    String cut = new String(text.chars(), start, at);
    start += at;
    column += at;
    return new Cut(first, firstColumn, cut, tooLong);
  }

  /**
   * Goes to the list at a pointer.
   *
   * @param path the names and numbers of the pointer; none for the document itself
   * @return whether a list is there; if not, this cutter is of no more use
   * @throws BrokenException if the document is broken before it
   */
  boolean enterList(List<String> path) throws IOException {
    skipBlanks();
    for (String step : path) {
      if (!enter(step)) {
        return false;
      }
      around++;
    }
    if (peek() != '[') {
      return false;
    }
    take();
    return true;
  }

  private boolean enter(String step) throws IOException {
    if (peek() == '{') {
      take();
      for (String name = name(true); name != null; name = name(false)) {
        if (name.equals(step)) {
          return true;
        }
        skipValue();
      }
    } else if (peek() == '[' && step.matches("[0-9]{1,9}")) {
      take();
      for (int i = Integer.parseInt(step); i > 0; i--) {
        skipValue();
        skipBlanks();
        if (peek() != ',') {
          return false;
        }
        take();
      }
      skipBlanks();
      return peek() != ']';
    }
    return false;
  }

  /**
   * The next element of the list that was entered, or null after the last one; then the rest of the
   * document has been seen to be complete.
   *
   * @throws BrokenException if the document is broken here
   */
  @Nullable Cut nextElement() throws IOException {
    skipBlanks();
    if (peek() == ']') {
      take();
      closeDocument();
      return null;
    }
    if (elementBefore) {
      expect(',', "\",\"");
      skipBlanks();
    }
    elementBefore = true;
    long first = line;
    long firstColumn = column;
    int at = valueLength(true);
    String cut = new String(text.chars(), start, at);
    skip(at);
    return new Cut(first, firstColumn, cut, false);
  }

  private void closeDocument() throws IOException {
    skipRest(around);
    skipBlanks();
    if (peek() != END) {
      throw broken(MessageCode.JSON_TRAILING.with());
    }
  }

  /** Whether the first value of the text is complete; if so, it is passed over. */
  boolean skipFirstValue() throws IOException {
    skipBlanks();
    try {
      skipValue();
      return true;
    } catch (BrokenException e) {
      return false;
    }
  }

  /** Pointers to the lists of objects in the document, from its beginning. */
  List<String> lists() throws IOException {
    List<String> found = new ArrayList<>();
    skipBlanks();
    try {
      findLists("", 0, found);
    } catch (BrokenException e) {
      // What was found so far helps all the same.
      return found;
    }
    return found;
  }

  private void findLists(String at, int depth, List<String> found) throws IOException {
    if (peek() == '{' && depth < DEEPEST_LIST && found.size() < MOST_LISTS) {
      take();
      for (String name = name(true); name != null; name = name(false)) {
        String escaped = name.replace("~", "~0").replace("/", "~1");
        findLists(at + "/" + escaped, depth + 1, found);
      }
    } else if (peek() == '[') {
      take();
      skipBlanks();
      if (peek() == '{') {
        found.add(at.isEmpty() ? "/" : at);
      }
      skipRest(1);
    } else {
      skipValue();
    }
  }

  /** The name of an object's next member, its value coming next; null at the object's end. */
  private @Nullable String name(boolean first) throws IOException {
    skipBlanks();
    if (peek() == '}') {
      take();
      return null;
    }
    if (!first) {
      expect(',', "\",\"");
      skipBlanks();
    }
    if (peek() != '"') {
      throw unexpected(MessageCode.JSON_NAME.with());
    }
    int at = valueLength(true);
    String name = JsonValues.string(new String(text.chars(), start, at));
    skip(at);
    skipBlanks();
    expect(':', "\":\"");
    skipBlanks();
    return name == null ? "" : name;
  }

  private void skipValue() throws IOException {
    skipBlanks();
    if (peek() == '{' || peek() == '[') {
      take();
      skipRest(1);
    } else {
      skip(valueLength(false));
    }
  }

  /** Passes over what is left inside of so many containers, and their ends. */
  private void skipRest(int containers) throws IOException {
    for (int open = containers; open > 0; ) {
      switch (peek()) {
        case END -> throw broken(MessageCode.JSON_ENDS.with());
        case '"' -> skip(valueLength(false));
        case '{', '[' -> {
          take();
          open++;
        }
        case '}', ']' -> {
          take();
          open--;
        }
        default -> take();
      }
    }
  }

  /**
   * How many characters the value has that begins here; all of them are in the window then.
   *
   * @param nested whether it may be an object or a list
   */
  private int valueLength(boolean nested) throws IOException {
    int at = 0;
    int open = 0;
    boolean quoted = false;
    while (true) {
      if (!has(at)) {
        throw broken(
            text.full()
                ? MessageCode.JSON_TOO_LONG.with(CharWindow.LONGEST)
                : MessageCode.JSON_ENDS.with());
      }
      char c = text.chars()[start + at];
      if (quoted) {
        if (c == '\\') {
          at++;
        } else if (c == '"') {
          quoted = false;
          if (open == 0) {
            return at + 1;
          }
        }
      } else if (c == '"' && (open > 0 || at == 0)) {
        quoted = true;
      } else if (nested && (c == '{' || c == '[') && (open > 0 || at == 0)) {
        open++;
      } else if (open > 0 && (c == '}' || c == ']')) {
        open--;
        if (open == 0) {
          return at + 1;
        }
      } else if (open == 0 && (isBlank(c) || c == ',' || c == ']' || c == '}' || c == ':')) {
        if (at == 0) {
          throw unexpected(MessageCode.JSON_VALUE.with());
        }
        return at;
      }
      at++;
    }
  }

  private void expect(char wanted, String called) throws IOException {
    if (peek() != wanted) {
      throw unexpected(called);
    }
    take();
  }

  private BrokenException unexpected(Object wanted) throws IOException {
    int found = peek();
    return broken(
        found == END
            ? MessageCode.JSON_ENDS.with()
            : MessageCode.JSON_UNEXPECTED.with(String.valueOf((char) found), wanted));
  }

  private BrokenException broken(UserMessage why) {
    return new BrokenException(line, column, why);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  private void skipBlanks() throws IOException {
    while (has(0) && isBlank(text.chars()[start])) {
      take();
    }
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      take();
    }
  }

  private int peek() throws IOException {
    return has(0) ? text.chars()[start] : END;
  }

  private void take() throws IOException {
    if (!has(0)) {
      throw broken(MessageCode.JSON_ENDS.with());
    }
    char c = text.chars()[start++];
    if (c == '\r' || (c == '\n' && !afterReturn)) {
      line++;
      column = 1;
    } else if (c != '\n') {
      column++;
    }
    afterReturn = c == '\r';
  }

  /** Whether the text has a character that far from here. */
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

  @Override
  public void close() throws IOException {
    text.close();
  }
}
