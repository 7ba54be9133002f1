package dev.kintonesync.simulator.query;

/**
 * A word of a query.
 *
 * @param text its meaning: of a STRING without quotes and escapes, of all others as written
 * @param position where it begins, in characters from 0
 */
record Token(Type type, String text, int position) {

  enum Type {
    NAME,
    STRING,
    NUMBER,
    SYMBOL,
    END
  }

  boolean is(String symbol) {
    return type == Type.SYMBOL && text.equals(symbol);
  }

  boolean isWord(String keyword) {
    return type == Type.NAME && text.equalsIgnoreCase(keyword);
  }
}
