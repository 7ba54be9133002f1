package dev.kintonesync.simulator.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.kintonesync.simulator.query.Condition.And;
import dev.kintonesync.simulator.query.Condition.Comparison;
import dev.kintonesync.simulator.query.Condition.Or;
import dev.kintonesync.simulator.query.TestForm.Row;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** What holds for every query, every text and every record. */
@PropertyDefaults(tries = 300, edgeCases = EdgeCasesMode.NONE)
class QueryPropertiesTest {

  @Property
  void whatIsPrintedIsReadAsTheSame(@ForAll("queries") Query query) {
    assertThat(Query.parse(query.toString())).isEqualTo(query);
  }

  @Property(edgeCases = EdgeCasesMode.MIXIN)
  void anyTextIsAQueryOrRefused(@ForAll String text) {
    assertReadsOrRefuses(text);
  }

  @Property(tries = 3000)
  void anyWordsAreAQueryOrRefused(@ForAll("words") String text) {
    assertReadsOrRefuses(text);
  }

  @Property
  void aQueryWithAPieceCutOutOrDoubledIsAQueryOrRefused(
      @ForAll("queries") Query query, @ForAll int from, @ForAll int to) {
    String text = query.toString();
    int start = Math.floorMod(from, text.length() + 1);
    int end = Math.floorMod(to, text.length() + 1);

    assertReadsOrRefuses(text.substring(0, start) + text.substring(end));
  }

  @Property
  void anyQueryIsAllowedOrRefusedByTheForm(@ForAll("queries") Query query) {
    try {
      query.compile(new TestForm(), TestForm.SATO);
    } catch (QueryException refused) {
      assertThat(refused.code()).matches("GAIA_(IL08|IQ(03|07|10|11|23|25)|IR02|QU0[12])");
    }
  }

  @Property
  void everyMatchIsWhereTheHintsSay(
      @ForAll("questions") Condition question, @ForAll("records") Row record) {
    CompiledQuery query = TestForm.compile(question.toString());

    if (query.matches(record)) {
      assertThat(record.id()).isBetween(query.ids().first(), query.ids().last());
      for (KeyLookup lookup : query.lookups()) {
        Object value = record.value(lookup.field());
        assertThat(lookup.values().contains(value instanceof BigDecimal n ? strip(n) : value))
            .isTrue();
      }
    }
  }

  @Property
  void aComparisonAndItsOppositeShareTheRecords(
      @ForAll("negatable") Comparison comparison, @ForAll("records") Row record) {
    Operator opposite =
        switch (comparison.operator()) {
          case EQUAL -> Operator.NOT_EQUAL;
          case LIKE -> Operator.NOT_LIKE;
          case IS_EMPTY -> Operator.IS_NOT_EMPTY;
          default -> Operator.NOT_IN;
        };
    Comparison negated = new Comparison(comparison.field(), opposite, comparison.operands());

    assertThat(matches(comparison, record)).isNotEqualTo(matches(negated, record));
  }

  @Property
  void andAndOrMeanAndAndOr(
      @ForAll("questions") Condition one,
      @ForAll("questions") Condition other,
      @ForAll("records") Row record) {
    boolean first = matches(one, record);
    boolean second = matches(other, record);

    assertThat(matches(new And(List.of(one, other)), record)).isEqualTo(first && second);
    assertThat(matches(new Or(List.of(one, other)), record)).isEqualTo(first || second);
  }

  @Property(tries = 200)
  void recordsHaveOneOrder(
      @ForAll("sortKeys") List<SortKey> keys,
      @ForAll @Size(max = 40) List<@From("records") Row> records) {
    Query query = new Query(null, keys, OptionalLong.empty(), OptionalLong.empty());
    CompiledQuery compiled = query.compile(new TestForm(), TestForm.SATO);
    List<Row> sorted = new ArrayList<>(records);
    sorted.sort(compiled.order());
    for (int i = 0; i < sorted.size(); i++) {
      for (int j = i + 1; j < sorted.size(); j++) {
        assertThat(compiled.order().compare(sorted.get(i), sorted.get(j))).isLessThanOrEqualTo(0);
      }
    }
  }

