package dev.kintonesync.camel.run;

import dev.kintonesync.camel.batch.Hooks;
import dev.kintonesync.form.Mapping;
import dev.kintonesync.message.Blank;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.SourceRecord;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Looks for columns that have no value in any row: whoever exports them so hardly means it. */
final class EmptyColumns {
  private EmptyColumns() {}

  /**
   * The mapped columns that are empty in every row; none of a source without rows. Reads only until
   * each column has shown a value, which mostly is the first row or a few.
   *
   * @param rows the source, opened for this alone
   * @param beforeMapping what becomes of a row before it is mapped
   */
  static Set<String> in(
      SourceReader rows, Mapping mapping, Function<SourceRecord, Hooks.Prepared> beforeMapping) {
    Set<String> empty = new LinkedHashSet<>(mapping.columns());
    boolean any = false;
    while (!empty.isEmpty() && rows.hasNext()) {
      var values = beforeMapping.apply(rows.next()).values();
      if (!values.isEmpty()) {
        any = true;
        empty.removeIf(column -> !isEmpty(values.get(column)));
      }
    }
    return any ? empty : Set.of();
  }

  private static boolean isEmpty(@Nullable Object value) {
    return value == null
        || Blank.is(value.toString())
        || (value instanceof List<?> list && list.isEmpty());
  }
}
