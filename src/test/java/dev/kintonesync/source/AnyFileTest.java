package dev.kintonesync.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.file.RejectsFile;
import dev.kintonesync.source.file.SourceFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/**
 * JSON, workbooks and packages, whatever is in them: what others write is read back; what is
 * damaged is refused or rejected in words, and never read as something shorter.
 */
class AnyFileTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Path folder;

  @BeforeProperty
  void makeFolder() throws IOException {
    folder = Files.createTempDirectory("any-file");
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

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  /** What was read until the end, or null if the file was refused or broke. */
  private static List<SourceRecord> readOrRefused(Path file) {
    List<SourceRecord> records = new ArrayList<>();
    try (SourceReader reader = SourceFile.open(file, SourceOptions.DEFAULT)) {
      reader.forEachRemaining(records::add);
      return records;
    } catch (UserErrorException e) {
      assertThat(e.getMessage()).isNotBlank();
      return null;
    }
  }

  @Provide
  Arbitrary<byte[]> nearlyJson() {
    return Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\"a\"",
            "\"b\"",
            "\"_ref\"",
            "\"_error\"",
            "\"_text\"",
            "1",
            "-",
            "0.5e9",
            "1e99999",
            "true",
            "null",
            "\\",
            "\\ud800",
            "\n",
            "\r\n",
            " ",
            "{\"a\":1}",
            "[{",
            "}]",
            "\u0000",
            "東",
            "\uFEFF",
            "{\"a\":[")
        .list()
        .ofMaxSize(30)
        .map(parts -> String.join("", parts).getBytes(UTF_8));
  }

  @Property(tries = 1000)
  void nearlyJsonIsReadOrRefused(
      @ForAll("nearlyJson") byte[] bytes, @ForAll("jsonNames") String name) throws IOException {
    Path file = file(name, bytes);
    List<SourceRecord> records = readOrRefused(file);
    if (records != null && name.endsWith("l")) {
      long lines = new String(bytes, UTF_8).lines().filter(line -> !line.isBlank()).count();
      assertThat((long) records.size())
          .as("every line has its record")
          .isGreaterThanOrEqualTo(lines - 1);
    }
  }

  @Provide
  Arbitrary<String> jsonNames() {
    return Arbitraries.of("rows.json", "rows.jsonl");
  }

  @Provide
  Arbitrary<Object> values() {
    Arbitrary<Object> simple =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(6).map(AnyFileTest::whole),
            Arbitraries.longs(),
            Arbitraries.bigDecimals(),
            Arbitraries.of(true, false));
    return Arbitraries.oneOf(
        simple,
        simple.list().ofMaxSize(3).map(list -> (Object) list),
        Arbitraries.maps(Arbitraries.strings().alpha().ofMaxLength(3), simple)
            .ofMaxSize(3)
            .map(map -> (Object) map));
  }

  private static String whole(String text) {
    return new String(text.getBytes(UTF_8), UTF_8);
  }

  @Provide
  Arbitrary<List<Map<String, Object>>> tables() {
    return Arbitraries.maps(Arbitraries.of("a", "b", "c/d", "名前"), values())
        .ofMinSize(1)
        .list()
        .ofMinSize(1)
        .ofMaxSize(5);
  }

  @Property(tries = 300)
  void jsonIsReadAsJacksonWroteItAndComesBackAsARejectsFile(
      @ForAll("tables") List<Map<String, Object>> table, @ForAll boolean pretty)
      throws IOException {
    var writer = pretty ? JSON.writerWithDefaultPrettyPrinter() : JSON.writer();
    Path file = file("rows.json", writer.writeValueAsBytes(table));
    List<SourceRecord> records = Samples.read(file);
    assertThat(JSON.valueToTree(records.stream().map(SourceRecord::values).toList()).toString())
        .isEqualTo(JSON.valueToTree(table).toString());

    Path rejects = folder.resolve("rejects.jsonl");
    Files.deleteIfExists(rejects);
    try (RejectsFile out = RejectsFile.create(rejects, List.of("a"), SourceFormat.JSON)) {
      records.forEach(record -> out.add(record, "bad \"one\"", "ref/" + record.position().row()));
    }
    List<SourceRecord> back = Samples.read(rejects);
    assertThat(back)
        .extracting(SourceRecord::values)
        .isEqualTo(records.stream().map(SourceRecord::values).toList());
    assertThat(back).allMatch(record -> "bad \"one\"".equals(record.earlierError()));
  }

  @Property(tries = 300)
  void aListCutOffAnywhereIsRefused(
      @ForAll("tables") List<Map<String, Object>> table, @ForAll double where) throws IOException {
    byte[] whole = JSON.writeValueAsBytes(table);
    int length = 2 + (int) (Math.abs(where % 1) * (whole.length - 2));
    byte[] cut = new String(whole, 0, Math.min(length, whole.length - 1), UTF_8).getBytes(UTF_8);
    assertThat(readOrRefused(file("rows.json", cut))).isNull();
  }

  @Provide
  Arbitrary<List<List<String>>> sheets() {
    Arbitrary<String> cells =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(6).map(AnyFileTest::inExcel),
            Arbitraries.of("", "0017", "_x0041_", "a\nb", "<&>\"'", " 東京 ", "😀", "=1+1"));
    return Arbitraries.integers()
        .between(1, 4)
        .flatMap(width -> cells.list().ofSize(width).list().ofMinSize(1).ofMaxSize(8));
  }

  /** Excel has no control characters but tab and line feed, and XML none of the last two. */
  private static String inExcel(String text) {
    return whole(text).replaceAll("[\\p{Cntrl}\uFFFE\uFFFF]|_x", "");
  }

  @Property(tries = 150)
  void aSheetOfFastExcelIsReadBackAndComesBackAsARejectsFile(
      @ForAll("sheets") List<List<String>> rows, @ForAll boolean inline) throws IOException {
    int width = rows.get(0).size();
    List<String> header = HeaderColumns.lettered(width).names();
    var bytes = new ByteArrayOutputStream();
    try (Workbook book = new Workbook(bytes, "test", "1.0")) {
      Worksheet sheet = book.newWorksheet("rows");
      for (int r = 0; r <= rows.size(); r++) {
        List<String> row = r == 0 ? header : rows.get(r - 1);
        for (int c = 0; c < width; c++) {
          String text = row.get(c).replace("_x0041_", "_x005F_x0041_");
          if (inline) {
            sheet.inlineString(r, c, text);
          } else {
            sheet.value(r, c, text);
          }
        }
      }
    }
    List<List<String>> expected =
        rows.stream().filter(row -> row.stream().anyMatch(cell -> !cell.isEmpty())).toList();
    List<SourceRecord> records = Samples.read(file("rows.xlsx", bytes.toByteArray()));
    assertThat(records).extracting(record -> record.rows().get(0)).isEqualTo(expected);

    Path rejects = folder.resolve("rejects.xlsx");
    Files.deleteIfExists(rejects);
    try (RejectsFile out = RejectsFile.create(rejects, header, SourceFormat.workbook("rows"))) {
      records.forEach(record -> out.add(record, "bad", "ref", "A", 0));
    }
    if (!records.isEmpty()) {
      List<SourceRecord> back = Samples.read(rejects);
      assertThat(back).extracting(record -> record.rows().get(0)).isEqualTo(expected);
      assertThat(back).allMatch(record -> "ref".equals(record.ref()));
    }
  }

  /** A byte that is changed, and where; or where the file is cut off. */
  record Damage(double where, int mask, boolean cut) {
    byte[] to(byte[] whole) {
      int at = 4 + (int) (Math.abs(where % 1) * (whole.length - 4));
      byte[] damaged = whole.clone();
      if (cut) {
        return java.util.Arrays.copyOf(whole, at);
      }
      damaged[at] ^= (byte) mask;
      return damaged;
    }
  }

  @Provide
  Arbitrary<Damage> damages() {
    return Combinators.combine(
            Arbitraries.doubles().between(0, 0.9999).ofScale(4),
            Arbitraries.integers().between(1, 255),
            Arbitraries.of(true, false))
        .as(Damage::new);
  }

  @Property(tries = 500)
  void aDamagedWorkbookIsNeverReadShorterInSilence(@ForAll("damages") Damage damage)
      throws IOException {
    Path whole =
        Books.poi(
            folder,
            book -> {
              var sheet = book.createSheet("S");
              for (int r = 0; r < 30; r++) {
                var row = sheet.createRow(r);
                row.createCell(0).setCellValue(r == 0 ? "a" : "text " + r);
                if (r > 0) {
                  row.createCell(1).setCellValue(r);
                } else {
                  row.createCell(1).setCellValue("b");
                }
              }
            });
    byte[] bytes = Files.readAllBytes(whole);
    Files.delete(whole);
    List<SourceRecord> records = readOrRefused(file("damaged.xlsx", damage.to(bytes)));
    if (records != null) {
      assertThat(records).hasSize(29);
    }
  }

  @Property(tries = 500)
  void anyXmlInASheetIsReadOrAnError(@ForAll("sheetXml") String xml) throws IOException {
    Path file = Books.raw(folder, xml, "<si><t>a</t></si>");
    assertThatCode(() -> readOrRefused(file)).doesNotThrowAnyException();
    Files.delete(file);
  }

  @Provide
  Arbitrary<String> sheetXml() {
    return Arbitraries.of(
            "<row>",
            "</row>",
            "<row r='2'>",
            "<c>",
            "<c t='s'>",
            "<c t='inlineStr'>",
            "<c r='B2'>",
            "<c t='e'>",
            "<c t='d'>",
            "</c>",
            "<v>",
            "0",
            "-1",
            "9",
            "x",
            "</v>",
            "<f/>",
            "<is>",
            "<t>",
            "</t>",
            "</is>",
            "<!-- -->",
            "<![CDATA[",
            "]]>",
            "&amp;",
            "&x;",
            "&#0;",
            "<c t='s'><v>0</v></c>",
            "<row><c t='s'><v>0</v></c></row>",
            "<!DOCTYPE x>")
        .list()
        .ofMaxSize(15)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 300)
  void aDamagedPackageIsNeverReadShorterInSilence(@ForAll("damages") Damage damage)
      throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      for (int i = 0; i < 200; i++) {
        gzip.write((i == 0 ? "a,b\n" : i + ",row " + i * 7919 + "\n").getBytes(UTF_8));
      }
    }
    List<SourceRecord> records =
        readOrRefused(file("rows.csv.gz", damage.to(packed.toByteArray())));
    // A file whose first bytes are no longer those of a package is read as the text that it is.
    if (records != null && records.stream().allMatch(record -> record.problem() == null)) {
      assertThat(records.size()).isIn(199, 0);
    }
  }

  @Property(tries = 500)
  void anyBytesBehindAKnownBeginningAreReadOrRefused(
      @ForAll("beginnings") String beginning, @ForAll byte[] rest) throws IOException {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(beginning.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    bytes.writeBytes(rest);
    Path file = file("any", bytes.toByteArray());
    assertThatCode(() -> readOrRefused(file)).doesNotThrowAnyException();
  }

  @Provide
  Arbitrary<String> beginnings() {
    return Arbitraries.of(
        "PK\u0003\u0004",
        "PK\u0005\u0006",
        "\u001F\u008B\u0008\u0000",
        "[{\"",
        "{\"a\":",
        "[{}",
        "\u00FF\u00FE[\u0000{\u0000");
  }
}
