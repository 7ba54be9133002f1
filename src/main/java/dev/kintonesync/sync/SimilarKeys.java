package dev.kintonesync.sync;

import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which keys an app may hold that a person would take for a given one: other in width, case or
 * leading zeros, as after a spreadsheet has eaten the zeros.
 *
 * <p>Kintone cannot be asked for such keys, only for exact ones. So the shapes of its keys are
 * learned, from a sample at the start and from every key met since: their lengths where they are
 * digits, and whether there are capitals, small letters or full-width characters among them. Only
 * what has one of these shapes is asked for; a key that is shaped like all the others costs
 * nothing. Safe for several threads.
 */
public final class SimilarKeys {
  private final Set<Integer> digits = new TreeSet<>();
  private boolean capitals;
  private boolean smallLetters;
  private boolean fullWidth;

  /** A key that the app holds. */
  public synchronized void met(String key) {
    String narrow = narrow(key);
    fullWidth |= !narrow.equals(key);
    capitals |= !narrow.toLowerCase(Locale.ROOT).equals(narrow);
    smallLetters |= !narrow.toUpperCase(Locale.ROOT).equals(narrow);
    if (isDigits(narrow)) {
      digits.add(narrow.length());
    }
  }

  /** The keys that the app may hold in the place of this one; never this one itself. */
  public synchronized Set<String> of(String key) {
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
    var similar = new LinkedHashSet<>(narrow);
    if (fullWidth) {
      narrow.forEach(each -> similar.add(wide(each)));
    }
    similar.remove(key);
    return similar;
  }

  /** Whether a person would take one for the other. */
  static boolean alike(String one, String other) {
    return folded(one).equals(folded(other));
  }

  /** What all keys have in common that a person could take for this one. */
  public static String folded(String key) {
    String narrow = narrow(key).toLowerCase(Locale.ROOT);
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
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
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
