package dev.kintonesync.settings;

import java.util.Collection;
import java.util.Comparator;

/** Which known name somebody may have meant. */
final class Nearest {
  private Nearest() {}

  /**
   * The candidate with the fewest letters to add, remove or replace; a candidate whose last part is
   * the wanted name itself ({@code timeout} for {@code kintone.timeout}) comes first.
   */
  static String of(String wanted, Collection<String> candidates) {
    return candidates.stream()
        .min(
            Comparator.comparingInt(
                name -> name.endsWith("." + wanted) ? 0 : distance(wanted, name)))
        .orElseThrow();
  }

  private static int distance(String a, String b) {
    int[] last = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
      }
      last = row;
    }
    return last[b.length()];
  }
}
