package dev.kintonesync.form;

import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A checksum of what a row says in the columns that a mapping reads. Rows that have the same one
 * are mapped to the same values, by this mapping and by any later one that is made alike; so a row
 * that is known by it need not be mapped. Immutable; several threads may use one.
 */
public final class RowChecksum {
  /** The checksum of a row that has none. */
  public static final long NONE = 0;

  private final RowMapper mapper;
  private final String[] columns;
  private final long seed;

  /**
   * @param columns all that the mapping reads
   * @param mapping whatever else decides what becomes of their values
   */
  RowChecksum(RowMapper mapper, List<String> columns, String mapping) {
    this.mapper = mapper;
    this.columns = columns.toArray(String[]::new);
    var made = new Checksum(0);
    made.add(mapping);
    // another program may convert alike values to others, and so may another Java
    made.add(RowChecksum.class.getPackage().getImplementationVersion());
    made.add(Runtime.version().toString());
    columns.forEach(made::add);
    this.seed = made.value();
  }

  /**
   * The checksum of a row.
   *
   * @return {@link #NONE} where a value is a list, an object or anything else that its text does
   *     not tell in full
   */
  public long of(Map<String, ? extends @Nullable Object> row) {
    var checksum = new Checksum(seed);
    for (String column : columns) {
      Object value = row.get(column);
      if (value instanceof String text) {
        checksum.add(text);
      } else if (value == null) {
        checksum.add(null);
        checksum.add(row.containsKey(column) ? column : null);
      } else if (isItsText(value)) {
        checksum.add(null);
        checksum.add(value.getClass().getName());
        checksum.add(value.toString());
      } else {
        return NONE;
      }
    }
    return checksum.value();
  }

  /** The key of a row; null when it is blank or cannot be read. */
  public @Nullable String keyOf(Map<String, ? extends @Nullable Object> row) {
    return mapper.keyOf(row);
  }

  /** A number that is shown with text around it is more than that text. */
  private static boolean isItsText(Object value) {
    return (value instanceof Number && !(value instanceof CharSequence))
        || value instanceof Boolean
        || value instanceof TemporalAccessor;
  }
}