  private static void assertReadsOrRefuses(String text) {
    try {
      Query query = Query.parse(text);
      assertThatCode(() -> Query.parse(query.toString())).doesNotThrowAnyException();
    } catch (QueryException refused) {
      assertThat(refused.code()).isEqualTo("CB_VA01");
    }
  }

  private static boolean matches(Condition condition, Row record) {
    return TestForm.compile(condition.toString()).matches(record);
  }

  private static BigDecimal strip(BigDecimal number) {
    return number.stripTrailingZeros();
  }

  @Provide
  Arbitrary<Query> queries() {
    return Combinators.combine(
            conditions(3).injectNull(0.1),
            Combinators.combine(fieldCodes(), Arbitraries.of(true, false))
                .as(SortKey::new)
                .list()
                .ofMaxSize(3),
            counts(),
            counts())
        .as(Query::new);
  }

  private static Arbitrary<OptionalLong> counts() {
    return Arbitraries.longs()
        .between(0, 20_000)
        .map(OptionalLong::of)
        .injectNull(0.5)
        .map(count -> count == null ? OptionalLong.empty() : count);
  }

  private static Arbitrary<Condition> conditions(int depth) {
    Arbitrary<Condition> comparisons = comparisons().map(comparison -> comparison);
    if (depth == 0) {
      return comparisons;
    }
    Arbitrary<List<Condition>> parts =
        Arbitraries.lazy(() -> conditions(depth - 1)).list().ofMinSize(2).ofMaxSize(4);
    return Arbitraries.oneOf(comparisons, parts.map(And::new), parts.map(Or::new));
  }

  private static Arbitrary<Comparison> comparisons() {
    return Arbitraries.of(Operator.class)
        .flatMap(
            operator ->
                Combinators.combine(fieldCodes(), operands(operator))
                    .as((field, operands) -> new Comparison(field, operator, operands)));
  }

  private static Arbitrary<List<Operand>> operands(Operator operator) {
    return switch (operator.positive()) {
      case IS_EMPTY -> Arbitraries.just(List.of());
      case IN -> operand().list().ofMinSize(1).ofMaxSize(5);
      default -> operand().list().ofSize(1);
    };
  }

