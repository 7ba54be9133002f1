package dev.kintonesync.simulator.query;

import dev.kintonesync.simulator.query.Condition.Comparison;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks comparisons against their fields and makes them ready. */
final class Comparisons {

  private final Literals literals;

  Comparisons(Literals literals) {
    this.literals = literals;
  }

  /**
   * The test of a comparison.
   *
   * @param field the field that the comparison names
   * @param code the code under which records or rows know that field
   * @throws QueryException for the first of: an option that does not exist, an operator that the
   *     type does not know, a value that the type cannot have
   */
  ReadyComparison of(Comparison comparison, QueryField field, String code) {
    checkOptions(comparison, field);
    checkOperator(comparison, field);
    Operator operator = comparison.operator();
    List<Operand> operands =
        comparison.operands().stream()
            .filter(operand -> !literals.isIgnored(field.kind(), operand))
            .toList();
    if (operands.size() < comparison.operands().size() && operands.isEmpty()) {
      return ReadyComparison.IGNORED;
    }
    return switch (operator.positive()) {
      case IS_EMPTY -> ReadyComparison.of(field, operator, row -> isBlank(row.value(code)));
      case LIKE -> like(operator, field, code, Literals.text(operands.get(0)));
      case EQUAL, IN -> oneOf(operator, field, code, operands);
      default -> range(operator, field, code, operands.get(0));
    };
  }

  private static void checkOptions(Comparison comparison, QueryField field) {
    if (field.options().isEmpty()) {
      return;
    }
    for (Operand operand : comparison.operands()) {
      String value = Literals.text(operand);
      if (!value.isEmpty() && !field.options().contains(value)) {
        throw QueryException.option(comparison.field(), value);
      }
    }
  }

  private static void checkOperator(Comparison comparison, QueryField field) {
    Operator operator = comparison.operator();
    boolean inTable = field.table() != null;
    if (!field.kind().allows(operator, inTable)) {
      throw QueryException.operator(comparison.field(), operator);
    }
    if (inTable && operator.positive() == Operator.EQUAL) {
      throw QueryException.operatorInTable(comparison.field(), operator);
    }
  }

  private static ReadyComparison like(
      Operator operator, QueryField field, String code, String keyword) {
    if (keyword.isEmpty()) {
      return ReadyComparison.of(field, operator, row -> row.searchText(code).isEmpty());
    }
    SearchWords words = SearchWords.of(keyword);
    return ReadyComparison.of(field, operator, row -> words.foundIn(row.searchText(code)));
  }

  private ReadyComparison oneOf(
      Operator operator, QueryField field, String code, List<Operand> operands) {
    OneOf oneOf = new OneOf(literals, field.kind(), operands);
    ReadyComparison test = ReadyComparison.of(field, operator, row -> oneOf.test(row.value(code)));
    Set<Object> values = oneOf.values();
    boolean answerable = values != null && field.table() == null && !operator.negative();
    if (values == null || !answerable) {
      return test;
    }
    return switch (field.kind()) {
      case ID, RECORD_NUMBER -> test.withLookup(new KeyLookup("$id", values));
      case SINGLE_LINE_TEXT, LINK, NUMBER, DATE, DATETIME ->
          test.withLookup(new KeyLookup(code, values));
      default -> test;
    };
  }

  private ReadyComparison range(Operator operator, QueryField field, String code, Operand operand) {
    Span span = literals.span(field.kind(), operand);
    ReadyComparison test =
        ReadyComparison.of(
            field,
            operator,
            row -> {
              Object value = row.value(code);
              return value != null && span.test(operator, literals.comparable(field.kind(), value));
            });
    return field.table() == null && span.first() instanceof Long id
        ? test.withIds(IdRange.of(operator, id))
        : test;
  }

  /** Text of nothing but blanks and line breaks counts as empty here, unlike for {@code = ""}. */
  private static boolean isBlank(@Nullable Object value) {
    if (value instanceof Collection<?> values) {
      return values.isEmpty();
    }
    return value == null || value.toString().isBlank();
  }
}
