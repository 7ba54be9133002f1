package dev.kintonesync.form;

import static dev.kintonesync.form.CustomersForm.FORM;
import static dev.kintonesync.form.CustomersForm.field;
import static dev.kintonesync.form.CustomersForm.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kintonesync.message.UserErrorException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormTest {

  @Test
  void theAnswerOfKintoneIsReadWithItsSettings() {
    assertThat(FORM.app()).isEqualTo("42");
    assertThat(FORM.revision()).isEqualTo(7);
    assertThat(FORM.fields()).first().isSameAs(field("code"));

    assertThat(field("code").label()).isEqualTo("顧客コード");
    assertThat(field("code").type()).isEqualTo(FieldType.SINGLE_LINE_TEXT);
    assertThat(field("code").required()).isTrue();
    assertThat(field("code").unique()).isTrue();
    assertThat(field("code").maxLength()).isEqualTo(Integer.MAX_VALUE);
    assertThat(field("name").minLength()).isEqualTo(2);
    assertThat(field("name").maxLength()).isEqualTo(10);
    assertThat(field("rate").minValue()).isEqualTo(new BigDecimal("-1.5"));
    assertThat(field("rate").maxValue()).isEqualTo("100");
    assertThat(field("amount").minValue()).isNull();
    assertThat(field("rank").options()).containsExactly("A", "B", "C");
    assertThat(field("rate").hasDefault()).isTrue();
    assertThat(field("since").hasDefault()).as("now").isTrue();
    assertThat(field("tags").hasDefault()).as("[]").isFalse();
    assertThat(field("branch").lookup()).isNotNull();
    assertThat(field("full").calculated()).isTrue();
    assertThat(field("orders").inner().keySet()).containsExactly("item", "qty", "sum");
    assertThat(field("plan").required()).as("Kintone does not enforce it").isFalse();
  }

  @Test
  void whatIsNoFormIsNotReadAsAnEmptyOne() {
    assertThatThrownBy(() -> Form.of("1", json("{}"), NumberPrecision.KINTONE_DEFAULT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "full, read-only-calculated",
    "total, read-only-calculated",
    "branch_name, read-only-lookup-copy",
    "レコード番号, read-only-system",
    "作成者, read-only-system",
    "更新日時, read-only-system",
    "ステータス, read-only-system",
    "group, read-only-no-value",
    "related, read-only-no-value",
    "hologram, read-only-unknown-type",
  })
  void whatKintoneDoesNotLetBeWrittenSaysWhy(String code, String reason) {
    assertThat(field(code).writable()).isFalse();
    assertThat(field(code).readOnlyReason())
        .extracting(message -> message.code())
        .isEqualTo(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"code", "branch", "orders", "files", "site", "rate"})
  void everythingElseIsWritable(String code) {
    assertThat(field(code).writable()).isTrue();
    assertThat(field(code).readOnlyReason()).isNull();
  }

  @Test
  void labelsMayMeanSeveralFieldsOrNone() {
    assertThat(FORM.byLabel("電話番号")).containsExactly(field("tel"));
    assertThat(FORM.byLabel("備考")).containsExactly(field("note1"), field("note2"));
    assertThat(FORM.byLabel("基本情報")).as("a group").isEmpty();
    assertThat(FORM.byLabel("tel")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "cdoe, code",
    "Code, code",
    "ＣＯＤＥ, code",
    "codes, code",
    "顧客コ一ド, code",
    "電話, tel",
    "amuont, amount",
    "visted, visited",
  })
  void theNearestFieldIsFoundByCodeAndLabel(String wanted, String expected) {
    assertThat(FORM.nearest(wanted)).first().isSameAs(field(expected));
    assertThat(FORM.nearest(wanted)).hasSizeLessThanOrEqualTo(3);
  }

  @Test
  void nothingIsNearToNonsense() {
    assertThat(FORM.nearest("zzzzzzzz")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"code", "no", "レコード番号"})
  void aUniqueTextOrNumberAndTheRecordNumberAreKeys(String code) {
    assertThat(FORM.requireKey(code)).isSameAs(field(code));
  }

  @ParameterizedTest
  @CsvSource({
    "顧客コード, key-field-missing",
    "item, key-field-in-table",
    "site, key-field-wrong-type",
    "rank, key-field-wrong-type",
    "total, key-field-wrong-type",
    "branch, key-field-lookup",
    "branch_name, key-field-read-only",
    "full, key-field-read-only",
    "kana, key-field-not-unique",
    "amount, key-field-not-unique",
  })
  void everyOtherKeyIsRefused(String code, String reason) {
    var refused = catchThrowableOfType(UserErrorException.class, () -> FORM.requireKey(code));
    assertThat(refused.reason().code()).isEqualTo(reason);
  }

  @Test
  void thePrecisionOfTheAppIsReadFromItsSettings() {
    var settings =
        json(
            """
            {"name": "x", "numberPrecision": {"digits": "30", "decimalPlaces": "10", "roundingMode": "DOWN"}}
            """);
    assertThat(NumberPrecision.of(settings))
        .isEqualTo(new NumberPrecision(30, 10, RoundingMode.DOWN));
    assertThat(NumberPrecision.of(json("{}"))).isEqualTo(NumberPrecision.KINTONE_DEFAULT);
    assertThat(NumberPrecision.KINTONE_DEFAULT.integerDigits()).isEqualTo(12);
  }

  @ParameterizedTest
  @CsvSource({"UP, 1.0001", "DOWN, 1", "HALF_EVEN, 1"})
  void everyRoundingModeOfKintoneIsKnown(String mode, String expected) {
    var settings = json("{\"numberPrecision\": {\"roundingMode\": \"" + mode + "\"}}");
    assertThat(NumberPrecision.of(settings).round(new BigDecimal("1.00001")))
        .isEqualByComparingTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "999999999999, true",
    "1000000000000, false",
    "-999999999999.9999, true",
    "999999999999.99996, false",
    "1e400000000, false",
    "1e-400000000, true",
    "0e400000000, true",
  })
  void theDigitsBeforeThePointAreLimited(BigDecimal number, boolean held) {
    assertThat(NumberPrecision.KINTONE_DEFAULT.holds(number)).isEqualTo(held);
  }
}
