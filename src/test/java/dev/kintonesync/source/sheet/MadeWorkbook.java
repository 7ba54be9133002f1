package dev.kintonesync.source.sheet;

import static dev.kintonesync.source.SourceOptions.DEFAULT;

import dev.kintonesync.source.Samples;
import dev.kintonesync.source.SourceFileReader;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.file.RejectsFile;
import dev.kintonesync.source.file.SourceFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.poi.ss.usermodel.Cell;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.junit.jupiter.api.io.TempDir;

/** Makes workbooks, and files of all their rows as rejects. */
abstract class MadeWorkbook {
  @TempDir Path folder;

  static Row row(org.apache.poi.ss.usermodel.Workbook book, int number, Object... values) {
    var sheet = book.getNumberOfSheets() == 0 ? book.createSheet("顧客") : book.getSheetAt(0);
    Row row = sheet.createRow(number);
    for (int i = 0; i < values.length; i++) {
      if (values[i] instanceof Number n) {
        row.createCell(i).setCellValue(n.doubleValue());
      } else if (values[i] instanceof Boolean b) {
        row.createCell(i).setCellValue(b);
      } else if (values[i] != null) {
        row.createCell(i).setCellValue(values[i].toString());
      }
    }
    return row;
  }

  static Cell formatted(XSSFWorkbook book, Cell cell, String format) {
    var style = book.createCellStyle();
    style.setDataFormat(book.createDataFormat().getFormat(format));
    cell.setCellStyle(style);
    return cell;
  }

  static List<Map<String, Object>> values(Path file) {
    return Samples.read(file).stream().map(SourceRecord::values).toList();
  }

  Path rejectAll(Path file) {
    try (SourceFileReader reader = SourceFile.open(file, DEFAULT)) {
      Path rejects = folder.resolve("rejects-" + file.getFileName());
      try (RejectsFile out = RejectsFile.create(rejects, reader.columns(), reader.format())) {
        reader.forEachRemaining(
            record ->
                out.add(
                    record,
                    record.problem() == null ? "bad date" : record.problem().toString(),
                    "run:" + record.position().row(),
                    record.problem() == null ? "日付" : null,
                    0));
      }
      return rejects;
    }
  }
}
