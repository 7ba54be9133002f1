package dev.kintonesync.source;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.file.RejectsFile;
import dev.kintonesync.source.file.SourceFile;
import dev.kintonesync.source.sheet.XmlPart;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes files that are too much in some way, and reads them in a process of its own. */
final class HostileFiles {

  private HostileFiles() {}

  /**
   * Reads files to their ends and rejects each row: each line of the input names a file, and is
   * answered by a line that says what became of it.
   *
   * @param arguments where the rejects go
   */
  public static void main(String[] arguments) throws IOException {
    var files = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String file = files.readLine(); file != null; file = files.readLine()) {
      System.out.println(said(Path.of(file), Path.of(arguments[0])));
    }
  }

  private static String said(Path file, Path rejects) throws IOException {
    long read = 0;
    long bad = 0;
    try (SourceFileReader reader = SourceFile.open(file, SourceOptions.DEFAULT);
        RejectsFile out = RejectsFile.create(rejects, reader.columns(), reader.format())) {
      while (reader.hasNext()) {
        SourceRecord record = reader.next();
        read++;
        bad += record.problem() == null ? 0 : 1;
        out.add(record, record.problem() == null ? "bad" : record.problem().toString(), "r");
      }
    } catch (UserErrorException e) {
      return "refused: " + e.getMessage();
    }
    return read + " rows, " + bad + " of them unreadable";
  }

  /** A part of a file, and how often it stands there. */
  record Part(String text, int times) {}

  static Part once(String text) {
    return new Part(text, 1);
  }

  /** So many megabytes of a text. */
  static Part megabytes(int count, String text) {
    return new Part(text, (count << 20) / text.length());
  }

  /** Text of parts, which may be far larger than memory. */
  static Path text(Path file, Part... parts) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      write(out, parts);
    }
    return file;
  }

  /** A workbook whose only sheet is such a document. */
  static Path workbook(Path file, Part... sheet) throws IOException {
    try (var zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      zip.setLevel(Deflater.BEST_SPEED);
      part(zip, "[Content_Types].xml", once("<Types/>"));
      part(
          zip,
          "xl/workbook.xml",
          once(
              "<workbook xmlns:r='"
                  + Books.OFFICE
                  + "'><sheets><sheet name='S' r:id='r1'/></sheets></workbook>"));
      part(
          zip,
          "xl/_rels/workbook.xml.rels",
          once(
              "<Relationships><Relationship Id='r1' Type='"
                  + Books.OFFICE
                  + "/worksheet'"
                  + " Target='s.xml'/><Relationship Id='r2' Type='"
                  + Books.OFFICE
                  + "/sharedStrings'"
                  + " Target='t.xml'/></Relationships>"));
      part(
          zip,
          "xl/t.xml",
          once("<sst><si><t>"),
          new Part("x", XmlPart.LONGEST_TEXT),
          once("</t></si></sst>"));
      part(zip, "xl/s.xml", sheet);
    }
    return file;
  }

  private static void part(ZipOutputStream zip, String name, Part... parts) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    write(zip, parts);
  }

  private static void write(OutputStream out, Part... parts) throws IOException {
    for (Part part : parts) {
      byte[] bytes = part.text().getBytes(StandardCharsets.UTF_8);
      int together = Math.max(1, Math.min(part.times(), (1 << 16) / bytes.length));
      byte[] block = part.text().repeat(together).getBytes(StandardCharsets.UTF_8);
      int left = part.times();
      for (; left >= together; left -= together) {
        out.write(block);
      }
      for (; left > 0; left--) {
        out.write(bytes);
      }
    }
  }
}
