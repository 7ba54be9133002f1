package dev.kintonesync.form;

import java.util.List;
import java.util.Map;
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

  boolean ignoresUnknown() {
    return unknown == null ? !isByName() : unknown == Unknown.IGNORE;
  }
}
