package dev.kintonesync.settings;

import dev.kintonesync.form.Assignment;
import dev.kintonesync.form.Assignment.Term;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Changes the text of a map as a table of columns says. What such a table cannot say stays as it is
 * written: several columns for a field, a second field of a column, constants with steps.
 */
public final class MapEdit {
  private final Map<String, Choice> columns = new LinkedHashMap<>();
  private final Map<String, String> constants;
  private final List<Pair> pairs = new ArrayList<>();

  /** A pair of the new text; column: the one that a choice was made for. */
  private record Pair(String text, String field, @Nullable String column) {}

  /**
   * What becomes of a column.
   *
   * @param column its name as the source has it
   * @param field the code of its field, after the code of its table and a dot; null: none
   * @param steps what is done with its values, as in a map; empty: nothing
   */
  public record Choice(String column, @Nullable String field, String steps) {}

  /** A column whose field or steps are refused. */
  public static final class RefusedException extends UserErrorException {
    private static final long serialVersionUID = 1L;

    private final String column;

    private RefusedException(String column, UserErrorException cause) {
      super(cause.reason(), cause);
      this.column = column;
    }

    /** The column that it is about. */
    public String column() {
      return column;
    }
  }

  private MapEdit(List<Choice> choices, Map<String, String> constants) {
    for (Choice choice : choices) {
      columns.put(choice.column(), choice);
    }
    this.constants = new LinkedHashMap<>(constants);
  }

  /**
   * The text of a map after a change. Pairs keep their order; new ones come behind.
   *
   * @param before the text until now; empty: there is none
   * @param choices all columns of the source
   * @param constants the codes of fields with the text that fills each of them in every record
   * @return the text
   * @throws RefusedException for a column whose steps are none, or whose field something else fills
   * @throws UserErrorException when a constant fills what something else fills, or nothing is left:
   *     without any pair, columns go by their names
   */
  public static String edited(String before, List<Choice> choices, Map<String, String> constants) {
    var edit = new MapEdit(choices, constants);
    if (!before.isBlank()) {
      MapReader.withTexts(before).forEach(edit::keep);
    }
    List.copyOf(edit.columns.values()).forEach(edit::add);
    edit.constants.forEach(edit::addConstant);
    edit.eachFieldOnce();
    if (edit.pairs.isEmpty()) {
      throw new UserErrorException(MessageCode.MAP_WITHOUT_PAIRS.with());
    }
    return edit.pairs.stream().map(Pair::text).collect(Collectors.joining(", "));
  }

  private void keep(WrittenPair written) {
    var pair = written.pair();
    String column = column(pair);
    var choice = column == null ? null : columns.remove(column);
    if (choice != null) {
      add(choice);
    } else if (isConstant(pair)) {
      String value = constants.remove(pair.field());
      if (value != null) {
        addConstant(pair.field(), value);
      }
    } else {
      pairs.add(new Pair(written.text(), pair.field(), null));
    }
  }

  /** The one column that fills the field of a pair alone; null: there is none. */
  private static @Nullable String column(Assignment pair) {
    return pair.terms().size() == 1 && pair.terms().get(0) instanceof Term.Column one
        ? one.name()
        : null;
  }

  private static boolean isConstant(Assignment pair) {
    return pair.terms().size() == 1
        && pair.terms().get(0) instanceof Term.Constant
        && pair.steps().isEmpty();
  }

  private void add(Choice choice) {
    String field = choice.field();
    if (field == null) {
      return;
    }
    String steps = choice.steps().isBlank() ? "" : " | " + choice.steps().strip();
    String text = MapReader.name(choice.column()) + "=" + MapReader.name(field) + steps;
    try {
      if (MapReader.withTexts(text).size() > 1) {
        throw new UserErrorException(MessageCode.NOT_A_PAIR.with(text));
      }
    } catch (UserErrorException e) {
      throw new RefusedException(choice.column(), e);
    }
    pairs.add(new Pair(text, field, choice.column()));
  }

  private void addConstant(String field, String value) {
    String text = "'" + value.replace("'", "''") + "'=" + MapReader.name(field);
    pairs.add(new Pair(text, field, null));
  }

  private void eachFieldOnce() {
    var first = new HashMap<String, Pair>();
    for (Pair pair : pairs) {
      var other = first.putIfAbsent(pair.field(), pair);
      if (other != null) {
        var twice = new UserErrorException(MessageCode.FIELD_NAMED_TWICE.with(pair.field()));
        String column = pair.column() == null ? other.column() : pair.column();
        throw column == null ? twice : new RefusedException(column, twice);
      }
    }
  }
}
