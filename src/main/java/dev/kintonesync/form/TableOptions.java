package dev.kintonesync.form;

import java.util.List;
import java.util.Set;

/**
 * How the rows of a source and the rows of a table in Kintone go together.
 *
 * @param policy what becomes of rows
 * @param rowKeys codes of fields inside of tables by which rows are known again; none of a table:
 *     its rows are compared in their order
 */
public record TableOptions(Policy policy, Set<String> rowKeys) {

  /** What becomes of the rows of a table. */
  public enum Policy {
    /** Rows are changed and added; those that the source lacks stay. */
    MERGE,
    /** The table becomes that of the source. */
    REPLACE,
    /** Rows that are not there just so are added behind the others. */
    APPEND
  }

  /** No row is ever removed, and rows are compared in their order. */
  public static final TableOptions DEFAULT = new TableOptions(Policy.MERGE, Set.of());

  public TableOptions {
    rowKeys = Set.copyOf(rowKeys);
  }

  /** The fields that are the row key of a table; none: rows go by their order. */
  List<Field> rowKey(Field table) {
    return table.inner().values().stream().filter(field -> rowKeys.contains(field.code())).toList();
  }
}
