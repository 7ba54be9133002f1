package dev.kintonesync.message;

/**
 * What a person sees as nothing: white space of every kind and characters without any width. Java
 * itself takes the no-break spaces and the zero-width characters for text; web pages and
 * spreadsheets put them around values all the same.
 */
public final class Blank {
  private Blank() {}

  /** Whether a person sees nothing there. */
  public static boolean is(String text) {
    for (int at = 0; at < text.length(); at++) {
      if (!isBlank(text.charAt(at))) {
        return false;
      }
    }
    return true;
  }

  /** The text without what a person does not see around it. */
  public static String strip(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isBlank(text.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  /** The text without blanks around it and without characters of no width between its letters. */
  public static String visible(String text) {
    if (isPlain(text)) {
      return text;
    }
    String bare = strip(text);
    if (isVisible(bare)) {
      return bare;
    }
    var visible = new StringBuilder(bare.length());
    bare.chars().filter(c -> !hasNoWidth((char) c)).forEach(c -> visible.append((char) c));
    return visible.toString();
  }

  /** Whether a text is of printed ASCII alone, as most keys are: to see that takes one pass. */
  private static boolean isPlain(String text) {
    for (int at = 0; at < text.length(); at++) {
      char letter = text.charAt(at);
      if (letter <= ' ' || letter >= 0x7F) {
        return false;
      }
    }
    return true;
  }

  private static boolean isVisible(String text) {
    for (int at = 0; at < text.length(); at++) {
      if (hasNoWidth(text.charAt(at))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBlank(char letter) {
    return Character.isWhitespace(letter) || Character.isSpaceChar(letter) || hasNoWidth(letter);
  }

  /**
   * Soft hyphen, joiners, marks of direction, invisible operators and the mark of byte order; and
   * the two fillers of Hangul, which have a width but no shape.
   */
  private static boolean hasNoWidth(char letter) {
    return letter >= 0x00AD // most letters are known by this alone
        && (letter == 0x00AD
            || letter == 0x034F
            || letter == 0x061C
            || letter == 0x115F
            || letter == 0x1160
            || letter == 0x180E
            || (letter >= 0x200B && letter <= 0x200F)
            || (letter >= 0x202A && letter <= 0x202E)
            || (letter >= 0x2060 && letter <= 0x206F)
            || letter == 0x3164
            || letter == 0xFEFF
            || letter == 0xFFA0);
  }
}
