package dev.kintonesync.source.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.Encoding;
import dev.kintonesync.source.Samples;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.Understanding;
import dev.kintonesync.source.file.RejectsFile;
import dev.kintonesync.source.file.SourceFile;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What reporting programs call .xls and is a page. */
class WebPageTest {
  private static final Charset WINDOWS_31J = Charset.forName("windows-31j");
  private static final String HEADER = "<tr><th>code</th><th>name</th></tr>";

  @TempDir Path folder;

  private List<List<String>> rows(Path file, SourceOptions options) {
    var rows = new ArrayList<List<String>>();
    try (var reader = SourceFile.open(file, options)) {
      rows.add(reader.columns());
      while (reader.hasNext()) {
        SourceRecord record = reader.next();
        assertThat(record.problem()).isNull();
        rows.add(
            reader.columns().stream()
                .map(column -> Objects.toString(record.values().get(column)))
                .toList());
      }
    }
    return rows;
  }

  private List<List<String>> rows(String page) {
    return rows(Samples.file(folder, page), SourceOptions.DEFAULT);
  }

  private AbstractThrowableAssert<?, ?> refusal(String page, SourceOptions options) {
    Path file = Samples.file(folder, page);
    return assertThatThrownBy(() -> SourceFile.open(file, options).close())
        .isInstanceOf(UserErrorException.class);
  }

  private static SourceOptions table(String number) {
    return SourceOptions.DEFAULT.withSheet(number);
  }

  @Test
  void theRowsOfATableAreRead() {
    assertThat(
            rows("<table>" + HEADER + "<tr><td>A1</td><td>山田</td></tr><tr><td>0012<td>x</table>"))
        .containsExactly(List.of("code", "name"), List.of("A1", "山田"), List.of("0012", "x"));
  }

