package dev.kintonesync.form;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a job says of which column goes where.
 *
 * @param assignments in the order written; none: columns are matched by field code, then by label
 * @param unknown what becomes of a column that goes nowhere; null: with a map it is ignored,
 *     without one the source is refused
 * @param revisionColumn the column with the revision that a record is expected to have; null: none
 */
public record FieldMap(
    List<Assignment> assignments, @Nullable Unknown unknown, @Nullable String revisionColumn) {

  /** What becomes of a column that goes nowhere. */
  public enum Unknown {
    ERROR,
    IGNORE
  }

  /** No map: columns are matched by field code and label. */
  public static final FieldMap NONE = new FieldMap(List.of(), null, null);

  public FieldMap {
    assignments = List.copyOf(assignments);
  }

  /** Column to field code. */
  public static FieldMap of(Map<String, String> pairs) {
    return new FieldMap(
        pairs.entrySet().stream()
            .map(pair -> Assignment.of(pair.getKey(), pair.getValue()))
            .toList(),
        null,
        null);
  }

  /** Whether columns are matched by name. */
  public boolean isByName() {
    return assignments.isEmpty();
  }

  /**
   * Returns this map without the pairs that have columns, none of which is there; this map itself
   * when nothing of it would be left.
   *
   * @param columns those that are there
   */
  public FieldMap within(Collection<String> columns) {
    var names = columns.stream().map(ColumnMatching::normal).collect(Collectors.toSet());
    var present =
        assignments.stream()
            .filter(
                pair ->
                    pair.columns().isEmpty()
                        || pair.columns().stream().anyMatch(column -> isIn(names, column)))
            .toList();
    return present.stream().allMatch(pair -> pair.columns().isEmpty())
        ? this
        : new FieldMap(present, unknown, revisionColumn);
  }

  /** A column, or the columns of its options, such as {@code 色[赤]}. */
  private static boolean isIn(Set<String> names, String column) {
    String name = ColumnMatching.normal(column);
    return names.contains(name) || names.stream().anyMatch(other -> other.startsWith(name + "["));
  }

  /**
   * Looks at the map before there is a source.
   *
   * @param key the field that identifies records
   * @throws dev.kintonesync.message.UserErrorException when the map names a field that the form
   *     lacks, has an expression that cannot be read, or takes the key from no column
   */
  public void check(Form form, Field key, MappingOptions options) {
    if (!isByName()) {
      ColumnMatching.check(form, this, key, options);
    }
  }

  boolean ignoresUnknown() {
    return unknown == null ? !isByName() : unknown == Unknown.IGNORE;
  }
}
