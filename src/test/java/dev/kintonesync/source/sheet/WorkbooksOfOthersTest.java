package dev.kintonesync.source.sheet;

import static dev.kintonesync.source.SourceOptions.DEFAULT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.Books;
import dev.kintonesync.source.Samples;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.SourceRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workbooks as other programs than POI write them: their parts, names and extensions. */
class WorkbooksOfOthersTest {
  private static final String HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n";
  private static final String MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  private static final String OFFICE =
      "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  private static final String STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main";
  private static final String STRICT_OFFICE =
      "http://purl.oclc.org/ooxml/officeDocument/relationships";
  private static final String PACKAGE =
      "http://schemas.openxmlformats.org/package/2006/relationships";
  private static final String MC =
      " xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'";
  private static final String X14 =
      " xmlns:x14='http://schemas.microsoft.com/office/spreadsheetml/2009/9/main'";
  private static final String X15 =
      " xmlns:x15='http://schemas.microsoft.com/office/spreadsheetml/2010/11/main'";

  @TempDir Path folder;

  /** A workbook as Excel names its parts; a test replaces what it is about. */
  private static Map<String, String> parts(String main, String office) {
    var parts = new LinkedHashMap<String, String>();
    parts.put(
        "[Content_Types].xml",
        HEAD + "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>");
    parts.put(
        "_rels/.rels",
        HEAD + relations(relation("rId1", office + "/officeDocument", "xl/workbook.xml")));
    parts.put(
        "xl/_rels/workbook.xml.rels",
        HEAD
            + relations(
                relation("rId1", office + "/worksheet", "worksheets/sheet1.xml")
                    + relation("rId2", office + "/styles", "styles.xml")
                    + relation("rId3", office + "/sharedStrings", "sharedStrings.xml")));
    parts.put(
        "xl/workbook.xml",
        HEAD
            + ("<workbook xmlns='" + main + "' xmlns:r='" + office + "'>")
            + "<sheets><sheet name='一覧' sheetId='1' r:id='rId1'/></sheets></workbook>");
    parts.put(
        "xl/styles.xml",
        HEAD
            + ("<styleSheet xmlns='" + main + "'><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/>")
            + "</cellXfs></styleSheet>");
    parts.put(
        "xl/sharedStrings.xml",
        HEAD
            + ("<sst xmlns='" + main + "'><si><t>code</t></si><si><t>日付</t></si>")
            + "<si><t>A1</t></si></sst>");
    parts.put(
        "xl/worksheets/sheet1.xml",
        HEAD
            + ("<worksheet xmlns='" + main + "'><sheetData>")
            + "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c></row>"
            + "<row r='2'><c r='A2' t='s'><v>2</v></c><c r='B2' s='1'><v>46135</v></c></row>"
            + "</sheetData></worksheet>");
    return parts;
  }

  private static Map<String, String> parts() {
    return parts(MAIN, OFFICE);
  }

  private static String relations(String inner) {
    return "<Relationships xmlns='" + PACKAGE + "'>" + inner + "</Relationships>";
  }

  private static String relation(String id, String type, String target) {
    return "<Relationship Id='" + id + "' Type='" + type + "' Target='" + target + "'/>";
  }

  private List<Map<String, Object>> read(Map<String, String> parts) throws IOException {
    return read(parts, DEFAULT);
  }

  private List<Map<String, Object>> read(Map<String, String> parts, SourceOptions options)
      throws IOException {
    return Samples.read(Books.of(folder, parts), options).stream()
        .map(SourceRecord::values)
        .toList();
  }

  private static void replace(Map<String, String> parts, String part, String old, String by) {
    String before = parts.get(part);
    assertThat(before).contains(old);
    parts.put(part, before.replace(old, by));
  }

  private static final List<Map<String, Object>> ROW =
      List.of(Map.of("code", "A1", "日付", "2026-04-23"));

  @Test
  void theStandardAndItsStrictFormAreReadAlike() throws IOException {
    assertThat(read(parts())).isEqualTo(ROW);
    assertThat(read(parts(STRICT, STRICT_OFFICE))).isEqualTo(ROW);
  }

