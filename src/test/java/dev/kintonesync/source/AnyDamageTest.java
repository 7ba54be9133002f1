package dev.kintonesync.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.file.RejectsFile;
import dev.kintonesync.source.file.SourceFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.jspecify.annotations.Nullable;

/**
 * Real files, damaged in whatever way: they end as rows, as rejected rows that come back, or as a
 * refusal in words before the first row. Nothing else may come of them, for that would be tried
 * again for ever.
 */
class AnyDamageTest {
  private static final int SIZE = 6_000;

  private Path folder;
  private byte[] sheets = {};
  private byte[] oldSheets = {};

  @BeforeProperty
  void makeFolder() throws IOException {
    folder = Files.createTempDirectory("any-damage");
    Path book =
        Books.poi(
            folder,
            made -> {
              var style = made.createCellStyle();
              style.setDataFormat(made.createDataFormat().getFormat("#,##0.00;[Red]-0%"));
              var date = made.createCellStyle();
              date.setDataFormat(made.createDataFormat().getFormat("yyyy/m/d h:mm"));
              var sheet = made.createSheet("名前");
              for (int r = 0; r < 12; r++) {
                var row = sheet.createRow(r);
                row.createCell(0).setCellValue(r == 0 ? "a" : "値 " + r);
                row.createCell(1).setCellValue(r == 0 ? "b" : "x");
                row.createCell(2).setCellValue(r == 0 ? "c" : "y");
                if (r > 0) {
                  row.createCell(1).setCellValue(-1234.5 * r);
                  row.getCell(1).setCellStyle(style);
                  row.createCell(2).setCellValue(44_000.5 + r);
                  row.getCell(2).setCellStyle(date);
                }
              }
            });
    sheets = Files.readAllBytes(book);
    Files.delete(book);
    oldSheets = oldSheets();
  }

