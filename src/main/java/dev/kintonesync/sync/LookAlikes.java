package dev.kintonesync.sync;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Marks that look alike and stand for each other: the hyphens, minus signs and dashes, the wave
 * dash that programs of Windows write as another character than others do, quotes, dots, blanks.
 */
final class LookAlikes {

  /** Each kind begins with the one that most keyboards have. */
  private static final List<String> KINDS =
      List.of(
          "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\u2501\u30FC\uFF70\u02D7\u2043"
              + "\uFE58\uFE63\uFF0D",
          "~\u301C\uFF5E\u223C\u223E\u02DC",
          "'\u2018\u2019\u2032\u02B9\u02BC\u00B4\uFF07`",
          "\"\u201C\u201D\u2033\uFF02",
          "\u30FB\uFF65\u00B7\u2022\u2219\u22C5\u2027",
          "/\u2044\u2215\uFF0F",
          "|\u2223\u00A6\uFF5C\u2502",
          "\u2225\u2016",
          " \u00A0\u2002\u2003\u2007\u2009\u202F\u3000\t");

  private LookAlikes() {}

  /** Whether there are others that look like this character. */
  static boolean isOne(char letter) {
    return kind(letter) != null;
  }

  /** The text with this mark in the place of all that look like it. */
  static String with(String text, char mark) {
    String kind = kind(mark);
    var other = new StringBuilder(text);
    for (int at = 0; kind != null && at < other.length(); at++) {
      if (kind.indexOf(other.charAt(at)) >= 0) {
        other.setCharAt(at, mark);
      }
    }
    return other.toString();
  }

  /** The text with one mark of each kind in the place of all the others. */
  static String folded(String text) {
    var folded = new StringBuilder(text);
    for (int at = 0; at < folded.length(); at++) {
      String kind = kind(folded.charAt(at));
      if (kind != null) {
        folded.setCharAt(at, kind.charAt(0));
      }
    }
    return folded.toString();
  }

  private static @Nullable String kind(char letter) {
    if (letter < 0x80 && Character.isLetterOrDigit(letter)) {
      return null;
    }
    for (String kind : KINDS) {
      if (kind.indexOf(letter) >= 0) {
        return kind;
      }
    }
    return null;
  }
}
