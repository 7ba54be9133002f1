package dev.kintonesync.settings;

import dev.kintonesync.message.EditDistance;
import java.util.Collection;
import java.util.Comparator;

/** Which known name somebody may have meant. */
final class Suggestions {
  private Suggestions() {}

  /**
   * The candidate with the fewest letters to add, remove or replace; a candidate whose last part is
   * the wanted name itself ({@code timeout} for {@code kintone.timeout}) comes first.
   */
  static String of(String wanted, Collection<String> candidates) {
    return candidates.stream()
        .min(
            Comparator.comparingInt(
                name -> name.endsWith("." + wanted) ? 0 : EditDistance.edits(wanted, name)))
        .orElseThrow();
  }
}
