package dev.kintonesync.corpus;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.poi.ss.usermodel.Cell;
import org.apache.poi.ss.usermodel.CellType;
import org.apache.poi.ss.usermodel.DataFormatter;
import org.apache.poi.ss.usermodel.DateUtil;
import org.apache.poi.ss.usermodel.FormulaError;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.ss.usermodel.Sheet;
import org.apache.poi.ss.usermodel.Workbook;
import org.apache.poi.ss.usermodel.WorkbookFactory;
import org.apache.poi.xssf.usermodel.XSSFCell;

/** The sheets of a workbook as POI reads them. */
final class OtherWorkbook {

  private static final DataFormatter FORMATTER = new DataFormatter(Locale.US);
  private static final MathContext EXCEL = new MathContext(15);

  private OtherWorkbook() {}

  static Map<String, OtherRows> read(Path file) throws IOException {
    Map<String, OtherRows> sheets = new LinkedHashMap<>();
    try (Workbook workbook = WorkbookFactory.create(file.toFile(), null, true)) {
      for (Sheet sheet : workbook) {
        OtherRows rows = new OtherRows(true);
        for (Row row : sheet) {
          boolean faulty = false;
          List<String> cells = new ArrayList<>();
          for (int i = 0; i < row.getLastCellNum(); i++) {
            Cell cell = row.getCell(i);
            cells.add(cell == null ? "" : text(cell));
            faulty |= cell != null && isFaulty(cell);
          }
          rows.add(row.getRowNum() + 1L, cells, faulty);
        }
        sheets.put(sheet.getSheetName(), rows);
      }
    }
    return sheets;
  }

  private static CellType type(Cell cell) {
    return cell.getCellType() == CellType.FORMULA
        ? cell.getCachedFormulaResultType()
        : cell.getCellType();
  }

  private static boolean isFaulty(Cell cell) {
    return type(cell) == CellType.ERROR || isNotComputed(cell);
  }

  private static boolean isNotComputed(Cell cell) {
    return cell.getCellType() == CellType.FORMULA
        && cell instanceof XSSFCell written
        && written.getRawValue() == null;
  }

  private static String text(Cell cell) {
    if (isNotComputed(cell)) {
      return "";
    }
    return switch (type(cell)) {
      case STRING -> cell.getStringCellValue();
      case BOOLEAN -> cell.getBooleanCellValue() ? "TRUE" : "FALSE";
      case NUMERIC -> number(cell);
      case ERROR -> FormulaError.forInt(cell.getErrorCellValue()).getString();
      default -> "";
    };
  }

  private static String number(Cell cell) {
    double value = cell.getNumericCellValue();
    String format = cell.getCellStyle().getDataFormatString();
    if (DateUtil.isCellDateFormatted(cell)) {
      return moment(cell.getLocalDateTimeCellValue(), format);
    }
    // A fraction and an exponent are only other ways to write the number that is compared.
    if (format == null || format.matches("(?i)General|@|.*/.*|.*E[+-].*")) {
      return new BigDecimal(value).round(EXCEL).toPlainString();
    }
    return FORMATTER.formatRawCellContents(
        value, cell.getCellStyle().getDataFormat(), format, false);
  }

  private static String moment(LocalDateTime moment, String format) {
    String bare = format.replaceAll("\"[^\"]*\"|\\\\.|\\[[^hms\\]][^\\]]*\\]|AM/PM|A/P", "");
    String letters = bare.split(";")[0].toLowerCase(Locale.ROOT);
    boolean time = letters.contains("h") || letters.contains("s");
    boolean date = letters.contains("y") || letters.contains("d") || !time;
    String seconds = letters.contains("s") ? "HH:mm:ss" : "HH:mm";
    String pattern = (date ? "yyyy-MM-dd" : "") + (date && time ? " " : "") + (time ? seconds : "");
    return moment.format(DateTimeFormatter.ofPattern(pattern, Locale.ROOT));
  }
}
