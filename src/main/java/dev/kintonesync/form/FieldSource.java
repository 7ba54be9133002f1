package dev.kintonesync.form;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A field and what fills it. */
record FieldSource(Assignment source, Field field) {
  /** The column that a person looks at when the value is wrong; null of a constant. */
  @Nullable String column() {
    List<String> columns = source.columns();
    return columns.isEmpty() ? null : columns.get(0);
  }
}
