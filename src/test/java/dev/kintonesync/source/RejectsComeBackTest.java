package dev.kintonesync.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.kintonesync.source.file.RejectsFile;
import dev.kintonesync.source.file.SourceFile;
import dev.kintonesync.source.text.TextCell;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.jspecify.annotations.Nullable;

/**
 * Rejected rows are read as they were when they come back: whatever encoding the source had and the
 * job says, and although no cell is left that a spreadsheet would take for a formula.
 */
class RejectsComeBackTest {
  private Path folder;

  @BeforeProperty
  void makeFolder() throws IOException {
    folder = Files.createTempDirectory("rejects-come-back");
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

  private Path rejects(
      List<String> columns, SourceFormat format, String error, List<List<String>> rows)
      throws IOException {
    Path file = folder.resolve("rejects" + format.extension());
    Files.deleteIfExists(file);
    try (RejectsFile out = RejectsFile.create(file, columns, format)) {
      for (List<String> row : rows) {
        var record = new SourceRecord(new Position(1, 2), Map.of(), List.of(row), null);
        out.add(record, error, "run/1/" + row.get(0));
      }
    }
    return file;
  }

  private static SourceOptions declared(@Nullable Encoding encoding) {
    return SourceOptions.DEFAULT.withEncoding(encoding);
  }

  @Provide
  Arbitrary<String> japanese() {
    Arbitrary<Character> letters =
        Arbitraries.oneOf(
            Arbitraries.chars().range('ｦ', 'ﾟ'),
            Arbitraries.chars().range('ぁ', 'ん'),
            Arbitraries.chars().range('ァ', 'ヶ'),
            Arbitraries.chars().range('一', '龠'),
            Arbitraries.chars().range('0', 'z'),
            Arbitraries.of('é', '©', '、', '①', '¥', '髙'));
    return Arbitraries.oneOf(
        letters.list().ofMinSize(1).ofMaxSize(12).map(RejectsComeBackTest::join),
        Arbitraries.chars()
            .range('ｦ', 'ﾟ')
            .list()
            .ofMinSize(1)
            .ofMaxSize(8)
            .map(RejectsComeBackTest::join));
  }

  private static String join(List<Character> letters) {
    var text = new StringBuilder();
    letters.forEach(text::append);
    return text.toString();
  }

  @Provide
  Arbitrary<String> errors() {
    return Arbitraries.of("refused", "理由: 値が正しくありません。", "— 한국어 😀", "=HYPERLINK(\"http://x\")");
  }

  @Property(tries = 400)
  void inWhateverEncoding(
      @ForAll Encoding encoding,
      @ForAll boolean said,
      @ForAll("japanese") String column,
      @ForAll("japanese") String value,
      @ForAll("errors") String error)
      throws IOException {
    Charset charset =
        encoding == Encoding.UTF_16 ? Encoding.UTF_16BE.charset() : encoding.charset();
    Assume.that(holds(charset, column) && holds(charset, value));
    Path file =
        rejects(
            List.of("a", column + "x"),
            new SourceFormat(charset, ','),
            error,
            List.of(List.of("1", value)));
    List<SourceRecord> back = Samples.read(file, declared(said ? encoding : null));
    assertThat(back).hasSize(1);
    assertThat(back.get(0).values()).isEqualTo(Map.of("a", "1", column + "x", value));
    assertThat(back.get(0).earlierError()).isEqualTo(error);
  }

  private static boolean holds(Charset charset, String text) {
    return new String(text.getBytes(charset), charset).equals(text);
  }

  @Example
  void rejectsOfEucJpAreReadBackWithoutASetting() throws IOException {
    Path source =
        Files.write(folder.resolve("in.csv"), "番号,名前\n1,表示\n".getBytes(Charset.forName("EUC-JP")));
    for (Encoding said : new Encoding[] {null, Encoding.EUC_JP, Encoding.SHIFT_JIS}) {
      Path file = folder.resolve("out.csv");
      Files.deleteIfExists(file);
      try (SourceReader reader = SourceFile.open(source, declared(Encoding.EUC_JP));
          RejectsFile out = RejectsFile.create(file, reader.columns(), reader.format())) {
        reader.forEachRemaining(record -> out.add(record, "bad", "ref"));
      }
      assertThat(Samples.read(file, declared(said)).get(0).values())
          .isEqualTo(Map.of("番号", "1", "名前", "表示"));
    }
  }

  /** What programs make of the file between our writing and its return. */
  @Example
  void inTheEncodingThatAProgramHasSavedThemIn() throws IOException {
    String text = "番号,名前,_error,_ref\r\n1,表示,値が正しくありません。,r/1/1\r\n";
    for (String saved : List.of("UTF-8", "windows-31j", "UTF-16LE", "UTF-16BE", "EUC-JP")) {
      ByteBuffer bytes = Charset.forName(saved).encode(text);
      Path file =
          Files.write(
              folder.resolve("saved.csv"), java.util.Arrays.copyOf(bytes.array(), bytes.limit()));
      for (String said : List.of("utf8", "sjis", "euc-jp", "utf16", "utf16le")) {
        if (saved.equals("EUC-JP") && !said.equals("euc-jp")) {
          continue; // no program saves as EUC-JP what it was not asked to
        }
        assertThat(Samples.read(file, said).get(0).values())
            .as(saved + " where " + said + " is said")
            .isEqualTo(Map.of("番号", "1", "名前", "表示"));
      }
    }
  }

  @Provide
  Arbitrary<String> cells() {
    Arbitrary<String> parts =
        Arbitraries.of(
            "=",
            "+",
            "-",
            "@",
            "'",
            "''",
            "\t",
            "\r",
            "\n",
            "＝",
            "＋",
            "－",
            "＠",
            "1",
            "5,000",
            ".5",
            "e5",
            "%",
            "cmd|'/c calc'!A0",
            "SUM(1)",
            " ",
            "\"",
            ",",
            "東",
            "_x003D_");
    return parts.list().ofMinSize(1).ofMaxSize(4).map(list -> String.join("", list));
  }

  @Property(tries = 400)
  void withoutAFormulaAndWithEveryValueAsItWas(
      @ForAll("cells") String cell, @ForAll("cells") String column, @ForAll("cells") String error)
      throws IOException {
    Assume.that(!column.isBlank());
    var columns = List.of("a", column + "x");
    for (SourceFormat format :
        List.of(
            new SourceFormat(UTF_8, ','),
            new SourceFormat(UTF_8, '\t'),
            SourceFormat.workbook("S"))) {
      Path file = rejects(columns, format, error, List.of(List.of("1", cell)));
      SourceRecord back = Samples.read(file).get(0);
      assertThat(back.values()).isEqualTo(Map.of("a", "1", columns.get(1), cell));
      assertThat(back.earlierError()).isEqualTo(error);
      assertThat(back.ref()).isEqualTo("run/1/1");
      if (format.kind() == SourceFormat.Kind.DELIMITED) {
        assertNoFormula(file, format.delimiter());
      }
    }
  }

  private static void assertNoFormula(Path file, char delimiter) throws IOException {
    try (CsvReader<NamedCsvRecord> csv =
        CsvReader.builder().fieldSeparator(delimiter).ofNamedCsvRecord(file)) {
      for (NamedCsvRecord row : csv) {
        assertThat(row.getHeader()).noneMatch(RejectsComeBackTest::isFormula);
        assertThat(row.getFields()).noneMatch(RejectsComeBackTest::isFormula);
      }
    }
  }

  private static boolean isFormula(String cell) {
    return cell.matches("(?s)[=@\\t\\r\\n＝＠].*") || cell.matches("(?s)[-+－＋].*[^-+－＋0-9０-９.,%e].*");
  }

  @Example
  void numbersAndDashesStayAsTheyAre() {
    for (String cell :
        List.of("-5", "+5", "-1,234.50", "-5%", "－５", "-1e-5", "-", "--", "'a", "a=b", "-.5")) {
      assertThat(TextCell.inText(cell)).isEqualTo(cell);
      assertThat(TextCell.read(cell)).isEqualTo(cell);
    }
    for (String cell : List.of("=1", "+81-3-1234", "-1+1", "@x", "- note", "\t=1", "－５－３")) {
      assertThat(TextCell.inText(cell)).isEqualTo("'" + cell);
    }
    assertThat(TextCell.inText("'=1")).isEqualTo("''=1");
    assertThat(TextCell.inSheet("=1")).isEqualTo("=1");
  }
}
