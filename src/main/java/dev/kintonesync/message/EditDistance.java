package dev.kintonesync.message;

import java.text.Normalizer;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which name somebody may have meant: by edit distance, whatever case and width it is in. */
public final class EditDistance {

  /** The distance of names that have little in common. */
  public static final int FAR = Integer.MAX_VALUE;

  private static final int SHOWN = 10;

  private EditDistance() {}

  /**
   * How many letters have to be added, removed, replaced or swapped with their neighbour; {@link
   * #FAR} when that would be more than half of the longer name.
   */
  public static int distance(String wanted, String name) {
    String a = fold(wanted);
    String b = fold(name);
    int most = Math.max(a.length(), b.length()) / 2;
    if (Math.abs(a.length() - b.length()) > most) {
      return FAR;
    }
    int distance = edits(a, b);
    return distance <= most ? distance : FAR;
  }

  /** The first names for a message, those that resemble the wanted one in front. */
  public static String sample(String wanted, Collection<String> names) {
    Stream<String> nearest =
        names.stream().sorted(Comparator.comparingInt(name -> distance(wanted, name))).limit(SHOWN);
    String listed = nearest.map(Shown::name).collect(Collectors.joining(", "));
    return names.size() > SHOWN ? listed + " (+" + (names.size() - SHOWN) + ")" : listed;
  }

  private static String fold(String name) {
    return Normalizer.normalize(name.strip(), Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
  }

  /** How many letters have to be added, removed, replaced or swapped with their neighbour. */
  public static int edits(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        boolean equal = a.charAt(i - 1) == b.charAt(j - 1);
        row[j] = Math.min(last[j - 1] + (equal ? 0 : 1), Math.min(last[j], row[j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      beforeLast = last;
      last = row;
    }
    return last[b.length()];
  }
}
