package dev.kintonesync.source;

import dev.kintonesync.message.Blank;
import java.text.Normalizer;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a file may be expected to hold, by the app that its rows go to.
 *
 * @param words such as the names and options of the fields, and the columns that the job names: of
 *     encodings of which the text may be either, the one with such words is taken
 * @param cells the names of columns that fill the cells of tables; none where rows are records
 */
public record Expected(Set<String> words, Set<String> cells) {

  /** Nothing is known. */
  public static final Expected NOTHING = new Expected(Set.of(), Set.of());

  public Expected {
    words = Set.copyOf(words);
    cells = cells.stream().map(Expected::normal).collect(Collectors.toUnmodifiableSet());
  }

  /** These words, in an app of which nobody knows the tables. */
  public static Expected of(Set<String> words) {
    return new Expected(words, Set.of());
  }

  /** Whether a column belongs to a field, or is one that the job names. */
  public boolean knows(String column) {
    return words.contains(column) || words.contains(normal(column));
  }

  /** Whether a column fills cells of a table, or says for one option of a field whether it does. */
  public boolean isCell(String column) {
    String name = normal(column);
    int option = name.endsWith("]") ? name.indexOf('[') : -1;
    return cells.contains(name) || (option > 0 && cells.contains(name.substring(0, option)));
  }

  private static String normal(String name) {
    return Normalizer.normalize(Blank.strip(name), Normalizer.Form.NFC);
  }
}
