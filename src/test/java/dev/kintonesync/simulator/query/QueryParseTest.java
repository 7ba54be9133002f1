package dev.kintonesync.simulator.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kintonesync.simulator.query.Condition.And;
import dev.kintonesync.simulator.query.Condition.Comparison;
import dev.kintonesync.simulator.query.Condition.Or;
import dev.kintonesync.simulator.query.Operand.Call;
import dev.kintonesync.simulator.query.Operand.Text;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is a query, and what is none. */
class QueryParseTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "\u3000\r\n\t"})
  void blankTextAsksForAll(String text) {
    assertThat(Query.parse(text))
        .isEqualTo(new Query(null, List.of(), OptionalLong.empty(), OptionalLong.empty()));
  }

  @Test
  void aSeekByIdHasAllItsParts() {
    Query query = Query.parse("(K = \"x\" or Q > 5) and $id > 12 order by $id asc limit 500");

    assertThat(query.condition())
        .isEqualTo(
            new And(
                List.of(
                    new Or(
                        List.of(
                            comparison("K", Operator.EQUAL, new Text("x")),
                            comparison("Q", Operator.GREATER, new Operand.Figure("5")))),
                    comparison("$id", Operator.GREATER, new Operand.Figure("12")))));
    assertThat(query.order()).containsExactly(new SortKey("$id", true));
    assertThat(query.limit()).hasValue(500);
    assertThat(query.offset()).isEmpty();
  }

  @Test
  void andBindsTighterThanOr() {
    assertThat(Query.parse("a = 1 or b = 2 and c = 3").condition()).isInstanceOf(Or.class);
    assertThat(Query.parse("a = 1 or b = 2 and c = 3"))
        .isEqualTo(Query.parse("a = 1 or (b = 2 and c = 3)"))
        .isNotEqualTo(Query.parse("(a = 1 or b = 2) and c = 3"));
  }

  @Test
  void everyOperatorIsRead() {
    for (Operator operator : Operator.values()) {
      String operand =
          switch (operator.positive()) {
            case IS_EMPTY -> "";
            case IN -> "(\"x\")";
            default -> "\"x\"";
          };
      Comparison comparison =
          (Comparison) Query.parse("f " + operator.symbol() + " " + operand).condition();
      assertThat(comparison.operator()).isEqualTo(operator);
    }
  }

  @Test
  void tokensNeedNoBlanksAndTakeAnyBlank() {
    Query plain = Query.parse("顧客名 = \"x\" and Q >= -1.5 order by Q asc, K desc limit 5 offset 10");

    assertThat(
            Query.parse(
                "顧客名=\"x\"\tand\r\n\u3000Q>=-1.5 order by Q asc,K desc\u3000limit 5 offset 10"))
        .isEqualTo(plain);
  }

  @Test
  void keywordsMayBeUpperCase() {
    assertThat(Query.parse("K IN (\"a\") AND Q NOT IN (1) ORDER BY K ASC LIMIT 1 OFFSET 2"))
        .isEqualTo(Query.parse("K in (\"a\") and Q not in (1) order by K asc limit 1 offset 2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit", "offset", "order", "by", "and", "or", "not", "in", "like", "is"})
  void aFieldMayBeCalledLikeAKeyword(String code) {
    Query query = Query.parse(code + " = 1 and " + code + " > 0 order by " + code + " asc");

    assertThat(query.condition())
        .isEqualTo(
            new And(
                List.of(
                    comparison(code, Operator.EQUAL, new Operand.Figure("1")),
                    comparison(code, Operator.GREATER, new Operand.Figure("0")))));
    assertThat(query.order()).containsExactly(new SortKey(code, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "レコード番号",
        "Record_number",
        "氏名・カナ",
        "価格＄",
        "価格￥",
        "金額€",
        "＿内部",
        "ﾌﾘｶﾞﾅ",
        "々",
        "がぎ",
        "品番１"
      })
  void fieldCodesOfKintoneAreNames(String code) {
    assertThat(Query.parse(code + " = \"x\"").condition())
        .isEqualTo(comparison(code, Operator.EQUAL, new Text("x")));
  }

  @Test
  void escapesOfStringsAreResolved() {
    assertThat(Query.parse("K = \"a\\\"b\\\\c\\td\\ne\\rf'g\"").condition())
        .isEqualTo(comparison("K", Operator.EQUAL, new Text("a\"b\\c\td\ne\rf'g")));
  }

  @Test
  void functionsKeepTheirArguments() {
    assertThat(Query.parse("d in (FROM_TODAY(-3, WEEKS), TODAY())").condition())
        .isEqualTo(
            comparison(
                "d",
                Operator.IN,
                new Call(QueryFunction.FROM_TODAY, List.of("-3", "WEEKS")),
                new Call(QueryFunction.TODAY, List.of())));
  }

  @Test
  void withoutADirectionAKeySortsDescending() {
    assertThat(Query.parse("order by K").order()).containsExactly(new SortKey("K", false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "K = 'x'",
        "K = \"a\tb\"",
        "K = \"a\nb\"",
        "K = \"a\rb\"",
        "K = \"open",
        "K = \"a\\",
        "K = \"a\\qb\"",
        "`K` = \"x\"",
        "K == 1",
        "K <> 1",
        "K ! 1",
        "K",
        "K =",
        "K = other",
        "= 1",
        "K = 1 and",
        "and K = 1",
        "K = 1 K = 2",
        "(K = 1",
        "K = 1)",
        "()",
        "K in ()",
        "K in \"a\"",
        "K in (\"a\",)",
        "K in (\"a\"",
        "K is null",
        "K is not",
        "K not = 1",
        "K not empty",
        "5 = 5",
        "\"K\" = 1",
        "1K = 1",
        "K = 1x",
        "K = 1.",
        "K = -",
        "K = +1",
        "K = TODAY",
        "K = today()",
        "K = SOME()",
        "K = FROM_TODAY(1,)",
        "K = FROM_TODAY(1, \"DAYS\")",
        "K = 1 order K",
        "K = 1 order by",
        "order by K asc,",
        "order by K up",
        "order by 1",
        "limit",
        "limit -1",
        "limit 1.5",
        "limit \"5\"",
        "limit 99999999999999999999",
        "offset -1",
        "limit 1 limit 2",
        "limit 5 order by K asc",
        "offset 5 limit 5",
        "limit 5 K = 1",
        "order by K asc K = 1",
        "order by K asc and K = 1",
        "K = 1;",
        "K\u0000 = 1",
        "K　名 = 1",
        "（K = 1）",
      })
  void whatIsNoQueryIsRefused(String text) {
    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> Query.parse(text))
        .returns("CB_VA01", QueryException::code);
  }

  @ParameterizedTest
  @CsvSource({"201", "100000"})
  void tooManyParenthesesAreRefused(int depth) {
    String text = "(".repeat(depth) + "K = 1" + ")".repeat(depth);

    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> Query.parse(text))
        .returns("CB_VA01", QueryException::code);
  }

  @Test
  void manyParenthesesNextToEachOtherAreFine() {
    String text = "(K = \"1\") or ".repeat(10_000) + "(".repeat(200) + "Q = 1" + ")".repeat(200);

    assertThat(Query.parse(text).condition())
        .isInstanceOfSatisfying(Or.class, or -> assertThat(or.parts()).hasSize(10_001));
  }

  private static Comparison comparison(String field, Operator operator, Operand... operands) {
    return new Comparison(field, operator, List.of(operands));
  }
}
