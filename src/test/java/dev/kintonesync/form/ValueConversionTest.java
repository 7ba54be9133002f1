package dev.kintonesync.form;

import static dev.kintonesync.form.CustomersForm.converted;
import static dev.kintonesync.form.CustomersForm.field;
import static dev.kintonesync.form.CustomersForm.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kintonesync.message.MessageCode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.ZoneId;
import java.time.chrono.JapaneseDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueConversionTest {

  @ParameterizedTest(name = "{0}: [{1}] becomes {2}")
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        // text stays letter by letter
        "kana| ア イ |\" ア イ \"",
        "kana|007|\"007\"",
        "kana|''|\"\"",
        "rich|<b>x</b>|\"<b>x</b>\"",
        // numbers are canonical
        "amount|42|\"42\"",
        "amount|-7|\"-7\"",
        "amount| 42 |\"42\"",
        "amount|007|\"7\"",
        "amount|-0|\"0\"",
        "amount|+5|\"5\"",
        "amount|5.|\"5\"",
        "amount|.5|\"0.5\"",
        "amount|1.50|\"1.5\"",
        "amount|100|\"100\"",
        "amount|1.5e1|\"15\"",
        "amount|1E3|\"1000\"",
        "amount|999999999999.9999|\"999999999999.9999\"",
        "amount|0e-999999999|\"0\"",
        "amount|''|\"\"",
        "amount|   |\"\"",
        "rate|100.0|\"100\"",
        "rate|-1.5|\"-1.5\"",
        // surplus decimals are rounded half to even
        "amount|1.00005|\"1\"",
        "amount|1.00015|\"1.0002\"",
        "amount|1e-999999999|\"0\"",
        // choices
        "rank|A|\"A\"",
        "rank|''|null",
        "plan| |null",
        // dates
        "since|2026-04-03|\"2026-04-03\"",
        "since|2026-4-3|\"2026-04-03\"",
        "since|2026/4/3|\"2026-04-03\"",
        "since|2026/04/03 0:00:00|\"2026-04-03\"",
        "since|2024-02-29|\"2024-02-29\"",
        "since|2026-04-22T23:30:00Z|\"2026-04-23\"",
        "since|''|null",
        // times
        "opens|9:05|\"09:05\"",
        "opens|23:59:59|\"23:59\"",
        "opens|10:00:00+09|\"10:00\"",
        "opens|01:30+00|\"10:30\"",
        "opens|''|null",
        // moments are UTC, to the minute
        "visited|2026-04-23T15:31:45+09:00|\"2026-04-23T06:31:00Z\"",
        "visited|2026-04-23T15:31:45.123456789Z|\"2026-04-23T15:31:00Z\"",
        "visited|2026-04-23T15:31+0900|\"2026-04-23T06:31:00Z\"",
        "visited|2026-04-23T15:31-03|\"2026-04-23T18:31:00Z\"",
        "visited|2026/4/23 15:31|\"2026-04-23T06:31:00Z\"",
        "visited|2026/4/23 5:31:59|\"2026-04-22T20:31:00Z\"",
        "visited|2026-04-23|\"2026-04-22T15:00:00Z\"",
        "visited|''|null",
        // links
        "site| https://example.com/a?b=c |\"https://example.com/a?b=c\"",
        "mail|a@example.com|\"a@example.com\"",
        "tel|03-1234-5678|\"03-1234-5678\"",
        "tel|''|\"\"",
        // lists
        "tags|red|[\"red\"]",
        "tags|''|[]",
        "owner|sato|[{\"code\":\"sato\"}]",
        "owner| sato |[{\"code\":\"sato\"}]",
        "owner|''|[]",
      })
  void textOfACsvBecomesWhatKintoneTakes(String code, String text, String expected) {
    assertThat(converted(code, text)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}: [{1}] is {2}")
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "name|a|value-too-short",
        "name|''|value-too-short",
        "name|12345678901|value-too-long",
        "amount|1,23|value-not-a-number",
        "amount|十二|value-not-a-number",
        "amount|٣|value-not-a-number",
        "amount|abc|value-not-a-number",
        "amount|.|value-not-a-number",
        "amount|-|value-not-a-number",
        "amount|1e|value-not-a-number",
        "amount|1e+|value-not-a-number",
        "amount|1.2.3|value-not-a-number",
        "amount|0x1F|value-not-a-number",
        "amount|NaN|value-not-a-number",
        "amount|1e99999999999|value-not-a-number",
        "amount|1234567890123|value-too-many-digits",
        "amount|999999999999.99999|value-too-many-digits",
        "amount|1e999999999|value-too-many-digits",
        "rate|-1.6|value-too-small",
        "rate|100.0001|value-too-large",
        "rank|a|value-not-an-option",
        "rank|A |value-not-an-option",
        "plan|gold|value-not-an-option",
        "tags|green|value-not-an-option",
        "since|2026-02-29|value-not-a-date",
        "since|2026-13-01|value-not-a-date",
        "since|2026/4-3|value-not-a-date",
        "since|23/4/2026|value-not-a-date",
        "since|2026|value-not-a-date",
        "since|昨日|value-not-a-date",
        "since|2026-04-03x|value-not-a-date",
        "since|2026-04-03 |2026-04-03",
        "since|999-12-31|value-date-out-of-range",
        "since|10000-01-01|value-date-out-of-range",
        "since|26/4/3|value-date-out-of-range",
        "since|9:05|value-not-a-date",
        "opens|24:00|value-not-a-time",
        "opens|24:00:00+09|value-not-a-time",
        "since|infinity|value-not-a-date",
        "visited|-infinity|value-not-a-datetime",
        "opens|9:60|value-not-a-time",
        "opens|9|value-not-a-time",
        "opens|9:05:|value-not-a-time",
        "opens|2026-04-23|value-not-a-time",
        "visited|2026-04-23T15|value-not-a-datetime",
        "visited|2026-04-23T15:31+25:00|value-not-a-datetime",
        "visited|2026-04-23T15:31Zx|value-not-a-datetime",
        "visited|2026-04-23 at noon|value-not-a-datetime",
        "visited|1000-01-01T00:00:00+09:00|value-date-out-of-range",
        "visited|9999-12-31T23:59:00-09:00|value-date-out-of-range",
        "site|www.example.com|value-not-a-web-address",
        "site|https://a b.com|value-not-a-web-address",
        "site|C:\\reports|value-not-a-web-address",
        "mail|example.com|value-not-a-mail-address",
        "tel|none|value-not-a-phone-number",
        "files|a.pdf|value-not-files",
        "files|''|value-not-files",
        "orders|x|value-not-a-table",
        "orders|''|value-not-a-table",
        "total|1|value-for-read-only",
        "full|x|value-for-read-only",
        "branch_name|x|value-for-read-only",
        "レコード番号|1|value-for-read-only",
        "group|1|value-for-read-only",
        "hologram|1|value-for-read-only",
      })
  void whatKintoneWouldRefuseOrSwallowIsFoundBefore(String code, String text, String expected) {
    assertThat(converted(code, text).replace("\"", "")).isEqualTo(expected);
  }

  static Stream<Arguments> otherThanText() {
    return Stream.of(
        Arguments.of("kana", 5, "\"5\""),
        Arguments.of("kana", 5.0, "\"5\""),
        Arguments.of("kana", 1.25e7f, "\"12500000\""),
        Arguments.of("kana", new BigDecimal("1E+2"), "\"100\""),
        Arguments.of("kana", new BigDecimal("1E+999999999"), "\"1E+999999999\""),
        Arguments.of("kana", Double.NaN, "\"NaN\""),
        Arguments.of("kana", true, "\"true\""),
        Arguments.of("kana", DayOfWeek.MONDAY, "\"MONDAY\""),
        Arguments.of("kana", new UUID(0, 1), "\"00000000-0000-0000-0000-000000000001\""),
        Arguments.of("kana", LocalDate.of(2026, 4, 23), "\"2026-04-23\""),
        Arguments.of("kana", null, "\"\""),
        Arguments.of("kana", new byte[] {1}, "value-not-text"),
        Arguments.of("kana", List.of("a"), "value-not-text"),
        Arguments.of("kana", Map.of("a", 1), "value-not-text"),
        Arguments.of("amount", 42L, "\"42\""),
        Arguments.of("amount", 0.1, "\"0.1\""),
        Arguments.of("amount", 1e9, "\"1000000000\""),
        Arguments.of("amount", Double.POSITIVE_INFINITY, "value-not-a-number"),
        Arguments.of("amount", new BigInteger("123456789012"), "\"123456789012\""),
        Arguments.of("amount", new BigDecimal("1E+999999999"), "value-too-many-digits"),
        Arguments.of("amount", new BigDecimal("5.00"), "\"5\""),
        Arguments.of("amount", true, "\"1\""),
        Arguments.of("amount", json("12.50"), "\"12.5\""),
        Arguments.of("amount", json("null"), "\"\""),
        Arguments.of("amount", List.of(1), "value-not-a-number"),
        Arguments.of("amount", JsonNodeFactory.instance.pojoNode(7), "\"7\""),
        Arguments.of("rank", json("\"B\""), "\"B\""),
        Arguments.of("rank", List.of("A"), "value-not-an-option"),
        Arguments.of("tags", List.of("blue", "red", "blue"), "[\"blue\",\"red\"]"),
        Arguments.of("tags", new String[] {"red"}, "[\"red\"]"),
        Arguments.of("tags", json("[\"red\", 1]"), "[\"red\",\"1\"]"),
        Arguments.of("tags", "blue\nred\r\n\n", "[\"blue\",\"red\"]"),
        Arguments.of("tags", 1, "[\"1\"]"),
        Arguments.of("tags", Arrays.asList("red", null), "value-not-an-option"),
        Arguments.of("areas", "東\n西", "[\"東\",\"西\"]"),
        Arguments.of("since", LocalDate.of(2026, 4, 23), "\"2026-04-23\""),
        Arguments.of("since", LocalDateTime.of(2026, 4, 23, 23, 59), "\"2026-04-23\""),
        Arguments.of("since", Instant.parse("2026-04-22T15:00:00Z"), "\"2026-04-23\""),
        Arguments.of("since", JapaneseDate.of(2026, 4, 23), "\"2026-04-23\""),
        Arguments.of("since", LocalDate.MAX, "value-date-out-of-range"),
        Arguments.of("since", Instant.MAX, "value-date-out-of-range"),
        Arguments.of("since", Year.of(2026), "value-not-a-date"),
        Arguments.of("since", 20260423, "\"2026-04-23\""),
        Arguments.of("opens", LocalTime.of(9, 5, 59), "\"09:05\""),
        Arguments.of("opens", LocalDate.EPOCH, "value-not-a-time"),
        Arguments.of("visited", Instant.parse("2026-04-23T06:31:59Z"), "\"2026-04-23T06:31:00Z\""),
        Arguments.of(
            "visited",
            OffsetDateTime.parse("2026-04-23T15:31:00+09:00"),
            "\"2026-04-23T06:31:00Z\""),
        Arguments.of("visited", LocalDateTime.of(2026, 4, 23, 15, 31), "\"2026-04-23T06:31:00Z\""),
        Arguments.of("visited", Instant.MIN, "value-date-out-of-range"),
        Arguments.of("owner", List.of("a", "b"), "[{\"code\":\"a\"},{\"code\":\"b\"}]"),
        Arguments.of("owner", "a\nb\na", "[{\"code\":\"a\"},{\"code\":\"b\"}]"),
        Arguments.of("owner", Map.of("code", "a", "name", "A"), "[{\"code\":\"a\"}]"),
        Arguments.of("owner", json("[{\"code\":\"a\",\"name\":\"A\"}]"), "[{\"code\":\"a\"}]"),
        Arguments.of("owner", json("[{\"name\":\"A\"}]"), "value-not-codes"),
        Arguments.of("team", List.of(List.of()), "value-not-codes"),
        Arguments.of("circle", json("[]"), "[]"),
        Arguments.of("files", json("[{\"fileKey\":\"k\"}]"), "[{\"fileKey\":\"k\"}]"),
        Arguments.of("files", List.of(Map.of("fileKey", "k")), "[{\"fileKey\":\"k\"}]"),
        Arguments.of("files", json("[{\"name\":\"a\"}]"), "value-not-files"),
        Arguments.of("files", List.of(), "[]"),
        Arguments.of("files", null, "value-not-files"));
  }

  @ParameterizedTest(name = "{0}: {1} is rounded to {2}")
  @MethodSource("otherThanText")
  void javaAndJsonValuesBecomeWhatKintoneTakes(String code, Object raw, String expected) {
    assertThat(converted(code, raw)).isEqualTo(expected);
  }

  @Test
  void aTextWhoseDuplicatesAreProhibitedHolds64Utf16Units() {
    assertThat(converted("code", "x".repeat(64))).startsWith("\"xx");
    assertThat(converted("code", "x".repeat(65))).isEqualTo("value-too-long-for-unique");
    assertThat(converted("code", "🍣".repeat(33))).isEqualTo("value-too-long-for-unique");
    assertThat(converted("kana", "x".repeat(65))).startsWith("\"xx");
  }

  @Test
  void aTextOfAnyLengthIsNoNumberButEndsSoon() {
    assertThat(converted("amount", "9".repeat(1_000_000))).isEqualTo("value-not-a-number");
  }

  @Test
  void aRoundingIsNotedAndAPlainNumberIsNot() {
    var rounded = (Converted.Value) field("amount").convert("1.23456");
    var plain = (Converted.Value) field("amount").convert("1.23450");

    assertThat(rounded.json().asText()).isEqualTo("1.2346");
    assertThat(rounded.notes())
        .containsExactly(MessageCode.VALUE_ROUNDED.with("amount (金額)", "1.23456", "1.2346", 4));
    assertThat(plain.json().asText()).isEqualTo("1.2345");
    assertThat(plain.notes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"12345678901234567890", "0.1234567891"})
  void theAppsOwnPrecisionCounts(String number) {
    var precision = new NumberPrecision(30, 10, RoundingMode.UP);
    Field amount = Form.of("1", CustomersForm.ANSWER, precision).field("amount");
    assertThat(amount).isNotNull();
    assertThat(amount.convert(number)).isEqualTo(valueOf(number));
    assertThat(amount.convert("0.00000000001"))
        .extracting(converted -> ((Converted.Value) converted).json().asText())
        .isEqualTo("0.0000000001");
  }

  private static Converted valueOf(String text) {
    return new Converted.Value(JsonNodeFactory.instance.textNode(text));
  }

  @Test
  void timesWithoutAZoneAreInTheZoneOfTheConversion() {
    var newYork = new Conversion(ZoneId.of("America/New_York"));
    assertThat(field("visited").convert("2026/4/23 15:31", newYork))
        .isEqualTo(valueOf("2026-04-23T19:31:00Z"));
    assertThat(field("since").convert("2026-04-23T02:00:00Z", newYork))
        .isEqualTo(valueOf("2026-04-22"));
  }

  @Test
  void tablesPassInKintonesShapeAndTheirCellsAreConverted() {
    var rows =
        json(
            """
            [{"id": 368, "value": {"item": {"value": "pen"}, "qty": {"value": " 1.50 "}, "sum": {"value": "3"}}},
             {"value": {"qty": {"value": null}}}]
            """);
    assertThat(converted("orders", rows))
        .isEqualTo(
            """
            [{"id":"368","value":{"item":{"value":"pen"},"qty":{"value":"1.5"}}},\
            {"value":{"qty":{"value":""}}}]\
            """);
    assertThat(converted("orders", List.of(Map.of("value", Map.of("qty", Map.of("value", 2))))))
        .isEqualTo("[{\"value\":{\"qty\":{\"value\":\"2\"}}}]");
    assertThat(converted("orders", json("[]"))).isEqualTo("[]");
  }

  @Test
  void aNonNumberInATableIsNotStoredBlank() {
    var rows = json("[{\"value\":{}},{\"value\":{\"qty\":{\"value\":\"一千\"}}}]");
    assertThat(field("orders").convert(rows))
        .isEqualTo(
            new Converted.Refused(
                MessageCode.TABLE_ROW.with(
                    "orders (注文)", 2, MessageCode.VALUE_NOT_A_NUMBER.with("qty (数量)", "一千"))));
  }

  @Test
  void aRoundingInATableIsNotedWithItsRow() {
    var rows = json("[{\"value\":{\"qty\":{\"value\":\"0.00001\"}}}]");
    assertThat(((Converted.Value) field("orders").convert(rows)).notes())
        .containsExactly(
            MessageCode.TABLE_ROW.with(
                "orders (注文)", 1, MessageCode.VALUE_ROUNDED.with("qty (数量)", "0.00001", "0", 4)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{\"value\":{\"price\":{\"value\":1}}}]|table-field-unknown",
        "[{\"value\":{\"qty\":1}}]|value-not-a-table",
        "[{\"price\":1}]|table-field-unknown",
        "[1]|value-not-a-table",
        "{\"value\":{}}|value-not-a-table",
        "null|value-not-a-table",
      })
  void whatIsNotKintonesTableIsRefused(String rows, String expected) {
    assertThat(converted("orders", json(rows))).isEqualTo(expected);
  }

  @Test
  void requiredFieldsAreCheckedApart() {
    assertThat(field("code").checkRequired(json("\"\"")))
        .isEqualTo(MessageCode.VALUE_REQUIRED.with("code (顧客コード)"));
    assertThat(field("rank").checkRequired(json("null"))).isNotNull();
    assertThat(field("rank").checkRequired(json("\"A\""))).isNull();
    assertThat(field("kana").checkRequired(json("\"\""))).isNull();
    assertThat(field("plan").checkRequired(json("null"))).as("Kintone lets it pass").isNull();
    assertThat(field("orders").checkRequired(json("[{\"value\":{\"item\":{\"value\":\"\"}}}]")))
        .isEqualTo(
            MessageCode.TABLE_ROW.with(
                "orders (注文)", 1, MessageCode.VALUE_REQUIRED.with("item (品名)")));
    assertThat(field("orders").checkRequired(json("[{\"value\":{\"qty\":{\"value\":\"\"}}}]")))
        .isNull();
  }
}
