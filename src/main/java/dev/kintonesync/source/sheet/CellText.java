package dev.kintonesync.source.sheet;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text as the cells of a workbook write it: a character that XML cannot hold is {@code _x0008_}.
 * Source: ECMA-376 part 1, 22.9.2.19 (ST_Xstring).
 */
final class CellText {

  private static final Pattern ESCAPE = Pattern.compile("_x([0-9A-Fa-f]{4})_");
  private static final Pattern LOOKS_ESCAPED = Pattern.compile("_(?=x[0-9A-Fa-f]{4}_)");

  private CellText() {}

  /** What such a text stands for. */
  static String unescape(String text) {
    return text.contains("_x")
        ? ESCAPE
            .matcher(text)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        String.valueOf((char) Integer.parseInt(found.group(1), 16))))
        : text;
  }

  /** The text as a cell writes it; half a character, which no file may hold, becomes U+FFFD. */
  static String escape(String text) {
    String marked = text.contains("_x") ? LOOKS_ESCAPED.matcher(text).replaceAll("_x005F_") : text;
    StringBuilder escaped = new StringBuilder(marked.length());
    marked
        .codePoints()
        .forEach(
            c -> {
              if (c < ' ' && c != '\n' && c != '\t') {
                escaped.append(String.format("_x%04X_", c));
              } else if (c == 0xFFFE || c == 0xFFFF || (c >= 0xD800 && c <= 0xDFFF)) {
                escaped.append('\uFFFD');
              } else {
                escaped.appendCodePoint(c);
              }
            });
    return escaped.toString();
  }
}
