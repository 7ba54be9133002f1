package dev.kintonesync.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;

/** Workbooks, made by POI or part by part. */
public final class Books {

  /** The name space of relationships between the parts of a document. */
  static final String OFFICE =
      "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

  private Books() {}

  /** A workbook made by POI. */
  public static Path poi(Path folder, Consumer<XSSFWorkbook> content) throws IOException {
    Path file = Files.createTempFile(folder, "book", ".xlsx");
    try (var book = new XSSFWorkbook();
        var out = Files.newOutputStream(file)) {
      content.accept(book);
      book.write(out);
    }
    return file;
  }

  /** A workbook whose only sheet has these rows, written in the words of its XML. */
  public static Path raw(Path folder, String sheetData, String sharedStrings) throws IOException {
    Path file = Files.createTempFile(folder, "book", ".xlsx");
    try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
      part(zip, "[Content_Types].xml", "<Types/>");
      part(
          zip,
          "xl/workbook.xml",
          "<workbook xmlns:r='"
              + OFFICE
              + "'><sheets><sheet name='S' r:id='rId1'/></sheets></workbook>");
      part(
          zip,
          "xl/_rels/workbook.xml.rels",
          "<Relationships>"
              + "<Relationship Id='rId1' Type='"
              + OFFICE
              + "/worksheet' Target='worksheets/sheet1.xml'/>"
              + "<Relationship Id='rId2' Type='"
              + OFFICE
              + "/sharedStrings' Target='sharedStrings.xml'/>"
              + "</Relationships>");
      part(zip, "xl/sharedStrings.xml", "<sst>" + sharedStrings + "</sst>");
      part(
          zip,
          "xl/worksheets/sheet1.xml",
          "<worksheet><sheetData>" + sheetData + "</sheetData></worksheet>");
    }
    return file;
  }

  /** A workbook of these parts, by their names. */
  public static Path of(Path folder, Map<String, String> parts) throws IOException {
    Path file = Files.createTempFile(folder, "book", ".xlsx");
    try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (var part : parts.entrySet()) {
        part(zip, part.getKey(), part.getValue());
      }
    }
    return file;
  }

  private static void part(ZipOutputStream zip, String name, String xml) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(xml.getBytes(StandardCharsets.UTF_8));
  }
}