  /** Excel for Mac writes {@code date1904}, and Excel of any system the extension behind it. */
  @Test
  void anExtensionDoesNotTakeThePlaceOfWhatTheStandardSays() throws IOException {
    for (String main : List.of(MAIN, STRICT)) {
      var parts = parts(main, main.equals(MAIN) ? OFFICE : STRICT_OFFICE);
      replace(
          parts,
          "xl/workbook.xml",
          "<sheets>",
          "<workbookPr date1904='1' defaultThemeVersion='166925'/><mc:AlternateContent"
              + MC
              + "><mc:Choice Requires='x15'><x15ac:absPath url='C:\\x\\' xmlns:x15ac="
              + "'http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac'/></mc:Choice>"
              + "</mc:AlternateContent><sheets>");
      replace(
          parts,
          "xl/workbook.xml",
          "</workbook>",
          "<calcPr calcId='191029'/><extLst><ext"
              + X15
              + " uri='{140A7094-0E35-4892-8432-C4D2E57EDEB5}'><x15:workbookPr chartTrackingRefBase"
              + "='1'/></ext><ext"
              + X15
              + " uri='{x}'><x15:sheets><x15:sheet name='x' id='rId1'/></x15:sheets></ext></extLst>"
              + "</workbook>");
      replace(parts, "xl/worksheets/sheet1.xml", "46135", "44673");
      assertThat(read(parts)).as(main).isEqualTo(ROW);
    }
  }

  @Test
  void anAttributeOfAnExtensionIsNotTheStandards() throws IOException {
    var parts = parts();
    replace(
        parts,
        "xl/workbook.xml",
        "<sheet name='一覧' sheetId='1' r:id='rId1'/>",
        "<sheet x14:id='no' x14:name='no' x14:state='hidden'"
            + X14
            + " name='一覧' sheetId='1' r:id='rId1'/>");
    replace(
        parts,
        "xl/worksheets/sheet1.xml",
        "<c r='A2' t='s'>",
        "<c" + X14 + " x14:r='ZZ9' x14:t='b' r='A2' t='s'>");
    replace(
        parts,
        "xl/worksheets/sheet1.xml",
        "<row r='2'>",
        "<row r='2' spans='1:2' xmlns:x14ac='http://schemas.microsoft.com/office/spreadsheetml/"
            + "2009/9/ac' x14ac:dyDescent='0.3' x14ac:r='1'>");
    assertThat(read(parts)).isEqualTo(ROW);
  }

  @Test
  void cellsAndFormatsOfExtensionsAreNoneOfTheSheet() throws IOException {
    var parts = parts();
    replace(
        parts,
        "xl/worksheets/sheet1.xml",
        "<sheetData>",
        "<mc:AlternateContent"
            + MC
            + "><mc:Choice Requires='x14'><sheetData><row r='1'><c r='A1'><v>1</v></c></row>"
            + "</sheetData></mc:Choice></mc:AlternateContent>"
            + "<sheetData><x14:row r='1'"
            + X14
            + "><x14:c><x14:v>5</x14:v></x14:c></x14:row>");
    replace(
        parts,
        "xl/worksheets/sheet1.xml",
        "<v>46135</v>",
        "<x14:v" + X14 + ">1</x14:v><v>46135</v><extLst><ext><v>2</v></ext></extLst>");
    replace(
        parts,
        "xl/styles.xml",
        "<xf numFmtId='14'/>",
        "<xf numFmtId='14'><extLst><ext><xf numFmtId='1'/></ext></extLst></xf>");
    replace(
        parts,
        "xl/styles.xml",
        "<cellXfs>",
        "<x14:cellXfs" + X14 + "><xf numFmtId='9'/></x14:cellXfs><cellXfs>");
    assertThat(read(parts)).isEqualTo(ROW);
  }