  /** As Excel itself saves a sheet. */
  @Test
  void aPageOfExcelIsRead() {
    String page =
        """
        <html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
        <meta http-equiv=Content-Type content="text/html; charset=shift_jis">
        <style><!--td {mso-number-format:General;} --></style>
        <!--[if gte mso 9]><xml><x:ExcelWorkbook/></xml><![endif]--></head>
        <body link=blue><!--[if !excel]>&nbsp;&nbsp;<![endif]-->
        <table border=0 style='border-collapse:collapse'>
         <col width=72 span=3>
         <tr height=18><td height=18 class=xl65>code</td><td>name</td><td>note</td></tr>
         <tr height=18><td class=xl66 style='mso-number-format:"\\@"'>0012</td>
          <td>髙﨑①
          商店</td><td>&nbsp;</td></tr>
         <tr><td>A&amp;B</td><td>一行目<br style='mso-data-placement:same-cell;'>二行目</td>
          <td><span style='mso-spacerun:yes'>&nbsp;</span>&lt;x&gt; &#9312;</td></tr>
         <![if supportMisalignedColumns]>
         <tr height=0 style='display:none'><td width=72></td><td></td><td></td></tr>
         <![endif]>
        </table></body></html>
        """;
    Path file = Samples.file(folder, page, WINDOWS_31J);

    assertThat(rows(file, SourceOptions.DEFAULT))
        .containsExactly(
            List.of("code", "name", "note"),
            List.of("0012", "髙﨑① 商店", ""),
            List.of("A&B", "一行目\n二行目", "<x> ①"));
    try (var reader = SourceFile.open(file, SourceOptions.DEFAULT)) {
      var taken = Objects.requireNonNull(reader.understanding());
      assertThat(taken.encoding())
          .isEqualTo(new Understanding.Taken<>("Shift_JIS", Understanding.How.MARK));
      assertThat(taken.sheet()).isEqualTo(new Understanding.Taken<>("1", Understanding.How.USUAL));
      assertThat(taken.header()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "<meta charset=Shift_JIS>, windows-31j",
    "<META content='text/html;charset=x-sjis' http-equiv=Content-Type>, windows-31j",
    "<meta charset=\"euc-jp\">, EUC-JP",
    "<meta charset=utf-8>, UTF-8",
    "<meta charset=x-nobody-knows>, UTF-8",
    "<?xml version='1.0' encoding='EUC-JP'?><html>, EUC-JP",
    "<html>, UTF-8",
    "<html>, UTF-16LE",
    "<html>, UTF-16BE",
    "\uFEFF<meta charset=Shift_JIS>, UTF-8",
    "\uFEFF<html>, UTF-16LE",
  })
  void aPageSaysItsEncoding(String head, String charset) {
    String page = head + "<table>" + HEADER + "<tr><td>1<td>日本</table>";

    assertThat(rows(Samples.file(folder, page, Charset.forName(charset)), SourceOptions.DEFAULT))
        .last()
        .isEqualTo(List.of("1", "日本"));
  }

  /**
   * By the HTML standard Latin-1 is Microsoft's; what a person says goes before what a page says.
   */
  @Test
  void anEncodingThatIsSetGoesBeforeThatOfThePage() {
    String page = "<meta charset=%s><table>" + HEADER + "<tr><td>1<td>€5 é</table>";
    Path said = Samples.file(folder, page.formatted("iso-8859-1"), Charset.forName("windows-1252"));
    Path wrong = Samples.file(folder, page.formatted("utf-8"), Charset.forName("windows-1252"));

    assertThat(rows(said, SourceOptions.DEFAULT)).last().isEqualTo(List.of("1", "€5 é"));
    assertThat(rows(wrong, SourceOptions.DEFAULT.withEncoding(Encoding.CP1252)))
        .last()
        .isEqualTo(List.of("1", "€5 é"));
    assertThatThrownBy(() -> SourceFile.open(wrong, SourceOptions.DEFAULT))
        .hasMessageContaining("bytes that are not UTF-8")
        .hasMessageContaining("set encoding");
  }

  @Test
  void aCellThatIsHighStandsInEachOfItsRows() {
    assertThat(
            rows(
                "<table><tr><th>order<th>item<th>qty<tr><td rowspan=2>O1<td>p<td>1<tr><td>q<td>2"
                    + "<tr><td>O2<td rowspan=9>r<td>3</table>"))
        .containsExactly(
            List.of("order", "item", "qty"),
            List.of("O1", "p", "1"),
            List.of("O1", "q", "2"),
            List.of("O2", "r", "3"));
  }

  @Test
  void aCellThatIsWideIsRejectedAndAnEmptyOneIsNone() {
    Path file =
        Samples.file(
            folder,
            "<table>" + HEADER + "<tr><td colspan=2>合計<tr><td colspan=2><tr><td>A<td>x</table>");

    List<SourceRecord> records = Samples.read(file);

    assertThat(records).hasSize(2);
    assertThat(records.get(0).problem()).asString().contains("A2", "合計", "spans 2 columns");
    assertThat(records.get(1).problem()).isNull();
    assertThat(records.get(1).position().line()).isEqualTo(4);
    refusal("<table><tr><th colspan=2>code<th>n<tr><td>1<td>2<td>3</table>", SourceOptions.DEFAULT)
        .hasMessageContaining("spans 2 columns");
    String titled = "<table><tr><td colspan=2>月報" + HEADER + "<tr><td>A<td>x</table>";
    assertThat(rows(Samples.file(folder, titled), SourceOptions.DEFAULT.withHeader(2)))
        .containsExactly(List.of("code", "name"), List.of("A", "x"));
  }

  @Test
  void whatIsNotShownIsNotRead() {
    assertThat(
            rows(
                "<table>"
                    + HEADER
                    + "<tr><td><span style='display: none'>20260105</span>2026/01/05"
                    + "<td><script>x()</script><p>a</p><p>b</p><div hidden>c</div>"
                    + "<td style='display:none'>z</table>"))
        .last()
        .isEqualTo(List.of("2026/01/05", "a\nb"));
  }

  @Test
  void theFirstTableWithRowsIsReadOrTheOneThatIsNamed() {
    String data = "<table>%s<tr><td>%s<td>x<tr><td>2<td>y</table>";
    String page =
        "<table><tr><td>"
            + "<table><tr><td>月報<td>2026</table>"
            + data.formatted(HEADER, "A")
            + "<tr><td>foot</table>"
            + data.formatted(HEADER, "B");

    assertThat(rows(page)).contains(List.of("A", "x")).hasSize(3);
    assertThat(rows(Samples.file(folder, page), table("4"))).contains(List.of("B", "x")).hasSize(3);
    refusal(page, table("3"))
        .hasMessageContaining("contains other tables")
        .hasMessageContaining("2, 4");
    refusal(page, table("9"))
        .hasMessageContaining("has no table 9")
        .hasMessageContaining("4 tables");
  }

  @Test
  void aHeaderWithoutRowsIsATable() {
    assertThat(rows("<table>" + HEADER + "</table>")).containsExactly(List.of("code", "name"));
  }

  @Test
  void theHeaderOfEachPrintedPageIsPassedOver() {
    String part =
        "<table><thead>" + HEADER + "</thead><tr><td>A<td>x" + HEADER + "<tr><td>B<td>y</table>";

    assertThat(rows(part))
        .containsExactly(List.of("code", "name"), List.of("A", "x"), List.of("B", "y"));
  }

  @Test
  void itsRejectsAreAWorkbookAndComeBack() throws Exception {
    Path file =
        Samples.file(folder, "<table>" + HEADER + "<tr><td>0012<td>x<tr><td>A<td>y</table>");
    Path rejects;
    try (var reader = SourceFile.open(file, SourceOptions.DEFAULT)) {
      rejects = folder.resolve("rejects" + reader.format().extension());
      try (var written = RejectsFile.create(rejects, reader.columns(), reader.format())) {
        written.add(reader.next(), "bad", "ref");
      }
    }

    assertThat(rejects).hasExtension("xlsx");
    assertThat(Samples.read(rejects))
        .singleElement()
        .satisfies(row -> assertThat(row.values().get("code")).isEqualTo("0012"));
  }

  @Test
  void aPageMayBePackedAndIsReadAgain() throws Exception {
    Path file = folder.resolve("report.xls");
    Files.writeString(file, "<table>" + HEADER + "<tr><td>A<td>x</table>", StandardCharsets.UTF_8);

    try (var reader = SourceFile.open(file, SourceOptions.DEFAULT);
        var again = reader.again()) {
      assertThat(reader.next().values().get("code")).isEqualTo("A");
      assertThat(again.next().values().get("code")).isEqualTo("A");
      assertThat(reader.hasNext()).isFalse();
      assertThat(reader.bytesRead()).isEqualTo(reader.totalBytes());
    }
  }

  /** Rows before the fault are as they should be, and must not be written without the others. */
  @Test
  void aPageWhoseCellsReachTooFarIsRefusedBeforeItsFirstRow() throws Exception {
    String sound = "<tr><td>A<td>x".repeat(5);
    String high = "<tr>" + "<td rowspan=2>1".repeat(300);
    Path file = Samples.file(folder, "<table>" + HEADER + sound + high + "<tr><td>B</table>");

    assertThatThrownBy(() -> SourceFile.open(file, SourceOptions.DEFAULT))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("256 cells reach into one row");
  }
}
