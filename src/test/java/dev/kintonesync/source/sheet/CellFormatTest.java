package dev.kintonesync.source.sheet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.source.CellNumber;
import java.math.BigDecimal;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.poi.ss.usermodel.DataFormatter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CellFormatTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "General               | 0.30000000000000004 | 0.3",
        "General               | 1.5E+3              | 1500",
        "General               | 1234567890123456    | 1234567890123456",
        "@                     | 7                   | 7",
        "0                     | 2.5                 | 3",
        "0                     | -0.4                | 0",
        "#,##0                 | 1234567.4           | 1234567",
        "#,##0;[Red]-#,##0     | -1234               | -1234",
        "#,##0;▲#,##0          | -1234               | -1234",
        "0.00                  | 1.5                 | 1.50",
        "0.##                  | 1.5                 | 1.5",
        "0.##                  | 2                   | 2",
        "0%                    | 0.155               | 16",
        "0.0%                  | 0.155               | 15.5",
        "#,##0,                | 1234567             | 1235",
        "00000                 | 42                  | 00042",
        "000-0000              | 1040061             | 104-0061",
        "[<=999]000;[<=9999]000-00;000-0000 | 1040061 | 104-0061",
        "[<=999]000;[<=9999]000-00;000-0000 | 17      | 017",
        "\"No.\"000            | 7                   | 007",
        "#,##0\"円\"           | 1200                | 1200",
        "_ ¥* #,##0_ ;_ ¥* -#,##0_ ;_ ¥* \"-\"_ ;_ @_ | 0 | 0",
        "_ ¥* #,##0_ ;_ ¥* -#,##0_ ;_ ¥* \"-\"_ ;_ @_ | -5 | -5",
        "0.00E+00              | 12345               | 12345",
        "# ?/?                 | 0.5                 | 0.5",
        ";;;                   | 12                  | 12",
        "yyyy/m/d              | 46135               | 2026-04-23",
        "m/d/yy h:mm           | 46135.646527777775  | 2026-04-23 15:31",
        "yyyy\"年\"m\"月\"d\"日\" | 46135            | 2026-04-23",
        "[$-411]ggge\"年\"m\"月\"d\"日\";@ | 46135   | 2026-04-23",
        "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy | 46135 | 2026-04-23",
        "yyyy/m                | 46135               | 2026-04-23",
        "mmm-yy                | 46135               | 2026-04-23",
        "aaa                   | 46135               | 2026-04-23",
        "h:mm AM/PM            | 0.75                | 18:00",
        "h:mm:ss               | 0.7500115740740741  | 18:00:01",
        "mm:ss                 | 0.00381944444444444 | 00:05:30",
        "[h]:mm                | 1.0625              | 25:30",
        "yyyy/m/d              | 1                   | 1900-01-01",
        "yyyy/m/d              | 59                  | 1900-02-28",
        "yyyy/m/d              | 60                  | 1900-02-29",
        "yyyy/m/d              | 61                  | 1900-03-01",
        "yyyy/m/d              | 2958465             | 9999-12-31",
        "yyyy/m/d              | -1                  |",
        "yyyy/m/d              | 2958466             |",
        "General               | abc                 |",
        "0                     | 1e999999999         | 1E+999999999"
      })
  void aNumberIsShownAsExcelShowsItWithoutWhatAdornsIt(String format, String number, String shown) {
    assertThat(CellFormat.of(format).show(number, false)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[<=99999999]####-####;\\(00\\)\\ ####-####;;     | 312345678 | (03) 1234-5678 | 312345678",
        "[<=99999999]####-####;\\(00\\)\\ ####-####       | 12345678  | 1234-5678      | 12345678",
        "000-0000                    | 1040061  | 104-0061      | 1040061",
        "000\"-A\"                 | 7        | 007-A         | 7",
        "\"No.\"000                | 7        | No.007        | 7",
        "\"○\";\"△\";\"×\"     | 1        | ○             | 1",
        "\"○\";\"△\";\"×\"     | 0        | ×             | 0",
        "[=1]\"男\";[=2]\"女\";General | 2    | 女            | 2",
        "#,##0\" 台\"              | 1234567  | 1,234,567 台  | 1234567",
        "#,##0.0\"kg\"             | 1234.56  | 1,234.6kg     | 1234.6",
        "#,##0.0\"kg\"             | -1234.56 | -1,234.6kg    | -1234.6",
        "0\"個\";\"不足\"0\"個\" | -3     | 不足3個       | -3",
        "0%\"以上\"                | 0.15     | 15%以上       | 15",
        "General\"件\"             | 12       | 12件          | 12",
        "@\"様\"                   | 12       | 12様          | 12",
        "[$-411]0\\人              | 5        | 5人           | 5",
        "\\<0\\>                 | 5        | <5>           | 5",
        "\\(0\\)                 | 5        | (5)           | 5"
      })
  void textAroundANumberBelongsToWhatIsShown(
      String format, String number, String shown, double value) {
    CharSequence cell = CellFormat.of(format).cell(number, false);
    assertThat(cell).hasToString(shown).isInstanceOf(CellNumber.class);
    assertThat(((CellNumber) cell).doubleValue()).isEqualTo(value);
    assertThat(((CellNumber) cell).isExact()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"¥\"#,##0;[Red]\"¥\"-#,##0   | -1234 | -1234",
        "[$¥-411]#,##0                     | 1234  | 1234",
        "[$USD] #,##0.00                   | 1234  | 1234.00",
        "#,##0 [$€-407]                    | 1234  | 1234",
        "#,##0_);(#,##0)                   | -1234 | -1234",
        "#,##0_);[Red]\\(#,##0\\)      | -1234 | -1234",
        "\"¥\"#,##0_);(\"¥\"#,##0)     | -1234 | -1234",
        "_ ¥* #,##0_ ;_ ¥* -#,##0_ ;_ ¥* \"-\"_ ;_ @_ | 0 | 0",
        "#,##0;\"▲ \"#,##0               | -1234 | -1234",
        "#,##0\"円\"                     | 1234  | 1234",
        "+0;-0                             | 5     | 5",
        "0.0%                              | 0.155 | 15.5",
        "0.00E+00                          | 12345 | 12345",
        "yyyy\"年\"m\"月\"             | 46135 | 2026-04-23",
        "General                           | 4.90123E+11 | 490123000000",
        "0                                 | 4.90123E+11 | 490123000000",
        "General                           | 1E+15       | 1000000000000000"
      })
  void whatAdornsANumberDoesNot(String format, String number, String shown) {
    assertThat(CellFormat.of(format).cell(number, false)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "1234567890123456, 1234567890123456, true",
    "-1234567890123457, -1234567890123457, true",
    "1.234567890123457E15, 1234567890123457, true",
    "9007199254740992, 9007199254740992, true",
    "9007199254740993, 9007199254740993, false",
    "12345678901234567890, 12345678901234567890, false",
    "1E+20, 100000000000000000000, false",
    "0.30000000000000004, 0.3, true",
    "1234.0000000000002, 1234, true",
    "4503599627370495.5, 4503599627370495.5, true",
    "1234567890.123457, 1234567890.12346, false",
    "123456.7890123456, 123456.789012346, false",
    "1E-300, 1E-300, true"
  })
  void digitsAreKeptWhereTheyAreExact(String number, String shown, boolean exact) {
    CharSequence cell = CellFormat.GENERAL.cell(number, false);
    assertThat(new BigDecimal(cell.toString())).isEqualByComparingTo(shown);
    assertThat(!(cell instanceof CellNumber inexact) || inexact.isExact()).isEqualTo(exact);
  }

  @Provide
  Arbitrary<String> numberFormats() {
    return Arbitraries.of("0", "0.0", "0.00", "#,##0", "#,##0.00", "0%", "0.0%", "000", "0.000");
  }

  @Property(tries = 1000)
  void plainFormatsAreShownAsPoiShowsThem(
      @ForAll("numberFormats") String format, @ForAll("prices") double number) {
    String poi = new DataFormatter(Locale.US).formatRawCellContents(number, 200, format);
    assertThat(CellFormat.of(format).show(String.valueOf(number), false))
        .isEqualTo(poi.replace(",", "").replace("%", "").replaceFirst("^-(0+(\\.0+)?)$", "$1"));
  }

  /** Halves are left out: POI rounds what the double is, Excel what is written. */
  @Provide
  Arbitrary<Double> prices() {
    return Arbitraries.longs()
        .between(-100_000_000_000L, 100_000_000_000L)
        .map(tenThousandths -> (tenThousandths * 10 + 3) / 100_000.0);
  }

  @Property(tries = 1000)
  void noFormatCodeIsTooStrange(@ForAll("codes") String code, @ForAll double number) {
    String shown = CellFormat.of(code).show(String.valueOf(Math.abs(number % 1e6)), false);
    assertThat(shown == null || !shown.isEmpty()).isTrue();
  }

  @Provide
  Arbitrary<String> codes() {
    return Arbitraries.of(
            "0", "#", "?", ".", ",", "%", ";", "[", "]", "\"", "\\", "_", "*", "E+", "/", "y", "m",
            "d", "h", "s", "AM/PM", "@", "g", "e", "a", "[h]", "[<5]", "[Red]", "円", "General")
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }
}
