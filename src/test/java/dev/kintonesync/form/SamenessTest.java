package dev.kintonesync.form;

import static dev.kintonesync.form.CustomersForm.field;
import static dev.kintonesync.form.CustomersForm.json;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SamenessTest {

  @ParameterizedTest(name = "{0}: {1} and {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "kana|\"a\"|\"a\"",
        "memo|\"a\\r\\nb\\rc\"|\"a\\nb\\nc\"",
        "amount|\"5\"|\"5.000\"",
        "amount|\"1.2346\"|\"1.23456\"",
        "amount|5|\"5\"",
        "amount|\"0\"|\"-0.0\"",
        "since|\"2026-04-03\"|\"2026-4-3\"",
        "opens|\"09:05\"|\"9:05:30\"",
        "visited|\"2026-04-23T06:31:00Z\"|\"2026-04-23T15:31:59+09:00\"",
        "更新日時|\"2026-04-23T06:31:00Z\"|\"2026-04-23T06:31:20Z\"",
        "tags|[\"red\",\"blue\"]|[\"blue\",\"red\"]",
        "owner|[{\"code\":\"a\"},{\"code\":\"b\"}]|[{\"code\":\"b\",\"name\":\"B\"},{\"code\":\"a\",\"name\":\"A\"}]",
        "作成者|{\"code\":\"a\"}|{\"code\":\"a\",\"name\":\"A\"}",
        "files|[{\"fileKey\":\"1\",\"name\":\"a\",\"size\":\"2\"}]|[{\"fileKey\":\"2\",\"name\":\"a\",\"size\":2}]",
        "files|[{\"fileKey\":\"1\"}]|[{\"fileKey\":\"1\",\"name\":\"a\",\"size\":\"2\"}]",
        "orders|[{\"value\":{\"qty\":{\"value\":\"1\"}}}]|[{\"id\":\"9\",\"value\":{\"qty\":{\"type\":\"NUMBER\",\"value\":\"1.0\"},\"item\":{\"value\":\"x\"}}}]",
      })
  void whatMeansTheSameIsTheSame(String code, String one, String other) {
    assertThat(field(code).same(json(one), json(other))).isTrue();
    assertThat(field(code).same(json(other), json(one))).isTrue();
  }

  @ParameterizedTest(name = "{0}: {1} and {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "kana|\"a\"|\"A\"",
        "kana|\"a\"|\"a \"",
        "kana|\"a\\r\\nb\"|\"a\\nb\"",
        "kana|\"1\"|\"1.0\"",
        "kana|\"ガ\"|\"ｶﾞ\"",
        "rich|\"<b>a</b>\"|\"<B>a</B>\"",
        "amount|\"999999999999.9991\"|\"999999999999.9992\"",
        "amount|\"0\"|\"\"",
        "amount|\"x\"|\"y\"",
        "since|\"2026-04-03\"|\"2026-04-04\"",
        "since|\"x\"|\"y\"",
        "opens|\"09:05\"|\"09:06\"",
        "visited|\"2026-04-23T06:31:00Z\"|\"2026-04-23T06:32:00Z\"",
        "rank|\"A\"|null",
        "tags|[\"red\"]|[\"red\",\"blue\"]",
        "tags|[\"red\"]|[]",
        "site|\"https://a.com\"|\"https://a.com/\"",
        "owner|[{\"code\":\"a\",\"name\":\"X\"}]|[{\"code\":\"b\",\"name\":\"X\"}]",
        "files|[{\"name\":\"a\",\"size\":\"2\"}]|[{\"name\":\"a\",\"size\":\"3\"}]",
        "files|[{\"fileKey\":\"1\"}]|[{\"fileKey\":\"2\",\"name\":\"a\",\"size\":\"2\"}]",
        "orders|[{\"value\":{\"qty\":{\"value\":\"1\"}}}]|[{\"value\":{\"qty\":{\"value\":\"2\"}}}]",
        "orders|[{\"value\":{}},{\"value\":{}}]|[{\"value\":{}}]",
        "orders|[{\"value\":{\"item\":{\"value\":\"a\"}}},{\"value\":{\"item\":{\"value\":\"b\"}}}]"
            + "|[{\"value\":{\"item\":{\"value\":\"b\"}}},{\"value\":{\"item\":{\"value\":\"a\"}}}]",
      })
  void whatDiffersIsWritten(String code, String one, String other) {
    assertThat(field(code).same(json(one), json(other))).isFalse();
    assertThat(field(code).same(json(other), json(one))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"kana", "amount", "rank", "tags", "since", "visited", "owner", "files", "orders"})
  void everyEmptinessIsOne(String code) {
    Field field = field(code);
    assertThat(field.same(json("\"\""), json("[]"))).isTrue();
    assertThat(field.same(json("null"), json("\"\""))).isTrue();
    assertThat(field.same(null, json("[]"))).isTrue();
    assertThat(field.same(null, null)).isTrue();
  }

  @Test
  void whatKintoneGaveBackIsTheSameAsWhatWasConverted() {
    // "1.5e1" is stored as "15", "" of a drop-down read as null, seconds are dropped
    assertThat(sent("amount", "1.5e1", "\"15\"")).isTrue();
    assertThat(sent("rank", "", "null")).isTrue();
    assertThat(sent("visited", "2026-04-23T15:31:45+09:00", "\"2026-04-23T06:31:00Z\"")).isTrue();
    assertThat(sent("amount", "1.23456", "\"1.2346\"")).isTrue();
    assertThat(sent("visited", "", "\"\"")).isTrue();
  }

  private static boolean sent(String code, String text, String read) {
    var converted = (Converted.Value) field(code).convert(text);
    return field(code).same(converted.json(), json(read));
  }
}
