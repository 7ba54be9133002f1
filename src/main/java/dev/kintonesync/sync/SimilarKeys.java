package dev.kintonesync.sync;

import dev.kintonesync.message.Blank;
import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which keys an app may hold that a person would take for a given one: other in width, case,
 * leading zeros, in a hyphen or another mark that looks alike, or in what nobody sees; as after a
 * spreadsheet has eaten the zeros or a web page has put no-break spaces around.
 *
 * <p>Kintone cannot be asked for such keys, only for exact ones. So the shapes of its keys are
 * learned, from a sample at the start and from every key met since: their lengths where they are
 * digits, whether there are capitals, small letters or full-width characters among them, which of
 * the marks that look alike, and which blanks around them. Only what has one of these shapes is
 * asked for; a key that is shaped like all the others costs nothing. Safe for several threads.
 */
public final class SimilarKeys {

  /** So many blanks around keys are learned; more of them are no shape any more. */
  private static final int MOST_BLANKS = 4;

  /** So many keys are asked for in the place of one. */
  private static final int MOST_SIMILAR = 60;

  private final Set<Integer> digits = new TreeSet<>();
  private final Set<Character> marks = new TreeSet<>();
  private final Set<Around> blanks = new LinkedHashSet<>();
  private boolean capitals;
  private boolean smallLetters;
  private boolean fullWidth;

  /** What nobody sees before and behind a key. */
  private record Around(String before, String behind) {}

  /** A key as a source writes it: the app may have got it from there with the blanks around it. */
  public synchronized void written(String written) {
    String key = Blank.strip(written);
    if (!key.isEmpty() && key.length() < written.length() && blanks.size() < MOST_BLANKS) {
      int begin = written.indexOf(key);
      blanks.add(new Around(written.substring(0, begin), written.substring(begin + key.length())));
    }
  }

  /** A key that the app holds, as it holds it. */
  public synchronized void met(String held) {
    written(held);
    String key = Blank.strip(held);
    String narrow = narrow(key);
    fullWidth |= !narrow.equals(key);
    capitals |= !narrow.toLowerCase(Locale.ROOT).equals(narrow);
    smallLetters |= !narrow.toUpperCase(Locale.ROOT).equals(narrow);
    for (int i = 0; i < key.length(); i++) {
      if (LookAlikes.isOne(key.charAt(i))) {
        marks.add(key.charAt(i));
      }
    }
    if (isDigits(narrow)) {
      digits.add(narrow.length());
    }
  }

  /**
   * The ways in which the app may hold this very key: with blanks around it, or without. They name
   * the same record; this way to write it is not among them.
   */
  synchronized Set<String> writtenOtherwise(String key) {
    var ways = new LinkedHashSet<String>();
    blanks.forEach(around -> ways.add(around.before() + key + around.behind()));
    return ways;
  }

  /** The keys that the app may hold in the place of this one; never this one itself. */
  public synchronized Set<String> of(String key) {
    var similar = new LinkedHashSet<String>();
    similar.addAll(inOtherWidths(key));
    for (char mark : marks) {
      String other = LookAlikes.with(key, mark);
      if (!other.equals(key)) {
        similar.add(other);
        similar.addAll(inOtherWidths(other));
      }
    }
    similar.remove(key);
    return similar.size() <= MOST_SIMILAR
        ? similar
        : new LinkedHashSet<>(similar.stream().limit(MOST_SIMILAR).toList());
  }

  private Set<String> inOtherWidths(String key) {
    var narrow = new LinkedHashSet<String>();
    String own = narrow(key);
    narrow.add(own);
    if (isDigits(own)) {
      String bare = withoutZeros(own);
      for (int length : digits) {
        if (length >= bare.length()) {
          narrow.add("0".repeat(length - bare.length()) + bare);
        }
      }
    } else {
      if (capitals) {
        narrow.add(own.toUpperCase(Locale.ROOT));
      }
      if (smallLetters) {
        narrow.add(own.toLowerCase(Locale.ROOT));
      }
    }
    var all = new LinkedHashSet<>(narrow);
    if (fullWidth) {
      narrow.forEach(each -> all.add(wide(each)));
    }
    return all;
  }

  /** Whether a person would take one for the other. */
  static boolean alike(String one, String other) {
    return folded(one).equals(folded(other));
  }

  /** What all keys have in common that a person could take for this one. */
  public static String folded(String key) {
    String narrow =
        LookAlikes.folded(narrow(LookAlikes.folded(Blank.visible(key)))).toLowerCase(Locale.ROOT);
    return isDigits(narrow) ? withoutZeros(narrow) : narrow;
  }

  private static String withoutZeros(String digits) {
    int from = 0;
    while (from < digits.length() - 1 && digits.charAt(from) == '0') {
      from++;
    }
    return digits.substring(from);
  }

  private static boolean isDigits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private static String narrow(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC);
  }

  /** ASCII in its full-width form. */
  private static String wide(String text) {
    var wide = new StringBuilder(text.length());
    text.chars().forEach(c -> wide.append((char) (c > ' ' && c <= '~' ? c + 0xFEE0 : c)));
    return wide.toString();
  }
}
