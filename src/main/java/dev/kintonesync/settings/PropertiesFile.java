package dev.kintonesync.settings;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A file of lines {@code key = value}, with the line of every entry. Stricter than {@link
 * java.util.Properties}, which reads ISO-8859-1, drops lone backslashes and lets the last of two
 * equal keys win: what a person may not have meant is refused here with its line.
 */
final class PropertiesFile {

  /**
   * One entry. Values are never printed.
   *
   * @param line that of its key, counted from 1
   * @param last the line in which its value ends
   */
  record Entry(String key, String value, int line, int last) {
    @Override
    public String toString() {
      return key + " (line " + line + ")";
    }
  }

  private static final Pattern LINE_END = Pattern.compile("\r\n|\r|\n");
  private static final Pattern COMMENT_IN_VALUE = Pattern.compile("(^|\\s)#");

  /** A line that surely begins an entry of its own, whatever the line before it ends with. */
  private static final Pattern ENTRY_OF_ITS_OWN =
      Pattern.compile("(kintone|job|camel)\\.[^\\s=:]+\\s*[=:].*|lang\\s*[=:].*");

  private final Path file;
  private final String[] lines;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /**
   * Reads a file.
   *
   * @throws UserErrorException when it cannot be read, is not UTF-8, or has a line that may not
   *     mean what it seems to; names the line, never a value
   */
  static PropertiesFile read(Path file) {
    try {
      return new PropertiesFile(file, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UserErrorException(
          MessageCode.FILE_UNREADABLE.with(file, String.valueOf(e.getMessage())), e);
    }
  }

  /** Reads what a file has, or is to have. */
  static PropertiesFile of(Path file, byte[] bytes) {
    return new PropertiesFile(file, bytes);
  }

  private PropertiesFile(Path file, byte[] bytes) {
    this.file = file;
    this.lines = LINE_END.split(decode(bytes), -1);
    for (int next = 0; next < lines.length; ) {
      next = isBlankOrComment(lines[next]) ? next + 1 : readEntry(next);
    }
  }

  /** In the order of the file. */
  List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  /** Where an entry stands, for messages. */
  UserMessage place(Entry entry) {
    return MessageCode.PLACE_LINE.with(file, entry.line());
  }

  /** Reads the entry that begins at an index and returns the index of the line behind it. */
  private int readEntry(int first) {
    String line = lines[first].strip();
    int separator = separator(line);
    String key = separator < 0 ? "" : unescape(line.substring(0, separator), first).strip();
    if (key.isEmpty() || key.chars().anyMatch(Character::isWhitespace)) {
      throw refused(MessageCode.LINE_WITHOUT_EQUALS, first);
    }
    var value = new StringBuilder();
    String piece = line.substring(separator + 1);
    int index = first;
    while (continues(piece)) {
      value.append(unescape(piece.substring(0, piece.length() - 1), index));
      index++;
      boolean goesOn =
          index < lines.length
              && !isBlankOrComment(lines[index])
              && !ENTRY_OF_ITS_OWN.matcher(lines[index].strip()).matches();
      if (!goesOn) {
        throw refused(MessageCode.LINE_CONTINUES_NOWHERE, index - 1);
      }
      piece = lines[index].strip();
    }
    value.append(unescape(piece, index));
    add(new Entry(key, value.toString().strip(), first + 1, index + 1));
    return index + 1;
  }

  private void add(Entry entry) {
    var earlier = entries.putIfAbsent(entry.key(), entry);
    if (earlier != null) {
      throw new UserErrorException(
          MessageCode.KEY_TWICE.with(place(entry), entry.key(), earlier.line()));
    }
    if (entry.value().isEmpty()) {
      throw new UserErrorException(MessageCode.VALUE_EMPTY.with(place(entry), entry.key()));
    }
  }

  private static int separator(String line) {
    int equals = line.indexOf('=');
    int colon = line.indexOf(':');
    return equals < 0 || colon < 0 ? Math.max(equals, colon) : Math.min(equals, colon);
  }

  private static boolean isBlankOrComment(String line) {
    String text = line.strip();
    return text.isEmpty() || text.startsWith("#") || text.startsWith("!");
  }

  /** An odd number of backslashes at the end: the last one is not itself escaped. */
  private static boolean continues(String piece) {
    int backslashes = 0;
    while (backslashes < piece.length() && piece.charAt(piece.length() - 1 - backslashes) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }

  private String unescape(String piece, int index) {
    if (COMMENT_IN_VALUE.matcher(piece).find()) {
      throw refused(MessageCode.COMMENT_IN_VALUE, index);
    }
    var text = new StringBuilder();
    for (int i = 0; i < piece.length(); i++) {
      char letter = piece.charAt(i);
      if (letter != '\\') {
        text.append(letter);
      } else if (piece.startsWith("\\\\", i)) {
        text.append('\\');
        i++;
      } else if (isUnicodeEscape(piece, i)) {
        text.append((char) Integer.parseInt(piece.substring(i + 2, i + 6), 16));
        i += 5;
      } else {
        throw refused(MessageCode.LONE_BACKSLASH, index);
      }
    }
    return text.toString();
  }

  /** A value as it has to stand in a file, so that this class reads it as it is. */
  static String written(String value) {
    return value.replace("\\", "\\\\").replace("#", "\\u0023");
  }

  private static boolean isUnicodeEscape(String piece, int at) {
    return piece.length() >= at + 6
        && piece.charAt(at + 1) == 'u'
        && piece.substring(at + 2, at + 6).chars().allMatch(PropertiesFile::isHexDigit);
  }

  private static boolean isHexDigit(int letter) {
    return "0123456789abcdefABCDEF".indexOf(letter) >= 0;
  }

  private String decode(byte[] bytes) {
    var input = ByteBuffer.wrap(bytes);
    var text = CharBuffer.allocate(bytes.length);
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(input, text, true);
    text.flip();
    // text in UTF-16 without its mark would pass as UTF-8 full of NULs
    int nul = text.toString().indexOf('\0');
    if (result.isError() || nul >= 0) {
      var before = text.subSequence(0, nul >= 0 ? nul : text.length());
      throw refused(MessageCode.NOT_UTF_8, LINE_END.split(before, -1).length - 1);
    }
    boolean marked = text.length() > 0 && text.charAt(0) == '\uFEFF';
    return text.subSequence(marked ? 1 : 0, text.length()).toString();
  }

  private UserErrorException refused(MessageCode why, int index) {
    return new UserErrorException(why.with(MessageCode.PLACE_LINE.with(file, index + 1)));
  }
}
