package dev.kintonesync.simulator.query;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The words by which {@code like} finds text: not pieces of text, as a database's LIKE would.
 * Letters and digits with {@code _} form a word and are found as a whole; Japanese and Chinese
 * writing has no gaps, so there a part of two or more characters is found too. Letter case and
 * width do not matter. Words of a keyword must follow each other.
 */
record SearchWords(List<String> words) {

  private enum Script {
    GAP,
    SPACED,
    UNSPACED
  }

  static SearchWords of(String text) {
    String normal = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    List<String> words = new ArrayList<>();
    int start = 0;
    Script current = Script.GAP;
    for (int i = 0; i <= normal.length(); ) {
      int c = i < normal.length() ? normal.codePointAt(i) : ' ';
      Script script = script(c);
      if (script != current) {
        if (current != Script.GAP) {
          words.add(normal.substring(start, i));
        }
        start = i;
        current = script;
      }
      i += Character.charCount(c);
    }
    return new SearchWords(List.copyOf(words));
  }

  /** Whether these words are found in a text. */
  boolean foundIn(String text) {
    List<String> there = of(text).words;
    for (int start = 0; start + words.size() <= there.size(); start++) {
      if (foundAt(there, start)) {
        return !words.isEmpty();
      }
    }
    return false;
  }

  private boolean foundAt(List<String> there, int start) {
    for (int i = 0; i < words.size(); i++) {
      if (!found(words.get(i), there.get(start + i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean found(String word, String there) {
    if (script(word.codePointAt(0)) == Script.SPACED
        || word.codePointCount(0, word.length()) == 1) {
      return there.equals(word);
    }
    return there.contains(word);
  }

  private static Script script(int c) {
    if (c == '_') {
      return Script.SPACED;
    }
    if (c == 'ー' || c == '々') {
      return Script.UNSPACED;
    }
    if (!Character.isLetterOrDigit(c) && Character.getType(c) != Character.NON_SPACING_MARK) {
      return Script.GAP;
    }
    UnicodeScript script = UnicodeScript.of(c);
    return switch (script) {
      case HAN, HIRAGANA, KATAKANA, THAI -> Script.UNSPACED;
      default -> Script.SPACED;
    };
  }
}
