package dev.kintonesync.form;

import static dev.kintonesync.form.CustomersForm.FORM;
import static dev.kintonesync.form.CustomersForm.field;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kintonesync.message.MessageBundle;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every field and every value, however odd. */
class AnyValueTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Mapping MAPPING =
      Mapping.of(FORM, FORM.fields().stream().map(Field::code).toList(), Map.of(), field("code"));

  @Property(tries = 3000)
  void convertingIsDoneOnceAndForAll(@ForAll("fields") Field field, @ForAll("values") Object raw) {
    if (field.convert(raw) instanceof Converted.Value once) {
      assertThat(field.convert(once.json())).isEqualTo(new Converted.Value(once.json(), List.of()));
    }
  }

  @Property(tries = 3000)
  void aRefusalIsASentenceInBothLanguages(
      @ForAll("fields") Field field, @ForAll("values") Object raw) {
    if (field.convert(raw) instanceof Converted.Refused refused) {
      assertThat(MessageBundle.ENGLISH.say(refused.problem())).contains(field.code());
      assertThat(MessageBundle.JAPANESE.say(refused.problem())).contains(field.code());
    }
  }

  @Property(tries = 3000)
  void everyValueIsTheSameAsItself(@ForAll("fields") Field field, @ForAll("values") Object raw) {
    JsonNode json = JSON.valueToTree(raw.toString());
    assertThat(field.same(json, json.deepCopy())).isTrue();
    if (field.convert(raw) instanceof Converted.Value value) {
      assertThat(field.same(value.json(), value.json().deepCopy())).isTrue();
    }
  }

  @Property(tries = 3000)
  void samenessHasNoDirection(
      @ForAll("fields") Field field, @ForAll("json") JsonNode one, @ForAll("json") JsonNode other) {
    assertThat(field.same(one, other)).isEqualTo(field.same(other, one));
  }

  @Property(tries = 2000)
  void aKeyIsMadeOnceAndForAll(@ForAll("values") Object raw) {
    for (String code : List.of("code", "no", "レコード番号")) {
      String key = field(code).canonicalKey(raw);
      if (key != null) {
        assertThat(field(code).canonicalKey(key)).isEqualTo(key);
      }
    }
  }

  @Property(tries = 1000)
  void numbersThatAreEqualAreOneKeyAndTheSameValue(@ForAll("held") BigDecimal number) {
    BigDecimal longer = number.setScale(number.scale() + 3);
    assertThat(field("no").canonicalKey(longer.toPlainString()))
        .isEqualTo(field("no").canonicalKey(number));
    assertThat(field("no").convert(longer.toString())).isEqualTo(field("no").convert(number));
  }

  @Property(tries = 1000)
  void aRowOfAnythingIsMapped(@ForAll("values") Object key, @ForAll("values") Object other) {
    MappedRow row =
        MAPPING.map(
            Map.of("code", key, "amount", other, "since", other, "orders", other, "tel", other));
    assertThat(row.key() == null)
        .isEqualTo(row.problems().stream().anyMatch(problem -> problem.field().equals("code")));
    assertThat(row.values().size() + row.problems().size()).isEqualTo(5);
  }

  @Provide
  Arbitrary<Field> fields() {
    return Arbitraries.of(FORM.fields());
  }

  @Provide
  Arbitrary<Object> values() {
    return Arbitraries.oneOf(
        List.of(
            Arbitraries.strings().ofMaxLength(80).map(text -> (Object) text),
            Arbitraries.strings().withChars("0123456789-+./:eETZ ,").ofMaxLength(22).map(t -> t),
            Arbitraries.of("A", "red", "red\nblue", "東", "2026/4/3", "9:05", "a@b.c", "https://a.b")
                .map(text -> text),
            Arbitraries.bigDecimals().map(number -> number),
            Arbitraries.doubles().map(number -> number),
            Arbitraries.longs().map(number -> number),
            Arbitraries.of(true, false).map(flag -> flag),
            Arbitraries.longs().map(seconds -> Instant.ofEpochMilli(seconds)),
            json().map(node -> node)));
  }

  @Provide
  Arbitrary<BigDecimal> held() {
    return Arbitraries.bigDecimals()
        .between(new BigDecimal("-999999999999"), new BigDecimal("999999999999"))
        .ofScale(4);
  }

  @Provide
  Arbitrary<JsonNode> json() {
    return Arbitraries.of(
            "null",
            "\"\"",
            "[]",
            "{}",
            "0",
            "1.50",
            "\"1.5\"",
            "true",
            "\"A\"",
            "\"a\\r\\nb\"",
            "\"a\\nb\"",
            "[\"red\",\"blue\"]",
            "[\"blue\",\"red\"]",
            "\"2026-04-03\"",
            "\"2026/4/3\"",
            "\"9:05\"",
            "\"09:05\"",
            "\"2026-04-23T06:31:00Z\"",
            "\"2026-04-23T15:31:10+09:00\"",
            "{\"code\":\"a\"}",
            "[{\"code\":\"a\"}]",
            "[{\"code\":\"a\",\"name\":\"A\"}]",
            "[{\"fileKey\":\"k\"}]",
            "[{\"fileKey\":\"l\",\"name\":\"a\",\"size\":\"1\"}]",
            "[{\"fileKey\":\"k\",\"name\":\"a\",\"size\":\"1\"}]",
            "[{\"value\":{\"qty\":{\"value\":\"1\"}}}]",
            "[{\"id\":\"3\",\"value\":{\"qty\":{\"value\":\"1.0\"},\"item\":{\"value\":\"x\"}}}]",
            "[{\"value\":{\"qty\":3}}]",
            "[null,[1],{}]")
        .map(CustomersForm::json);
  }
}