  @Test
  void whatStandsForReadersOfTheStandardIsRead() throws IOException {
    var parts = parts();
    replace(
        parts,
        "xl/worksheets/sheet1.xml",
        "<row r='2'>",
        "<mc:AlternateContent"
            + MC
            + "><mc:Choice Requires='new'><row r='2'><c r='A2'><v>9</v></c></row></mc:Choice>"
            + "<mc:Fallback><row r='2'>");
    replace(
        parts,
        "xl/worksheets/sheet1.xml",
        "</row></sheetData>",
        "</row></mc:Fallback></mc:AlternateContent></sheetData>");
    assertThat(read(parts)).isEqualTo(ROW);
  }

  /** As Open XML SDK and many report writers of .NET write it. */
  @Test
  void theStandardMayHaveAPrefix() throws IOException {
    var parts = parts();
    parts.put(
        "xl/workbook.xml",
        "\uFEFF<x:workbook xmlns:x='"
            + MAIN
            + "' xmlns:rel='"
            + OFFICE
            + "'><x:workbookPr/><x:sheets><x:sheet name='S' sheetId='1' rel:id='rId1'/>"
            + "</x:sheets></x:workbook>");
    parts.put(
        "xl/worksheets/sheet1.xml",
        "<x:worksheet xmlns:x='"
            + MAIN
            + "'><x:sheetData><x:row><x:c t='inlineStr'><x:is><x:t>code</x:t></x:is></x:c>"
            + "<x:c t='inlineStr'><x:is><x:r><x:t>日</x:t></x:r><x:r><x:t>付</x:t></x:r>"
            + "<x:rPh sb='0' eb='2'><x:t>ヒヅケ</x:t></x:rPh></x:is></x:c></x:row>"
            + "<x:row><x:c t='str'><x:v>A1</x:v></x:c><x:c s='1'><x:v>46135</x:v></x:c></x:row>"
            + "</x:sheetData></x:worksheet>");
    assertThat(read(parts)).isEqualTo(ROW);
  }

  @Test
  void partsAreFoundByAbsoluteNamesDotsAndInWhateverCase() throws IOException {
    var parts = parts();
    parts.put(
        "xl/_rels/workbook.xml.rels",
        relations(
            relation("rId1", OFFICE + "/worksheet", "/xl/Worksheets/Sheet1.xml")
                + relation("rId2", OFFICE + "/styles", "./../xl/STYLES.XML")
                + relation("rId3", OFFICE + "/sharedStrings", "/XL/sharedstrings.xml")));
    assertThat(read(parts)).isEqualTo(ROW);

    var upper = new LinkedHashMap<String, String>();
    parts().forEach((name, xml) -> upper.put(name.toUpperCase(), xml));
    assertThat(read(upper)).as("upper case").isEqualTo(ROW);

    var windows = new LinkedHashMap<String, String>();
    parts().forEach((name, xml) -> windows.put(name.replace('/', '\\'), xml));
    assertThat(read(windows)).as("backslashes").isEqualTo(ROW);
  }

  @Test
  void theMainPartIsTheOneThatThePackageNames() throws IOException {
    var parts = parts();
    parts.put(
        "_rels/.rels",
        relations(
            relation("rId2", "http://x/extended-properties", "docProps/app.xml")
                + relation("rId1", OFFICE + "/officeDocument", "/book/main.xml")));
    parts.put("book/main.xml", parts.remove("xl/workbook.xml"));
    parts.put(
        "book/_rels/main.xml.rels",
        parts.remove("xl/_rels/workbook.xml.rels").replace("Target='", "Target='../xl/"));
    parts.put("xl/workbook.xml", "<left-over/>");
    assertThat(read(parts)).isEqualTo(ROW);
  }

  @Test
  void relationsOfExtensionsAndToTheOutsideAreNoParts() throws IOException {
    var parts = parts();
    replace(
        parts,
        "xl/_rels/workbook.xml.rels",
        "</Relationships>",
        relation("rId8", "http://schemas.microsoft.com/x/relationships/styles", "none.xml")
            + relation("rId9", "http://schemas.microsoft.com/x/sharedStrings", "none.xml")
            + ("<Relationship Id='rId7' TargetMode='External' Type='" + OFFICE + "/styles'")
            + " Target='http://127.0.0.1/styles.xml'/></Relationships>");
    assertThat(read(parts)).isEqualTo(ROW);
  }

