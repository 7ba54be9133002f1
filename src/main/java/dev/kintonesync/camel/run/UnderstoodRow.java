package dev.kintonesync.camel.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.MappedRow;
import dev.kintonesync.form.Mapping;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of the first rows of a source, for a person who wants to see how it is read.
 *
 * @param position where it stands
 * @param cells what fills each field
 */
public record UnderstoodRow(Position position, List<Cell> cells) {

  /** So many rows are kept. */
  public static final int MOST = 3;

  /**
   * A value on its way.
   *
   * @param column the column that it comes from, the first of several
   * @param read the value as it was read
   * @param field the code of the field that it fills
   * @param value the value as Kintone gets it; null: it was refused, or goes nowhere
   */
  public record Cell(
      String column, @Nullable Object read, String field, @Nullable JsonNode value) {}

  /** The row with its values on both sides. */
  public static UnderstoodRow of(SourceRecord source, Mapping mapping, MappedRow mapped) {
    var cells = new ArrayList<Cell>();
    for (Field field : mapping.fields()) {
      String column = mapping.column(field);
      if (column != null) {
        cells.add(
            new Cell(
                column,
                source.values().get(column),
                field.code(),
                mapped.values().get(field.code())));
      }
    }
    return new UnderstoodRow(source.position(), List.copyOf(cells));
  }
}
