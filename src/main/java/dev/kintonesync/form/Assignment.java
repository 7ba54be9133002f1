package dev.kintonesync.form;

import dev.kintonesync.message.Blank;
import dev.kintonesync.message.MessageCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One pair of a map: what fills a field.
 *
 * @param terms columns and constants, whose texts are joined; or the columns of options only
 * @param field the field's code
 * @param steps what is done with the value, in this order, before it is converted to the field
 */
public record Assignment(List<Term> terms, String field, List<Step> steps) {

  /** A column of the source, or a text that is the same in every row. */
  public sealed interface Term {

    /** The column of this name. */
    record Column(String name) implements Term {}

    /** The column that has a 1 in the rows that choose an option, and nothing in all others. */
    record Option(String name, String option) implements Term {}

    /** A constant text. */
    record Constant(String text) implements Term {}
  }

  public Assignment {
    terms = List.copyOf(terms);
    steps = List.copyOf(steps);
  }

  /** A column that fills a field as it is. */
  public static Assignment of(String column, String field) {
    return new Assignment(List.of(new Term.Column(column)), field, List.of());
  }

  /** The columns that it takes, in the order written; none of a constant. */
  public List<String> columns() {
    var columns = new ArrayList<String>();
    for (Term term : terms) {
      String name = name(term);
      if (name != null) {
        columns.add(name);
      }
    }
    return columns;
  }

  /** The column whose value is handed on as it is; null: there is no such one. */
  @Nullable String plainColumn() {
    return steps.isEmpty() && terms.size() == 1 && terms.get(0) instanceof Term.Column column
        ? column.name()
        : null;
  }

  /** Returns this assignment with the column names as the source writes them. */
  Assignment named(Map<String, String> names) {
    var renamed = new ArrayList<Term>();
    for (Term term : terms) {
      renamed.add(
          term instanceof Term.Column column
              ? new Term.Column(names.getOrDefault(column.name(), column.name()))
              : term);
    }
    return new Assignment(renamed, field, steps);
  }

  /** Whether empty columns leave the field empty; a constant or a default fills it all the same. */
  boolean followsItsColumns() {
    return terms.stream().noneMatch(Term.Constant.class::isInstance)
        && steps.stream().noneMatch(Step::fillsEmpty);
  }

  /** Whether the row has none of its columns, so that the field is not mentioned. */
  boolean isAbsent(Map<String, ? extends @Nullable Object> row) {
    boolean takes = false;
    for (int i = 0; i < terms.size(); i++) { // without an iterator for every cell of every row
      String name = name(terms.get(i));
      if (name != null) {
        takes = true;
        if (row.containsKey(name)) {
          return false;
        }
      }
    }
    return takes;
  }

  /**
   * The value that the row gives.
   *
   * @throws ConversionException when a step cannot take it
   */
  @Nullable Object value(Map<String, ? extends @Nullable Object> row, MappingOptions options)
      throws ConversionException {
    boolean chosen = !terms.isEmpty() && terms.get(0) instanceof Term.Option;
    Object value =
        chosen ? chosen(row) : terms.size() == 1 ? value(terms.get(0), row) : joined(row);
    return steps.isEmpty() ? value : Step.all(steps, RawValues.unwrap(value), row, options);
  }

  /** The options whose columns have a 1. */
  private List<String> chosen(Map<String, ? extends @Nullable Object> row)
      throws ConversionException {
    var chosen = new ArrayList<String>();
    for (Term term : terms) {
      if (term instanceof Term.Option option) {
        Object value = RawValues.unwrap(row.get(option.name()));
        String text =
            RawValues.isBlank(value) ? "0" : Blank.strip(String.valueOf(RawValues.text(value)));
        if (text.equals("1")) {
          chosen.add(option.option());
        } else if (!text.equals("0")) {
          throw new ConversionException(
              MessageCode.OPTION_NOT_MARKED.with(option.name(), RawValues.excerpt(value)));
        }
      }
    }
    return chosen;
  }

  private static @Nullable String name(Term term) {
    if (term instanceof Term.Option option) {
      return option.name();
    }
    return term instanceof Term.Column column ? column.name() : null;
  }

  private static @Nullable Object value(Term term, Map<String, ? extends @Nullable Object> row) {
    return term instanceof Term.Constant constant
        ? constant.text()
        : row.get(((Term.Column) term).name());
  }

  /**
   * The texts of the columns that are not empty; a constant between two columns stands only between
   * two texts, so that a family name without a given name has no blank behind it. Empty when all
   * columns are.
   *
   * @throws ConversionException when a column holds a list or an object, which has no text
   */
  private String joined(Map<String, ? extends @Nullable Object> row) throws ConversionException {
    var joined = new StringBuilder();
    var between = new StringBuilder();
    boolean beforeColumns = true;
    boolean any = false;
    for (Term term : terms) {
      Object value = RawValues.unwrap(value(term, row));
      String text = RawValues.text(value);
      if (text == null && !RawValues.isBlank(value)) {
        throw new ConversionException(MessageCode.STEP_NOT_A_TEXT.with(RawValues.excerpt(value)));
      }
      if (term instanceof Term.Constant) {
        (beforeColumns ? joined : between).append(text);
        continue;
      }
      beforeColumns = false;
      if (text != null && !Blank.is(text)) {
        joined.append(any ? between : "").append(text);
        any = true;
      }
      between.setLength(0);
    }
    return any || columns().isEmpty() ? joined.append(between).toString() : "";
  }
}