  @Test
  void sharedTextHasRunsReadingsAndExtensions() throws IOException {
    var parts = parts();
    replace(
        parts,
        "xl/sharedStrings.xml",
        "<si><t>A1</t></si>",
        "<si><r><rPr><b/><rFont val='ＭＳ 明朝'/></rPr><t>A</t></r><r><t>1</t></r>"
            + "<rPh sb='0' eb='1'><t>エー</t></rPh><phoneticPr fontId='1' type='noConversion'/>"
            + "<x14:t"
            + X14
            + ">no</x14:t></si>");
    assertThat(read(parts)).isEqualTo(ROW);
  }

  /** LibreOffice and Google leave out styles or shared texts that are not used. */
  @Test
  void partsMayBeMissing() throws IOException {
    var parts = parts();
    parts.remove("xl/styles.xml");
    parts.remove("xl/sharedStrings.xml");
    replace(parts, "xl/worksheets/sheet1.xml", " t='s'", "");
    assertThat(read(parts)).containsExactly(Map.of("0", "2", "1", "46135"));
  }

  /** SheetJS writes dates as moments, in cells of type d. */
  @Test
  void aDateMayBeText() throws IOException {
    var parts = parts();
    String cell = "<c r='B2' s='1'><v>46135</v></c>";
    replace(
        parts,
        "xl/worksheets/sheet1.xml",
        cell,
        "<c r='B2' t='d'><v>2026-04-23T00:00:00.000Z</v></c></row>"
            + "<row r='3'><c r='A3'><v>1</v></c><c r='B3' t='d'><v>2026-04-23</v></c></row>"
            + "<row r='4'><c r='A4'><v>2</v></c><c r='B4' t='d'><v>2026-04-23T15:31:05</v></c>");
    assertThat(read(parts))
        .extracting(row -> row.get("日付"))
        .containsExactly("2026-04-23", "2026-04-23", "2026-04-23 15:31:05");
  }

  private static void twoSheets(Map<String, String> parts, String firstType, String firstPart) {
    replace(
        parts, "xl/workbook.xml", "<sheets>", "<sheets><sheet name='最初' sheetId='9' r:id='rId9'/>");
    replace(
        parts,
        "xl/_rels/workbook.xml.rels",
        "</Relationships>",
        relation("rId9", OFFICE + firstType, "first.xml") + "</Relationships>");
    parts.put("xl/first.xml", firstPart);
  }

  @Test
  void aChartIsNoSheetOfRows() throws IOException {
    for (String kind : List.of("/chartsheet", "/dialogsheet")) {
      var parts = parts();
      twoSheets(parts, kind, "<chartsheet xmlns='" + MAIN + "'/>");
      assertThat(read(parts)).as(kind).isEqualTo(ROW);
      assertThatThrownBy(() -> read(parts, DEFAULT.withSheet("最初")))
          .isInstanceOf(UserErrorException.class)
          .hasMessageContaining("no sheet named 最初. Its sheets: 一覧");
    }
    var only = parts();
    replace(only, "xl/_rels/workbook.xml.rels", "/worksheet'", "/chartsheet'");
    assertThatThrownBy(() -> read(only))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("it has no sheets");
  }

  @Test
  void ofASheetWithoutRowsTheOthersAreNamed() throws IOException {
    var parts = parts();
    twoSheets(parts, "/worksheet", "<worksheet xmlns='" + MAIN + "'><sheetData/></worksheet>");
    assertThatThrownBy(() -> read(parts))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("The sheet 最初 of ")
        .hasMessageContaining("--sheet")
        .hasMessageEndingWith("Its sheets: 最初, 一覧");
    assertThat(read(parts, DEFAULT.withSheet("一覧"))).isEqualTo(ROW);
  }
}