  private static Arbitrary<Operand> operand() {
    Arbitrary<Operand> texts =
        Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(8),
                Arbitraries.strings().withChars("\"\\\t\n\r 'n東").ofMaxLength(8))
            .map(Operand.Text::new);
    Arbitrary<Operand> figures =
        Arbitraries.bigDecimals().map(number -> new Operand.Figure(number.toString()));
    Arbitrary<Operand> calls =
        Combinators.combine(
                Arbitraries.of(QueryFunction.class),
                Arbitraries.of("DAYS", "WEEKS", "LAST", "MONDAY", "1", "31", "-5", "1.5")
                    .list()
                    .ofMaxSize(3))
            .as(Operand.Call::new);
    return Arbitraries.oneOf(texts, figures, calls);
  }

  private static Arbitrary<String> fieldCodes() {
    Arbitrary<String> any =
        Arbitraries.strings()
            .withCharRange('a', 'z')
            .withCharRange('0', '9')
            .withChars("_・ー々価格＄￥がＡ１")
            .ofMinLength(1)
            .ofMaxLength(6)
            .filter(code -> !Character.isDigit(code.charAt(0)) || code.charAt(0) > '9');
    return Arbitraries.oneOf(
        any,
        Arbitraries.of("$id", "No", "K", "Q", "d", "dt", "t", "a", "b", "orders.K", "chk", "user"),
        Arbitraries.of("limit", "order", "by", "and", "or", "in", "not", "like", "is", "empty"));
  }

  /** Words that a query is made of, in any order. */
  @Provide
  Arbitrary<String> words() {
    return Arbitraries.of(
            "$id",
            "K",
            "Q",
            "and",
            "or",
            "(",
            ")",
            "=",
            "!=",
            ">",
            "<=",
            "in",
            "not",
            "like",
            "is",
            "empty",
            "order",
            "by",
            "asc",
            "desc",
            "limit",
            "offset",
            ",",
            "\"x\"",
            "\"",
            "\\",
            "5",
            "-1.5",
            "TODAY()",
            "FROM_TODAY(1, DAYS)",
            "TODAY",
            "'",
            "\t",
            "\u3000",
            "in (",
            "\"\"")
        .list()
        .ofMaxSize(12)
        .map(words -> words.stream().collect(Collectors.joining(" ")));
  }

  @Provide
  Arbitrary<Comparison> negatable() {
    return Arbitraries.of(
            "K = \"a\"",
            "K in (\"a\", \"\")",
            "K like \"a\"",
            "Q = 1.0",
            "Q in (1, \"\")",
            "$id in (1, 2, 3)",
            "chk in (\"a\", \"b\")",
            "drop in (\"\")",
            "d = THIS_MONTH()",
            "dt = \"\"",
            "notes is empty")
        .map(text -> (Comparison) Query.parse(text).condition());
  }

  /** Conditions of the record itself that the form allows. */
  @Provide
  Arbitrary<Condition> questions() {
    Arbitrary<Condition> single =
        Arbitraries.of(
                "$id > 2",
                "$id <= 4",
                "No = 3",
                "No in (1, \"CRM-2\")",
                "K = \"a\"",
                "K != \"\"",
                "K not in (\"a\")",
                "K in (\"a\", \"b\")",
                "Q = 1.0",
                "Q in (1, 2.50)",
                "Q > 1",
                "Q <= 2",
                "$id != 3",
                "d = TODAY()",
                "dt < NOW()",
                "chk in (\"a\")",
                "drop not in (\"A\")")
            .map(text -> Query.parse(text).condition());
    Arbitrary<List<Condition>> parts = single.list().ofMinSize(2).ofMaxSize(4);
    Arbitrary<Condition> flat = Arbitraries.oneOf(single, parts.map(And::new), parts.map(Or::new));
    Arbitrary<List<Condition>> deep = flat.list().ofSize(2);
    return Arbitraries.oneOf(flat, deep.map(And::new), deep.map(Or::new));
  }

  @Provide
  Arbitrary<List<SortKey>> sortKeys() {
    return Combinators.combine(
            Arbitraries.of("K", "Q", "d", "dt", "drop", "$id"), Arbitraries.of(true, false))
        .as(SortKey::new)
        .list()
        .ofMaxSize(3);
  }

  @Provide
  Arbitrary<Row> records() {
    return Combinators.combine(
            Arbitraries.longs().between(1, 6),
            Arbitraries.of("a", "b", "").injectNull(0.3),
            Arbitraries.of("1", "1.00", "2.5", "-3").map(BigDecimal::new).injectNull(0.3),
            Arbitraries.of("2026-04-23", "2026-04-24").map(LocalDate::parse).injectNull(0.3),
            Arbitraries.of("2026-04-23T15:31:00Z", "2026-04-23T15:32:00Z")
                .map(Instant::parse)
                .injectNull(0.3),
            Arbitraries.of("a", "b", "c").list().ofMaxSize(2).uniqueElements(),
            Arbitraries.of("A", "B").injectNull(0.3))
        .as(
            (id, k, q, d, dt, chk, drop) ->
                TestForm.row(id)
                    .with("K", k)
                    .with("Q", q)
                    .with("d", d)
                    .with("dt", dt)
                    .with("chk", chk)
                    .with("drop", drop));
  }
}
