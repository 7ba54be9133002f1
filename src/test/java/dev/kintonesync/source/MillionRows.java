package dev.kintonesync.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kintonesync.source.file.RejectsFile;
import dev.kintonesync.source.file.SourceFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes large files of every format, and reads them in a process of its own. */
final class MillionRows {

  private MillionRows() {}

  /**
   * Reads all rows of a file, rejects each, and reads the rejects.
   *
   * @param arguments the file, and where the rejects go without the end of its name
   */
  public static void main(String[] arguments) {
    Path rejects;
    long rows = 0;
    try (SourceFileReader reader = SourceFile.open(Path.of(arguments[0]), SourceOptions.DEFAULT)) {
      rejects = Path.of(arguments[1] + reader.format().extension());
      try (RejectsFile out = RejectsFile.create(rejects, reader.columns(), reader.format())) {
        while (reader.hasNext()) {
          check(reader.next(), rows);
          rows++;
        }
      }
      try (SourceReader again = reader.again();
          RejectsFile out = RejectsFile.create(rejects, again.columns(), again.format())) {
        while (again.hasNext()) {
          SourceRecord record = again.next();
          out.add(record, "bad", "run/" + record.position().row(), "名前", 0);
        }
      }
    }
    long back = 0;
    try (SourceFileReader reader = SourceFile.open(rejects, SourceOptions.DEFAULT)) {
      while (reader.hasNext()) {
        check(reader.next(), back);
        back++;
      }
    }
    System.out.println(rows + " rows, " + back + " again");
  }

  private static void check(SourceRecord record, long row) {
    if (record.problem() != null
        || !String.valueOf(record.values().get("番号")).equals(String.valueOf(row))
        || !("株式会社" + row).equals(record.values().get("名前"))) {
      throw new AssertionError(record.toString());
    }
  }

  /** Writes rows whose texts are all different; the name says the format and the packing. */
  static void write(Path file, int rows) throws IOException {
    String name = String.valueOf(file.getFileName());
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      if (name.endsWith(".gz")) {
        try (var gzip = new GZIPOutputStream(out)) {
          content(gzip, name.substring(0, name.length() - 3), rows);
        }
      } else if (name.endsWith(".zip")) {
        try (var zip = new ZipOutputStream(out)) {
          zip.putNextEntry(new ZipEntry("folder/rows.csv"));
          content(zip, "rows.csv", rows);
        }
      } else {
        content(out, name, rows);
      }
    }
  }

  private static void content(OutputStream out, String name, int rows) throws IOException {
    if (name.endsWith(".xlsx")) {
      workbook(out, rows);
      return;
    }
    var text = new PrintStream(out, false, UTF_8);
    boolean list = name.endsWith(".json");
    boolean page = name.endsWith(".html");
    text.print(
        page
            ? "<table><tr><th>番号<th>名前"
            : list ? "[" : name.endsWith("l") ? "" : name.endsWith("tsv") ? "番号\t名前\n" : "番号,名前\n");
    for (int i = 0; i < rows; i++) {
      text.print(
          switch (name.substring(name.lastIndexOf('.')).toLowerCase(Locale.ROOT)) {
            case ".json" -> (i == 0 ? "" : ",\n") + json(i);
            case ".jsonl" -> json(i) + "\n";
            case ".html" -> "<tr>\n <td>" + i + "</td>\n <td>株式会社" + i + "</td>\n</tr>\n";
            case ".tsv" -> i + "\t株式会社" + i + "\n";
            default -> i + ",株式会社" + i + "\n";
          });
    }
    text.print(list ? "]" : "");
    text.flush();
  }

  private static String json(int i) {
    return "{\"番号\": " + i + ", \"名前\": \"株式会社" + i + "\", \"表\": [{\"a\": null}]}";
  }

  /** As Excel writes it: every text in the table that cells share, here in another order. */
  private static void workbook(OutputStream out, int rows) throws IOException {
    var zip = new ZipOutputStream(out);
    zip.setLevel(Deflater.BEST_SPEED);
    part(zip, "[Content_Types].xml").print("<Types/>");
    part(zip, "xl/workbook.xml")
        .print(
            "<workbook xmlns:r='"
                + Books.OFFICE
                + "'><sheets><sheet name='S' r:id='r1'/></sheets></workbook>");
    part(zip, "xl/_rels/workbook.xml.rels")
        .print(
            "<Relationships><Relationship Id='r1' Type='"
                + Books.OFFICE
                + "/worksheet' Target='s.xml'/>"
                + "<Relationship Id='r2' Type='"
                + Books.OFFICE
                + "/sharedStrings' Target='t.xml'/></Relationships>");
    PrintStream texts = part(zip, "xl/t.xml");
    texts.print("<sst><si><t>番号</t></si><si><t>名前</t></si>");
    for (int i = rows - 1; i >= 0; i--) {
      texts.print("<si><t>株式会社" + i + "</t></si>");
    }
    texts.print("</sst>");
    texts.flush();
    PrintStream sheet = part(zip, "xl/s.xml");
    sheet.print("<worksheet><sheetData><row r='1'>");
    sheet.print("<c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c></row>");
    for (int i = 0; i < rows; i++) {
      sheet.print("<row r='" + (i + 2) + "'><c r='A" + (i + 2) + "'><v>" + i + "</v></c>");
      sheet.print("<c r='B" + (i + 2) + "' t='s'><v>" + (rows + 1 - i) + "</v></c></row>");
    }
    sheet.print("</sheetData></worksheet>");
    sheet.flush();
    zip.finish();
  }

  private static PrintStream part(ZipOutputStream zip, String name) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    return new PrintStream(zip, true, UTF_8);
  }
}
