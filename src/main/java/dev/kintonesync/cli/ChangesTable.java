package dev.kintonesync.cli;

import com.fasterxml.jackson.databind.JsonNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import dev.kintonesync.journal.ChangesFile;
import dev.kintonesync.journal.OutputFile;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.text.TextCell;
import dev.kintonesync.sync.Report;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The changes of a run as CSV for a spreadsheet, in UTF-8 with a byte order mark: one line for each
 * field of each record. What a spreadsheet would take for a formula gets an apostrophe.
 */
final class ChangesTable {
  private static final List<String> HEADER =
      List.of("outcome", "key", "record", "field", "before", "after");

  private ChangesTable() {}

  /**
   * Writes all changes of a run.
   *
   * @param report a run, mostly one that only planned
   * @throws UserErrorException when the file cannot be written
   */
  static void write(Path file, Report report) {
    OutputFile.write(
        file,
        place -> {
          try (var out = Files.newBufferedWriter(place, StandardCharsets.UTF_8)) {
            out.write('\ufeff');
            write(out, report);
          }
        });
  }

  /** Returns all changes of a run as text, without a byte order mark or a line end behind it. */
  static String text(Report report) {
    var text = new StringWriter();
    try {
      write(text, report);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString().stripTrailing();
  }

  private static void write(Writer out, Report report) throws IOException {
    try (var csv = CsvWriter.builder().build(out)) {
      csv.writeRecord(HEADER);
      if (report.changesFile() != null) {
        ChangesFile.read(Path.of(report.changesFile()), change -> write(csv, change));
      }
    }
  }

  private static void write(CsvWriter csv, JsonNode change) {
    String outcome = ChangesFile.outcome(change);
    String key = TextCell.inText(change.path("key").asText());
    String record = change.path("id").asText("");
    for (var field : change.path("fields").properties()) {
      if (!field.getKey().startsWith("$")) {
        JsonNode before = ChangesFile.before(change, field.getValue());
        csv.writeRecord(
            outcome,
            key,
            record,
            TextCell.inText(field.getKey()),
            cell(before, before),
            cell(field.getValue().path("after"), before));
      }
    }
  }

  private static String cell(JsonNode value, JsonNode before) {
    return TextCell.inText(ShownValue.text(value, before));
  }
}
