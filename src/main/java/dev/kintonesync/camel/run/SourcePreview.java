package dev.kintonesync.camel.run;

import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.Understanding;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first rows of a source, for a person who looks at them.
 *
 * @param columns in their order
 * @param grouped whether several rows may make one record
 * @param understanding what a file was taken for; null of other sources
 * @param rows with their problems
 * @param remarks what a person should know besides
 */
public record SourcePreview(
    List<String> columns,
    boolean grouped,
    @Nullable Understanding understanding,
    List<SourceRecord> rows,
    List<UserMessage> remarks) {

  /** Reads the first rows; the caller closes the reader. */
  public static SourcePreview of(SourceReader reader, int most) {
    var rows = new ArrayList<SourceRecord>();
    while (rows.size() < most && reader.hasNext()) {
      rows.add(reader.next());
    }
    var columns = new LinkedHashSet<>(reader.columns());
    rows.stream()
        .filter(row -> row.problem() == null)
        .forEach(row -> columns.addAll(row.values().keySet()));
    return new SourcePreview(
        List.copyOf(columns), reader.isGrouped(), reader.understanding(), rows, reader.remarks());
  }
}
