package dev.kintonesync.source.text;

import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.CellNumber;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row of a table as it was read, before anything is known of its columns.
 *
 * @param line the line it begins in, or the row of the sheet, from 1
 * @param fields as they stand there, without quotes
 * @param problem why it cannot be trusted, or null
 * @param numbers the fields, by their index, that are numbers and more than their digits
 */
public record TextRow(
    long line,
    List<String> fields,
    @Nullable UserMessage problem,
    Map<Integer, CellNumber> numbers) {

  /** A row of text. */
  public TextRow(long line, List<String> fields, @Nullable UserMessage problem) {
    this(line, fields, problem, Map.of());
  }
}