  private static byte[] oldSheets() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var book = new HSSFWorkbook()) {
      var style = book.createCellStyle();
      style.setDataFormat(book.createDataFormat().getFormat("[<=99]000;\\(00\\)\\ 0"));
      var sheet = book.createSheet("名前");
      for (int r = 0; r < 20; r++) {
        var row = sheet.createRow(r);
        row.createCell(0).setCellValue(r == 0 ? "a" : "値 " + r + "x".repeat(r * 40));
        row.createCell(1).setCellValue(r == 0 ? "b" : "y");
        row.createCell(2).setCellValue(r == 0 ? "c" : "z");
        if (r > 0) {
          row.createCell(1).setCellValue(1234.5 * r);
          row.getCell(1).setCellStyle(style);
          row.createCell(2).setCellFormula("\"w\"&" + r);
        }
      }
      book.getCreationHelper().createFormulaEvaluator().evaluateAll();
      book.write(bytes);
    }
    return bytes.toByteArray();
  }

  @AfterProperty
  void removeFolder() throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  /** What is done to a place of a file. */
  enum Kind {
    FLIP,
    CUT,
    DROP,
    DOUBLE,
    INSERT,
    SWAP
  }

  /** One damage; where is a share of the length. */
  record Damage(Kind kind, double where, int length, String text) {
    byte[] to(byte[] whole) {
      if (whole.length == 0) {
        return whole;
      }
      int at = (int) (where * whole.length);
      int end = Math.min(whole.length, at + length);
      var out = new ByteArrayOutputStream();
      out.write(whole, 0, at);
      switch (kind) {
        case FLIP -> {
          out.write(whole[at] ^ (1 << (length % 8)));
          out.write(whole, at + 1, whole.length - at - 1);
        }
        case CUT -> {}
        case DROP -> out.write(whole, end, whole.length - end);
        case DOUBLE -> {
          out.write(whole, at, end - at);
          out.write(whole, at, whole.length - at);
        }
        case INSERT -> {
          out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
          out.write(whole, at, whole.length - at);
        }
        case SWAP -> {
          out.write(whole, end, whole.length - end);
          out.write(whole, at, end - at);
        }
      }
      return out.toByteArray();
    }
  }

  @Provide
  Arbitrary<List<Damage>> damages() {
    return Combinators.combine(
            Arbitraries.of(Kind.class),
            Arbitraries.doubles().between(0, 0.9999).ofScale(4),
            Arbitraries.integers().between(1, 40),
            Arbitraries.of(
                "\"",
                ",",
                "\n",
                "\0",
                "<",
                ">",
                "</c>",
                "<row>",
                "r='XFD1'",
                "&#1;",
                "{",
                "}",
                "[",
                "999999999",
                "1e999999999",
                "-",
                "s=\"99\"",
                "t=\"s\"",
                "\u00ff",
                "\u0081",
                "]]>",
                "<mc:Choice"
                    + " xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>",
                "</extLst>",
                "\u0009\u0008\u0010\0\0\u0006\u0010\0",
                "\n\0\0\0",
                "\u003c\0\u00ff\u00ff",
                "\u00fc\0\u0008\0\u00ff\u00ff\u00ff\u007f\u00ff\u00ff\u00ff\u007f",
                "\u00bd\0\u00ff\u001f",
                "\u0003\u0002\u000e\0\u00ff\u00ff\u00ff\u00ff"))
        .as(Damage::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  private static byte[] damaged(byte[] whole, List<Damage> damages) {
    byte[] bytes = whole;
    for (Damage damage : damages) {
      bytes = damage.to(bytes);
    }
    return bytes;
  }

  /** Reads all, rejects all and reads the rejects; null when the file was refused. */
  private @Nullable List<SourceRecord> ends(String name, byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve(name), bytes);
    List<SourceRecord> records = new ArrayList<>();
    Path rejects;
    SourceFileReader opened;
    try {
      opened = SourceFile.open(file, SourceOptions.DEFAULT);
    } catch (UserErrorException e) {
      assertThat(e.reason().code()).isNotEqualTo("file-not-understood");
      assertThat(e.getMessage().length()).isLessThan(2_000);
      return null;
    }
    try (SourceReader reader = opened) {
      rejects = folder.resolve("rejects" + reader.format().extension());
      Files.deleteIfExists(rejects);
      try (RejectsFile out = RejectsFile.create(rejects, reader.columns(), reader.format())) {
        reader.forEachRemaining(
            record -> {
              records.add(record);
              var problem = record.problem();
              out.add(
                  record,
                  problem == null ? "bad" : problem.toString(),
                  "r",
                  null,
                  record.problemRow());
            });
      }
    }
    if (!records.isEmpty()) {
      // Not the records: next to a row that cannot be read they are grouped anew.
      assertThat(rows(Samples.read(rejects))).isEqualTo(rows(records));
    }
    return records;
  }

  private static int rows(List<SourceRecord> records) {
    return records.stream().mapToInt(record -> record.rows().size()).sum();
  }

  @Property(tries = 400)
  void realText(@ForAll("texts") String name, @ForAll("damages") List<Damage> damages)
      throws IOException {
    byte[] whole = Arrays.copyOf(Files.readAllBytes(Samples.DATA.resolve(name)), SIZE);
    ends(name, damaged(whole, damages));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
        "postal-codes-tokyo.csv",
        "postal-codes-tokyo-shift-jis.csv",
        "postal-areas-tokyo-table.csv");
  }

  @Property(tries = 400)
  void realJson(@ForAll("damages") List<Damage> damages, @ForAll boolean lines) throws IOException {
    var text = new StringBuilder(lines ? "" : "[");
    for (int i = 0; i < 40; i++) {
      text.append(i > 0 && !lines ? ",\n" : "")
          .append("{\"番号\": " + i + ", \"名前\": \"値\\n" + i + "\", \"表\": [{\"a\": null}]}")
          .append(lines ? "\n" : "");
    }
    byte[] whole = text.append(lines ? "" : "]").toString().getBytes(StandardCharsets.UTF_8);
    ends(lines ? "a.jsonl" : "a.json", damaged(whole, damages));
  }

  @Property(tries = 400)
  void packages(@ForAll("damages") List<Damage> damages, @ForAll boolean zipped)
      throws IOException {
    byte[] rows = Files.readAllBytes(Samples.DATA.resolve("postal-codes-tokyo.csv"));
    var packed = new ByteArrayOutputStream();
    if (zipped) {
      try (var zip = new ZipOutputStream(packed)) {
        zip.putNextEntry(new ZipEntry("../rows.csv"));
        zip.write(rows, 0, SIZE);
      }
    } else {
      try (var gzip = new GZIPOutputStream(packed)) {
        gzip.write(rows, 0, SIZE);
      }
    }
    ends(zipped ? "a.zip" : "a.csv.gz", damaged(packed.toByteArray(), damages));
  }

  @Property(tries = 400)
  void aWorkbookAsItLies(@ForAll("damages") List<Damage> damages) throws IOException {
    ends("a.xlsx", damaged(sheets, damages));
  }

  @Property(tries = 400)
  void anOldWorkbookAsItLies(@ForAll("damages") List<Damage> damages) throws IOException {
    ends("a.xls", damaged(oldSheets, damages));
  }

  /** The container is sound; the records in it are not. */
  @Property(tries = 800)
  void theRecordsOfAnOldWorkbook(@ForAll("damages") List<Damage> damages) throws IOException {
    byte[] records;
    try (var whole = new POIFSFileSystem(new ByteArrayInputStream(oldSheets));
        var stream = whole.createDocumentInputStream("Workbook")) {
      records = stream.readAllBytes();
    }
    var bytes = new ByteArrayOutputStream();
    try (var made = new POIFSFileSystem()) {
      made.createDocument(new ByteArrayInputStream(damaged(records, damages)), "Workbook");
      made.writeFilesystem(bytes);
    }
    ends("a.xls", bytes.toByteArray());
  }

  /** The zip is sound and its sums are right; what is in it is not. */
  @Property(tries = 800)
  void thePartsOfAWorkbook(
      @ForAll("damages") List<Damage> damages, @ForAll("parts") List<String> chosen)
      throws IOException {
    Map<String, byte[]> parts = new LinkedHashMap<>();
    try (var zip = new ZipInputStream(new ByteArrayInputStream(sheets))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        parts.put(entry.getName(), zip.readAllBytes());
      }
    }
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      for (var part : parts.entrySet()) {
        zip.putNextEntry(new ZipEntry(part.getKey()));
        boolean hit = chosen.stream().anyMatch(part.getKey()::endsWith);
        zip.write(hit ? damaged(part.getValue(), damages) : part.getValue());
      }
    }
    ends("a.xlsx", bytes.toByteArray());
  }

  @Provide
  Arbitrary<List<String>> parts() {
    return Arbitraries.of(
            "sheet1.xml", "sheet1.xml", "sharedStrings.xml", "styles.xml", "workbook.xml", ".rels")
        .list()
        .ofMinSize(1)
        .ofMaxSize(2);
  }
}
