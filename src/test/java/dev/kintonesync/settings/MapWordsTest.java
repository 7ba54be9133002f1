package dev.kintonesync.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kintonesync.form.FieldMap;
import dev.kintonesync.form.Form;
import dev.kintonesync.form.MappedRow;
import dev.kintonesync.form.Mapping;
import dev.kintonesync.form.MappingOptions;
import dev.kintonesync.form.NumberPrecision;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the words of a map make of values: the steps, and what fields read without any. */
class MapWordsTest {
  private static final String FORM =
      """
      {"revision": "1", "properties": {
       "code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "", "unique": true},
       "text": {"type": "SINGLE_LINE_TEXT", "code": "text", "label": ""},
       "number": {"type": "NUMBER", "code": "number", "label": ""},
       "date": {"type": "DATE", "code": "date", "label": ""},
       "moment": {"type": "DATETIME", "code": "moment", "label": ""},
       "users": {"type": "USER_SELECT", "code": "users", "label": ""},
       "choices": {"type": "CHECK_BOX", "code": "choices", "label": "",
         "options": {"赤": {"index": "0"}, "青": {"index": "1"}}}}}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiterString = "->",
      quoteCharacter = '`',
      textBlock =
          """
          X=text | trim                          -> `　a b `          -> "a b"
          X=text | nfkc                          -> ＡＢＣ１２ｶﾞ    -> "ABC12ガ"
          X=text | upper                         -> ab                -> "AB"
          X=text | lower                         -> AB                -> "ab"
          X=text | pad(7)                        -> 123               -> "0000123"
          X=text | default(未設定)               -> ``                -> "未設定"
          X=text | default(未設定)               -> x                 -> "x"
          X=text | values(A=Active, B='x, y')    -> A                 -> "Active"
          X=text | values(A=Active, B='x, y')    -> ` B `             -> "x, y"
          X=text | values(A=Active, B='x, y')    -> C                 -> ! "C" is not among the values in the map: A, B.
          X=text | values(A=Active, *=Other)     -> C                 -> "Other"
          X=text | values(A=Active, *=Other)     -> ``                -> ""
          X=text | values(''=none)               -> ``                -> "none"
          X=text | part(1, -)                    -> 03-1234           -> "03"
          X=text | part(2, -)                    -> 03-1234           -> "1234"
          X=text | part(3, -)                    -> 03-1234           -> ""
          X=text | part(2, ' ')                  -> 山田 太郎         -> "太郎"
          'JP'=text                              -> ignored           -> "JP"
          X + '-' + Y=text                       -> a                 -> "a-y"
          X + '-' + Y=text                       -> ``                -> "y"
          '〒' + X=text                          -> 100               -> "〒100"
          '〒' + X=text                          -> ``                -> ""
          X + '様'=text                          -> 山田              -> "山田様"
          X=choices | split(;)                   -> 赤;青             -> ["赤","青"]
          X=choices | split(,)                   -> `赤, 青,`         -> ["赤","青"]
          X=choices | split(/) | values(1=赤, 2=青) -> 2/1            -> ["青","赤"]
          X=users | split(;)                     -> sato; suzuki      -> [{"code":"sato"},{"code":"suzuki"}]
          X=number                               -> `1,234,567`       -> "1234567"
          X=number                               -> １２３．５        -> "123.5"
          X=number                               -> `△1,234`         -> "-1234"
          X=number                               -> ▲5               -> "-5"
          X=number                               -> −5                -> "-5"
          X=number                               -> `￥1,200円`       -> "1200"
          X=number                               -> `1,23`            -> ! is not a number
          X=number                               -> `12,345,67`       -> ! is not a number
          X=number                               -> `0,125`           -> ! is not a number
          X=number                               -> `-0,125`          -> ! is not a number
          X=number                               -> `0125`            -> "125"
          X=number                               -> 10²               -> ! is not a number
          X=number                               -> 5①               -> ! is not a number
          X=number | number(de)                  -> 0.125             -> ! is not a number in the format of the map
          X=number                               -> △-5              -> ! is not a number
          X=number | number(de)                  -> `1.234,5`         -> "1234.5"
          X=number | number(de)                  -> `1,234.5`         -> ! is not a number in the format of the map. Expected: such as 1.234.567,5.
          X=number | number(fr)                  -> `1 234,5`         -> "1234.5"
          X=date                                 -> 20261122          -> "2026-11-22"
          X=date                                 -> 2026/1/2          -> "2026-01-02"
          X=date                                 -> ２０２６／１／２  -> "2026-01-02"
          X=date                                 -> 令和8年11月22日   -> "2026-11-22"
          X=date                                 -> R8.11.22          -> "2026-11-22"
          X=date                                 -> 令和元年5月1日    -> "2019-05-01"
          X=date                                 -> H31/4/30          -> "2019-04-30"
          X=date                                 -> 昭和64年1月7日    -> "1989-01-07"
          X=date                                 -> 2026年11月22日    -> "2026-11-22"
          X=date                                 -> R1.4.30           -> ! is not a date
          X=date                                 -> 20260230          -> ! is not a date
          X=date                                 -> 令和8年2月30日    -> ! is not a date
          X=date                                 -> R2026.11.22       -> ! is not a date
          X=date                                 -> 令和008年11月22日 -> ! is not a date
          X=date                                 -> 8.11.22           -> ! is not a date
          X=date | date(dd.MM.yyyy)              -> 22.11.2026        -> "2026-11-22"
          X=date | date(dd.MM.yyyy)              -> 30.02.2026        -> ! is not a date in the format dd.MM.yyyy
          X=date | date(yyyy.M.d, yyMMdd)        -> 261122            -> "2026-11-22"
          X=date | date('MMM d, yyyy', locale=en) -> `Nov 22, 2026`   -> "2026-11-22"
          X=date | date(Gy年M月d日, locale=ja-JP-u-ca-japanese) -> 令和8年11月22日 -> "2026-11-22"
          X=moment                               -> 2026/11/22 9:30   -> "2026-11-22T00:30:00Z"
          X=moment                               -> 令和8年11月22日 9:30 -> "2026-11-22T00:30:00Z"
          X=moment | date(zone=UTC)              -> 2026-11-22 09:30  -> "2026-11-22T09:30:00Z"
          X=moment | date(yyyy-MM-dd hh:mm a, locale=en) -> 2026-11-22 09:30 PM -> "2026-11-22T12:30:00Z"
          X=moment | date('yyyy-MM-dd hh:mm[ a]', locale=en) -> 2026-11-22 09:30 -> ! is not a date in the format
          X=moment | date(yyyy-MM-dd mm)         -> 2026-11-22 30     -> ! is not a date in the format
          X=moment | date('yyyy-MM-dd[ HH:mm]', zone=UTC) -> 2026-11-22 09:30 -> "2026-11-22T09:30:00Z"
          X=date | date('yyyy-MM-dd[ HH:mm]')    -> 2026-11-22        -> "2026-11-22"
          X=moment | date(yyyyMMddHHmm, zone=America/New_York) -> 202611220930 -> "2026-11-22T14:30:00Z"
          """)
  void aValueBecomesWhatTheMapSays(String pair, String raw, String expected) throws Exception {
    MappedRow row = mapped(pair, raw);

    if (expected.startsWith("!")) {
      assertThat(row.problems()).singleElement().asString().contains(expected.substring(2));
    } else {
      assertThat(row.problems()).isEmpty();
      row.values().remove("code");
      assertThat(row.values().values().iterator().next()).hasToString(expected);
    }
  }

  @Test
  void aValueThatAStepCannotTakeNamesFieldAndColumn() throws Exception {
    var problem = mapped("X=text | values(A=B)", "C").problems().get(0);

    assertThat(problem.column()).isEqualTo("X");
    assertThat(problem.field()).isEqualTo("text");
    assertThat(problem.message().toString()).startsWith("text: \"C\"");
  }

  @Test
  void aListOfJsonIsJoined() throws Exception {
    assertThat(mapped("X=text | upper | join(' / ')", List.of("a", "b")).values().get("text"))
        .hasToString("\"A / B\"");
  }

  @Test
  void aListOrAnObjectIsNotJoinedWithOtherColumns() throws Exception {
    for (Object value : List.of(List.of("a", "b"), Map.of("a", 1))) {
      assertThat(mapped("X + '-' + Y=text", value).problems())
          .singleElement()
          .satisfies(problem -> assertThat(problem.column()).isEqualTo("X"))
          .asString()
          .contains("cannot be joined");
    }
    assertThat(mapped("X + '-' + Y=text", List.of()).values().get("text")).hasToString("\"y\"");
  }

  @Test
  void aKeyIsMadeOfSeveralColumns() throws Exception {
    Mapping mapping = mapping("X + '-' + Y=code | nfkc | upper", "X", "Y");
    assertThat(mapping.map(Map.of("X", "ａ", "Y", "1")).key()).isEqualTo("A-1");
  }

  @Test
  void columnsThatARecordLacksLeaveTheFieldAlone() throws Exception {
    Mapping mapping = mapping("X + Y=text, K=code, Z=number | default(5)", "X", "Y", "Z", "K");
    assertThat(mapping.map(Map.of("K", "1")).values()).containsOnlyKeys("code");
    assertThat(mapping.columns()).containsExactly("X", "Y");
  }

  private static MappedRow mapped(String pair, Object raw) throws Exception {
    MappedRow row =
        mapping(pair + ", K=code", "X", "Y", "K").map(Map.of("X", raw, "Y", "y", "K", "1"));
    return new MappedRow(
        row.key(), new LinkedHashMap<>(row.values()), row.problems(), row.notes(), null);
  }

  private static Mapping mapping(String map, String... columns) throws Exception {
    Form form = Form.of("1", new JsonMapper().readTree(FORM), NumberPrecision.KINTONE_DEFAULT);
    return Mapping.of(
        form,
        List.of(columns),
        new FieldMap(MapReader.read(map), null, null),
        form.requireKey("code"),
        MappingOptions.DEFAULT);
  }
}
