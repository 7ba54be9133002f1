package dev.kintonesync.source;

import static dev.kintonesync.source.Samples.WINDOWS_31J;
import static dev.kintonesync.source.Samples.bytes;
import static dev.kintonesync.source.Samples.read;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.file.SourceFile;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceFileTest {

  @TempDir Path folder;

  private static AbstractThrowableAssert<?, ?> refusal(Path file) {
    return refusal(file, SourceOptions.DEFAULT);
  }

  private static AbstractThrowableAssert<?, ?> refusal(Path file, SourceOptions options) {
    return assertThatThrownBy(() -> SourceFile.open(file, options))
        .isInstanceOf(UserErrorException.class);
  }

  private static SourceOptions declared(String encoding) {
    return SourceOptions.DEFAULT.withEncoding(Encoding.named(encoding));
  }

  private static Charset charsetOf(Path file, SourceOptions options) {
    try (SourceReader reader = SourceFile.open(file, options)) {
      return reader.format().charset();
    }
  }

  @Test
  void whatIsNoFileIsRefused() {
    refusal(folder.resolve("顧客.csv"))
        .hasMessageContaining("There is no file")
        .hasMessageContaining("顧客.csv");
    refusal(folder).hasMessageContaining("is a folder");
    refusal(Path.of("/dev/null")).hasMessageContaining("not an ordinary file");
  }

  @Test
  void aFileWithoutPermissionIsRefusedInWords() {
    var refused = SourceFile.refused(folder, new AccessDeniedException(folder.toString()));
    assertThat(refused).hasMessageContaining("access is denied. Check its permissions.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\uFEFF", "\n\r\n\n", "\uFEFF\r\n"})
  void aFileWithoutAHeaderIsRefused(String text) {
    refusal(Samples.file(folder, text)).hasMessageContaining("has no header");
  }

  @Test
  void otherKindsOfFilesAreNamed() throws IOException {
    refusal(zip("[Content_Types].xml")).hasMessageContaining("looks like an Excel workbook but");
    refusal(Samples.file(folder, bytes(0xD0, 0xCF, 0x11, 0xE0, 0xA1)))
        .hasMessageContaining("Excel 97-2003 workbook (.xls)")
        .hasMessageContaining("save it as .xlsx");
    refusal(Samples.file(folder, bytes(0x1F, 0x8B, 8))).hasMessageContaining("cannot be unpacked");
    refusal(Samples.file(folder, "%PDF-1.7")).hasMessageContaining("PDF");
    refusal(Samples.file(folder, "\n <HTML><table>")).hasMessageContaining("web page");
    refusal(Samples.file(folder, bytes("a,b\n1,", 0, 0, 1, "\n")))
        .hasMessageContaining("not a text file");
  }

  /** What programs call .xls or .csv and is neither. */
  @Test
  void pagesAndXmlUnderAnotherNameAreNamed() throws IOException {
    for (String page :
        new String[] {
          "<table><tr><th>code</th></tr></table>",
          "\uFEFF\r\n<table border=1>",
          "<html xmlns:o=\"urn:schemas-microsoft-com:office:office\">",
          "<!-- made by x --> \n<!-- y --><meta charset=utf-8><table>",
          "<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC ''><html>",
          "<style>td{}</style><table>",
          "<TABLE/>",
          "MIME-Version: 1.0\nX-Document-Type: Workbook\n"
        }) {
      refusal(Samples.file(folder, page)).hasMessageContaining("is a web page (HTML)");
    }
    refusal(Samples.file(folder, "<table><tr>", StandardCharsets.UTF_16LE))
        .hasMessageContaining("is a web page (HTML)");
    String excel2003 =
        "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n<Workbook"
            + " xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet/></Workbook>";
    refusal(Samples.file(folder, excel2003))
        .hasMessageContaining("is an Excel 2003 XML workbook")
        .hasMessageContaining("Save its table as .xlsx or CSV");
    refusal(Samples.file(folder, excel2003.substring(excel2003.indexOf("<Workbook"))))
        .hasMessageContaining("is an Excel 2003 XML workbook");
    refusal(Samples.file(folder, "<?xml version='1.0'?><office:document x=''/>"))
        .hasMessageContaining("is an OpenDocument file");
    refusal(Samples.file(folder, "<?xml version='1.0'?><rows><row/></rows>"))
        .hasMessageContaining("is an XML document");
    refusal(zip("META-INF/manifest.xml")).hasMessageContaining("is an OpenDocument file (.ods)");
    refusal(zip("Index/Document.iwa")).hasMessageContaining("is a Numbers spreadsheet");
    refusal(zip("xl/workbook.bin")).hasMessageContaining("is a binary Excel workbook (.xlsb)");
    refusal(zip("word/document.xml")).hasMessageContaining("is a document of another program");
  }

  @Test
  void namesOfColumnsMayLookLikeTags() {
    assertThat(Samples.read(Samples.file(folder, "<DATE>,<TIME>\n1,2\n")).get(0).values())
        .isEqualTo(Map.of("<DATE>", "1", "<TIME>", "2"));
    assertThat(Samples.read(Samples.file(folder, "<table>,<head>\n1,2\n")).get(0).values())
        .isEqualTo(Map.of("<table>", "1", "<head>", "2"));
  }

  private Path zip(String entry) throws IOException {
    Path file = Files.createTempFile(folder, "book", ".csv");
    try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry(entry));
    }
    return file;
  }

  @Test
  void aHeaderMustNameEveryColumnOnce() {
    refusal(Samples.file(folder, "\na, ,c\n"))
        .hasMessageContaining("column 2 (line 2) has no name");
    refusal(Samples.file(folder, "a,b,a\n"))
        .hasMessageContaining("the name \"a\" occurs twice, in columns 1 and 3 (line 1)");
    refusal(Samples.file(folder, "a,,b,\n")).hasMessageContaining("column 2");
    refusal(Samples.file(folder, "a,\"b\n1,2\n")).hasMessageContaining("The quotes in the header");
    refusal(Samples.file(folder, "_error,_ref\n")).hasMessageContaining("no columns except");
  }

  @Test
  void aWrongEncodingIsSeenInTheHeader() {
    refusal(Samples.file(folder, "顧客,電話\n1,2\n", WINDOWS_31J), declared("utf8"))
        .hasMessageContaining("(line 1) has characters that are not UTF-8");
  }

  @Test
  void aByteOrderMarkIsBelievedMoreThanTheDeclaration() {
    assertThat(charsetOf(Samples.file(folder, "\uFEFFa\n"), declared("sjis"))).isEqualTo(UTF_8);
    assertThat(charsetOf(Samples.file(folder, "\uFEFFa\n", UTF_16LE), declared("utf8")))
        .isEqualTo(UTF_16LE);
  }

  @Test
  void anUnknownEncodingIsRefusedNamingTheKnown() {
    assertThatThrownBy(() -> Encoding.named("ebcdic"))
        .isInstanceOf(UserErrorException.class)
        .hasMessage(
            "There is no encoding named ebcdic. Supported encodings: utf8, sjis, euc-jp,"
                + " iso-2022-jp, utf16, utf16le, utf16be, utf32, utf32le, cp1252, latin1, gb18030,"
                + " big5, euckr.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sjis", "SHIFT_JIS", "Windows-31J", "cp932"})
  void everyShiftJisIsMicrosofts(String name) {
    Path file = Samples.file(folder, "a\n①㈱髙\n", WINDOWS_31J);

    assertThat(read(file, name).get(0).values()).containsEntry("a", "①㈱髙");
  }

  static Stream<Arguments> encodings() {
    Charset eucJp = Charset.forName("EUC-JP");
    return Stream.of(
        Arguments.of("utf-8", "", UTF_8, UTF_8),
        Arguments.of("utf8", "\uFEFF", UTF_8, UTF_8),
        Arguments.of("sjis", "", WINDOWS_31J, WINDOWS_31J),
        Arguments.of("euc-jp", "", eucJp, eucJp),
        Arguments.of("utf-16", "\uFEFF", UTF_16LE, UTF_16LE),
        Arguments.of("utf-16", "\uFEFF", UTF_16BE, UTF_16BE),
        Arguments.of("utf-16", "", UTF_16LE, UTF_16LE),
        Arguments.of("utf-16be", "", UTF_16BE, UTF_16BE));
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void anEncodingIsReadWhetherDeclaredOrNot(
      String name, String mark, Charset written, Charset found) {
    String text = mark + "顧客コード,会社名\r\n001,株式会社ソフト表示\r\n002,\"東京都、\n千代田区一番町\"\r\n";
    Path file = Samples.file(folder, text, written);

    for (SourceOptions options : List.of(declared(name), SourceOptions.DEFAULT)) {
      assertThat(charsetOf(file, options)).isEqualTo(found);
      List<SourceRecord> records = read(file, options);
      assertThat(records.get(0).values())
          .containsEntry("顧客コード", "001")
          .containsEntry("会社名", "株式会社ソフト表示");
      assertThat(records.get(1).values()).containsEntry("会社名", "東京都、\n千代田区一番町");
    }
  }

  @Test
  void trailBytesOfShiftJisThatLookLikeAsciiCutNothing() {
    // The second bytes: 5C (backslash) in ソ 表 十 能, 7C (bar) in ポ.
    String text = "a,b\n\"ソ\",表\n\"十\"\"能\",ポ\n";
    Path file = Samples.file(folder, text, WINDOWS_31J);

    assertThat(read(file))
        .extracting(SourceRecord::rows)
        .containsExactly(List.of(List.of("ソ", "表")), List.of(List.of("十\"能", "ポ")));
  }

  @Test
  void aLeadByteOfShiftJisDoesNotSwallowTheQuoteOrCommaAfterIt() {
    Path file = Samples.file(folder, bytes("a,b\n1,\"x", 0x83, "\"\n2", 0x83, ",3\n4,5\n"));

    List<SourceRecord> records = read(file, "sjis");

    assertThat(records)
        .extracting(r -> String.valueOf(r.problem()).substring(0, 4))
        .containsExactly("Line", "Line", "null");
    assertThat(records).extracting(r -> r.rows().get(0).size()).containsOnly(2);
  }

  @Test
  void utf8IsFoundWhereTheFirstJapaneseStandsFarBehindInTheFile() {
    String ascii = "a,b\n" + "12345,67890\n".repeat(20_000);

    assertThat(charsetOf(Samples.file(folder, ascii + "x,漢字\n"), SourceOptions.DEFAULT))
        .isEqualTo(UTF_8);
    assertThat(
            charsetOf(
                Samples.file(folder, ascii + "x,漢字カナ表示\n", WINDOWS_31J), SourceOptions.DEFAULT))
        .isEqualTo(WINDOWS_31J);
  }

  @ParameterizedTest
  @ValueSource(ints = {65_533, 65_534, 65_535, 65_536, 65_537})
  void aCharacterCutByTheReadingIsNoFault(int before) {
    String text = "a\n" + "x".repeat(before - 2) + "漢字😀\n";

    List<SourceRecord> records = read(Samples.file(folder, text));

    assertThat(records.get(0).problem()).isNull();
    assertThat(records.get(0).values().get("a")).asString().endsWith("x漢字😀");
  }

  @Test
  void oneBadRowDoesNotMakeAUtf8FileShiftJis() {
    Path file = Samples.file(folder, bytes("顧客コード,会社名\n1,東京都千代田区\n2,", 0x93, 0x8C, "\n3,終\n"));

    List<SourceRecord> records = read(file);

    assertThat(charsetOf(file, SourceOptions.DEFAULT)).isEqualTo(UTF_8);
    assertThat(records).extracting(r -> r.problem() == null).containsExactly(true, false, true);
  }

  @Test
  void closingAndRefusingReleaseTheFile() throws IOException {
    Path file = Samples.file(folder, "a\n1\n");
    Path refused = Samples.file(folder, "a,a\n1\n");
    SourceReader reader = SourceFile.open(file, SourceOptions.DEFAULT);
    refusal(refused);
    assertThat(open(file)).isTrue();
    assertThat(open(refused)).isFalse();

    reader.close();
    reader.close();

    assertThat(open(file)).isFalse();
  }

  private static boolean open(Path file) throws IOException {
    Path handles = Path.of("/proc/self/fd");
    assumeTrue(Files.isDirectory(handles), "only Linux shows the open files");
    try (Stream<Path> all = Files.list(handles)) {
      return all.anyMatch(
          handle -> {
            try {
              return Files.readSymbolicLink(handle).equals(file.toRealPath());
            } catch (IOException e) {
              return false;
            }
          });
    }
  }

  @Test
  void anotherDelimiterIsTakenAtItsWord() {
    Path file = Samples.file(folder, "a\tb\n1,2\t3\n");

    assertThat(read(file, SourceOptions.DEFAULT.withDelimiter('\t')).get(0).rows())
        .containsExactly(List.of("1,2", "3"));
  }
}
