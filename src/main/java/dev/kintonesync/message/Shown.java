package dev.kintonesync.message;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * Text that others wrote (names of files, sheets and columns, values, answers of servers) as a
 * person may see it. A line end in a name must not look like a line of a log, and an escape
 * character must not move the cursor of a terminal or turn a line around: what has no shape of its
 * own is shown as {@code \n}, <code>\x1b</code> or <code>\u202e</code>. All other characters stay.
 */
public final class Shown {
  private static final String INDENT = "    ";

  /** The longest name that is shown whole, in characters; labels of fields in Kintone have 128. */
  private static final int LONGEST_NAME = 60;

  private static final int MOST_NAMES = 20;

  /** Longer than any path; what stands behind is no help to a person. */
  private static final int LONGEST_TEXT = 4_096;

  /** The most zeros or decimals of a number that are written out. */
  private static final int MOST_PLACES = 400;

  private Shown() {}

  /** A number in plain digits; with an exponent where those would be hundreds, or gigabytes. */
  public static String number(BigDecimal number) {
    boolean plain = Math.abs((long) number.scale()) <= MOST_PLACES;
    return plain ? number.toPlainString() : number.toString();
  }

  /** The text on one line, up to 4,096 characters of it. */
  public static String text(String text) {
    return escaped(cut(text, LONGEST_TEXT), false);
  }

  /** The text with its own line ends; each further line is indented, so that none can be forged. */
  public static String lines(String text) {
    var shown = new StringBuilder(text.length() + INDENT.length());
    for (String line : text.split("\\R", -1)) {
      boolean further = !shown.isEmpty();
      shown.append(further ? "\n" : "");
      shown.append(further && !line.isEmpty() && line.charAt(0) > ' ' ? INDENT : "");
      shown.append(escaped(line, true));
    }
    return shown.toString();
  }

  /**
   * The text of a program's output, JSON or properties, with such characters written as both write
   * them, <code>\u202e</code>; its line ends stay. A program reads it as it was.
   */
  public static String output(String text) {
    var shown = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isShapeless(c) && c != '\n' && c != '\r' && c != '\t') {
                shown.append(String.format("\\u%04x", c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    return shown.toString();
  }

  /** A name that stands in somebody's file, shortened to 60 characters. */
  public static String name(String name) {
    return escaped(cut(name, LONGEST_NAME), false);
  }

  /** The first 20 of such names; how many more there are stands behind. */
  public static String names(Collection<String> names) {
    String first =
        names.stream().limit(MOST_NAMES).map(Shown::name).collect(Collectors.joining(", "));
    int more = names.size() - MOST_NAMES;
    return more > 0 ? first + ", … (+" + more + ")" : first;
  }

  private static String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
    return text.substring(0, end) + "…";
  }

  private static String escaped(String text, boolean keepTabs) {
    if (text.codePoints().noneMatch(Shown::isShapeless)) {
      return text;
    }
    var shown = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              if (!isShapeless(c) || (keepTabs && c == '\t')) {
                shown.appendCodePoint(c);
              } else {
                shown.append(escape(c));
              }
            });
    return shown.toString();
  }

  private static String escape(int c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> String.format(c < 0x100 ? "\\x%02x" : "\\u%04x", c);
    };
  }

  /**
   * Whether this is a control character (ESC and C1 among them), a line or paragraph separator, a
   * mark that turns the direction of text, or half a character. Joiners stay: emoji need them.
   */
  private static boolean isShapeless(int c) {
    return Character.isISOControl(c)
        || c == 0x061C
        || c == 0x200E
        || c == 0x200F
        || (c >= 0x2028 && c <= 0x202E)
        || (c >= 0x2066 && c <= 0x206F)
        || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }
}
