package dev.kintonesync.settings;

import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads {@code CUST_CD=顧客コード, "Name, first"=name}: pairs between commas. A name that holds a comma
 * or an equals sign stands in quotation marks; a quotation mark inside them is doubled.
 */
final class ColumnPairs {
  private final String text;
  private int at;

  private ColumnPairs(String text) {
    this.text = text;
  }

  /**
   * Column to field code in the order written.
   *
   * @throws RefusedException without the place, for a pair that is none, and for a column or a
   *     field that stands there twice
   */
  static Map<String, String> read(String text) {
    var reader = new ColumnPairs(text);
    var pairs = new LinkedHashMap<String, String>();
    var fields = new HashSet<String>();
    do {
      int start = reader.at;
      String column = reader.name();
      boolean joined = reader.skip('=');
      String field = joined ? reader.name() : "";
      if (column.isEmpty() || field.isEmpty() || !reader.atPairEnd()) {
        throw new RefusedException(Text.NOT_A_PAIR.with(reader.pairFrom(start)));
      }
      if (pairs.putIfAbsent(column, field) != null) {
        throw new RefusedException(Text.COLUMN_MAPPED_TWICE.with(column));
      }
      if (!fields.add(field)) {
        throw new RefusedException(Text.FIELD_NAMED_TWICE.with(field));
      }
    } while (reader.skip(','));
    return Collections.unmodifiableMap(pairs);
  }

  private String name() {
    skipBlanks();
    if (!skip('"')) {
      int start = at;
      while (at < text.length() && ",=\"".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(start, at).strip();
    }
    var name = new StringBuilder();
    while (at < text.length()) {
      char letter = text.charAt(at++);
      if (letter != '"') {
        name.append(letter);
      } else if (!skip('"')) {
        skipBlanks();
        return name.toString();
      } else {
        name.append('"');
      }
    }
    return ""; // the closing mark is missing
  }

  private void skipBlanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private boolean skip(char letter) {
    boolean there = at < text.length() && text.charAt(at) == letter;
    if (there) {
      at++;
    }
    return there;
  }

  private boolean atPairEnd() {
    return at == text.length() || text.charAt(at) == ',';
  }

  private String pairFrom(int start) {
    int end = text.indexOf(',', Math.max(at, start));
    return text.substring(start, end < 0 ? text.length() : end).strip();
  }
}
