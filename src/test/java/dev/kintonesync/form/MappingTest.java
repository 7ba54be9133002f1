package dev.kintonesync.form;

import static dev.kintonesync.form.CustomersForm.FORM;
import static dev.kintonesync.form.CustomersForm.field;
import static dev.kintonesync.form.CustomersForm.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MappingTest {

  private static final Map<String, String> NO_MAP = Map.of();

  @Test
  void withoutAMapColumnsAreMatchedByCodeThenByLabel() {
    Mapping mapping = byName("code", "電話番号", " amount ");

    MappedRow row = mapping.map(Map.of("code", "A-1", "電話番号", "03", " amount ", "5.0"));

    assertThat(row.key()).isEqualTo("A-1");
    assertThat(row.values())
        .isEqualTo(Map.of("code", json("\"A-1\""), "tel", json("\"03\""), "amount", json("\"5\"")));
    assertThat(row.problems()).isEmpty();
    assertThat(mapping.fields()).containsExactly(field("code"), field("tel"), field("amount"));
    assertThat(mapping.ignoredColumns()).isEmpty();
  }

  @Test
  void decomposedKanaInAHeaderIsTheSameName() {
    Mapping mapping = byName("code", "フリカ\u3099ナ");
    assertThat(mapping.map(Map.of("code", "1", "フリカ\u3099ナ", "x")).values()).containsKey("kana");
  }

  @Test
  void withAMapOtherColumnsAreIgnoredAndListed() {
    var map = new LinkedHashMap<String, String>();
    map.put("CUST_CD", "code");
    map.put("TEL", "tel");
    Mapping mapping = Mapping.of(FORM, List.of("TEL", "FAX", "CUST_CD", "X"), map, field("code"));

    assertThat(mapping.ignoredColumns()).containsExactly("FAX", "X");
    assertThat(mapping.keyColumn()).isEqualTo("CUST_CD");
    assertThat(mapping.column(field("tel"))).isEqualTo("TEL");
    assertThat(mapping.column(field("kana"))).isNull();
    assertThat(mapping.map(Map.of("TEL", "03", "FAX", "04", "CUST_CD", "7", "X", "")).values())
        .containsOnlyKeys("code", "tel");
  }

  @Test
  void readOnlyFieldsAreLeftOutAndListed() {
    Mapping mapping = byName("code", "レコード番号", "作成者", "合計", "branch_name", "$id", "$revision");

    assertThat(mapping.readOnlyColumns())
        .containsExactly("レコード番号", "作成者", "合計", "branch_name", "$id", "$revision");
    assertThat(mapping.map(Map.of("code", "1", "レコード番号", "x", "合計", "9")).values())
        .containsOnlyKeys("code");
  }

  @Test
  void anEmptyCellClearsAndAnAbsentColumnIsNotTouched() {
    Mapping mapping = byName("code", "kana", "rank", "tags", "amount");
    var row = new HashMap<String, String>();
    row.put("code", "1");
    row.put("kana", "");
    row.put("rank", null);
    row.put("tags", "");

    assertThat(mapping.map(row).values())
        .isEqualTo(
            Map.of(
                "code", json("\"1\""),
                "kana", json("\"\""),
                "rank", json("null"),
                "tags", json("[]")));
  }

  @Test
  void aBadValueIsAProblemAndTheOthersStand() {
    Mapping mapping = byName("code", "金額", "since");

    MappedRow row = mapping.map(Map.of("code", "1", "金額", "abc", "since", "2026/4/3"));

    assertThat(row.key()).isEqualTo("1");
    assertThat(row.values()).containsOnlyKeys("code", "since");
    assertThat(row.problems())
        .containsExactly(
            new ValueProblem(
                "金額", "amount", MessageCode.VALUE_NOT_A_NUMBER.with("amount (金額)", "abc")));
  }

  @Test
  void aRoundingIsANoteAndNoProblem() {
    MappedRow row = byName("code", "amount").map(Map.of("code", "1", "amount", "1.23456"));
    assertThat(row.values()).containsEntry("amount", json("\"1.2346\""));
    assertThat(row.problems()).isEmpty();
    assertThat(row.notes()).extracting(ValueProblem::column).containsExactly("amount");
  }

  @Test
  void theKeyIsSentInItsCanonicalForm() {
    MappedRow text = byName("code").map(Map.of("code", " か\u3099 "));
    assertThat(text.key()).isEqualTo("が");
    assertThat(text.values()).isEqualTo(Map.of("code", json("\"が\"")));

    MappedRow number =
        Mapping.of(FORM, List.of("番号"), NO_MAP, field("no")).map(Map.of("番号", " 5.0 "));
    assertThat(number.key()).isEqualTo("5");
    assertThat(number.values()).isEqualTo(Map.of("no", json("\"5\"")));
  }

  @Test
  void aBlankKeyIsAProblem() {
    Mapping mapping = byName("code", "kana");
    assertThat(mapping.map(Map.of("code", " ", "kana", "a")))
        .isEqualTo(
            new MappedRow(
                null,
                Map.of("kana", json("\"a\"")),
                List.of(new ValueProblem("code", "code", MessageCode.KEY_BLANK.with("code"))),
                List.of(),
                null));
    assertThat(mapping.map(Map.of("kana", "a")).problems()).hasSize(1);
  }

  @Test
  void aKeyThatTheFieldCannotHoldIsAProblem() {
    assertThat(problem(byName("code"), "x".repeat(65))).isEqualTo("value-too-long-for-unique");
    assertThat(problem(byName("code"), List.of("a"))).isEqualTo("value-not-text");

    Mapping byNumber = Mapping.of(FORM, List.of("no"), NO_MAP, field("no"));
    assertThat(problem(byNumber, "x")).isEqualTo("value-not-a-number");
    assertThat(problem(byNumber, "1.23456")).isEqualTo("key-rounded");
    assertThat(problem(byNumber, "1234567890123")).isEqualTo("value-too-many-digits");
  }

  @Test
  void theRecordNumberIsAKeyThatIsNotWritten() {
    Mapping mapping = Mapping.of(FORM, List.of("レコード番号", "kana"), NO_MAP, field("レコード番号"));

    MappedRow row = mapping.map(Map.of("レコード番号", "SALES-12", "kana", "a"));
    assertThat(row.key()).isEqualTo("12");
    assertThat(row.values()).containsOnlyKeys("kana");
    assertThat(row.problems()).isEmpty();
    assertThat(mapping.fields()).containsExactly(field("kana"));
    assertThat(mapping.readOnlyColumns()).isEmpty();

    assertThat(problem(mapping, "-1")).isEqualTo("key-not-a-record-number");
    assertThat(problem(mapping, "03-1234")).isEqualTo("key-not-a-record-number");
    assertThat(problem(mapping, List.of())).isEqualTo("key-blank");
  }

  @Test
  void insertsNeedTheirRequiredFieldsAndUpdatesMustNotClearThem() {
    Mapping mapping = byName("code", "rank", "kana");
    Map<String, JsonNode> cleared = mapping.map(Map.of("code", "1", "rank", "")).values();
    Map<String, JsonNode> absent = mapping.map(Map.of("code", "1")).values();

    ValueProblem rank =
        new ValueProblem("rank", "rank", MessageCode.VALUE_REQUIRED.with("rank (ランク)"));
    ValueProblem name =
        new ValueProblem(null, "name", MessageCode.VALUE_REQUIRED.with("name (顧客名)"));
    assertThat(mapping.checkInsert(cleared)).containsExactly(name, rank);
    assertThat(mapping.checkInsert(absent)).containsExactly(name, rank);
    assertThat(mapping.checkUpdate(cleared)).containsExactly(rank);
    assertThat(mapping.checkUpdate(absent)).isEmpty();
    assertThat(mapping.requiredButUnmapped()).containsExactly(field("name"));
  }

  @Test
  void aMappingDoesNotDependOnWhichCopyOfTheFormTheKeyIsFrom() {
    Form other = Form.of("42", CustomersForm.ANSWER, NumberPrecision.KINTONE_DEFAULT);
    Mapping mapping = Mapping.of(FORM, List.of("code"), NO_MAP, other.requireKey("code"));
    assertThat(mapping.key()).isSameAs(field("code"));
  }

  @Test
  void columnsThatCannotBePlacedAreRefused() {
    assertThat(refusal(NO_MAP, "code", "FAX")).isEqualTo("column-unknown");
    assertThat(refusal(NO_MAP, "code", "備考")).isEqualTo("column-ambiguous");
    assertThat(refusal(NO_MAP, "code", "")).isEqualTo("column-without-name");
    assertThat(refusal(NO_MAP, "code", "品名")).isEqualTo("field-in-table");
    assertThat(refusal(NO_MAP, "code", "tel", "電話番号")).isEqualTo("field-mapped-twice");
    assertThat(refusal(NO_MAP, "code", "code")).isEqualTo("field-mapped-twice");
    assertThat(refusal(NO_MAP, "kana")).isEqualTo("key-not-mapped");

    assertThat(refusal(Map.of("A", "code"), "B")).isEqualTo("column-missing");
    assertThat(refusal(Map.of("A", "kode"), "A")).isEqualTo("mapped-field-unknown");
    assertThat(refusal(Map.of("A", "item"), "A")).isEqualTo("field-in-table");
    assertThat(refusal(Map.of("A", "code", "B", "code"), "A", "B")).isEqualTo("field-mapped-twice");
    assertThat(refusal(Map.of("A", "code"), "A", "A")).isEqualTo("field-mapped-twice");
    assertThat(refusal(Map.of("A", "kana"), "A", "code")).isEqualTo("key-not-mapped");
  }

  private static Mapping byName(String... columns) {
    return Mapping.of(FORM, List.of(columns), NO_MAP, field("code"));
  }

  private static String problem(Mapping mapping, Object key) {
    MappedRow row = mapping.map(Map.of(mapping.keyColumn(), key));
    assertThat(row.key()).isNull();
    return row.problems().get(0).message().code();
  }

  private static String refusal(Map<String, String> map, String... columns) {
    return catchThrowableOfType(
            UserErrorException.class, () -> Mapping.of(FORM, List.of(columns), map, field("code")))
        .reason()
        .code();
  }
}
