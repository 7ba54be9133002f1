package dev.kintonesync.source;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A rejects file of one format, from its first row to its last. */
public interface RejectRows {

  /**
   * Writes a row.
   *
   * @param own the fields of the row, or the text of its JSON
   * @param values the same by column, with the numbers among them; empty if it could not be read
   * @param readable whether it could be read
   * @param error why it was rejected; empty below the first row of a record
   * @param column the column at fault, or null when it is not one
   */
  void write(
      List<String> own,
      Map<String, @Nullable Object> values,
      boolean readable,
      String error,
      String ref,
      @Nullable String column)
      throws IOException;

  /** Ends the file; returns when it is on the disk, not only on its way. */
  void finish() throws IOException;
}
