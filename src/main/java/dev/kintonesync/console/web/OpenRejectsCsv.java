package dev.kintonesync.console.web;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.kintonesync.journal.OpenReject;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.source.HeaderColumns;
import dev.kintonesync.source.text.TextCell;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;

/**
 * The open rejected rows of a job as a CSV file: their columns, then {@code _error} and {@code
 * _ref}. Rows that make one record stand together. Rows of files may be corrected in it and dropped
 * into the folder again.
 */
final class OpenRejectsCsv {
  private static final String MARK = "\uFEFF";

  private OpenRejectsCsv() {}

  /** Returns the file in UTF-8 with a byte order mark, so that Excel opens it. */
  static byte[] of(List<OpenReject> open, MessageBundle bundle) {
    var columns = new LinkedHashSet<String>();
    open.forEach(reject -> reject.rows().forEach(row -> columns.addAll(row.keySet())));
    var header = new ArrayList<>(columns);
    header.add(HeaderColumns.ERROR);
    header.add(HeaderColumns.REF);
    var text = new StringWriter();
    text.append(MARK);
    var csv = CsvWriter.builder().lineDelimiter(LineDelimiter.CRLF).bufferSize(0).build(text);
    csv.writeRecord(header);
    for (var reject : open) {
      for (int row = 0; row < reject.rows().size(); row++) {
        var values = reject.rows().get(row);
        var cells = new ArrayList<String>();
        columns.forEach(column -> cells.add(Objects.toString(values.get(column), "")));
        cells.add(row == reject.memberAtFault() ? bundle.say(reject.reason()) : "");
        cells.add(reject.ref());
        csv.writeRecord(cells.stream().map(TextCell::inText).toList());
      }
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
