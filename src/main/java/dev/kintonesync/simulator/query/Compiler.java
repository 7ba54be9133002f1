package dev.kintonesync.simulator.query;

import dev.kintonesync.simulator.query.CompiledQuery.IdOrder;
import dev.kintonesync.simulator.query.Condition.And;
import dev.kintonesync.simulator.query.Condition.Comparison;
import dev.kintonesync.simulator.query.Condition.Or;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Checks a query from left to right, so that the first of several faults is told, and compiles. */
final class Compiler {

  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 500;
  private static final int MAX_OFFSET = 10_000;

  private final QuerySchema schema;
  private final Literals literals;
  private final Comparisons comparisons;
  private final List<KeyLookup> lookups = new ArrayList<>();
  private IdRange ids = IdRange.ALL;
  private boolean searchesText;

  Compiler(QuerySchema schema, Viewer viewer) {
    this.schema = schema;
    this.literals = new Literals(schema, viewer);
    this.comparisons = new Comparisons(literals);
  }

  CompiledQuery compile(Query query) {
    int limit = atMost(query.limit(), DEFAULT_LIMIT, MAX_LIMIT, QueryException::limit);
    int offset = atMost(query.offset(), 0, MAX_OFFSET, QueryException::offset);
    Condition condition = query.condition();
    Predicate<QueryRecord> matches = candidate -> true;
    if (condition instanceof And and) {
      matches = and(and.parts(), true);
    } else if (condition != null) {
      matches = and(List.of(condition), true);
    }
    return new CompiledQuery(
        matches,
        order(query.order()),
        idOrder(query.order()),
        limit,
        offset,
        query.limit().isPresent() || query.offset().isPresent(),
        ids,
        lookups,
        searchesText);
  }

  private static int atMost(
      OptionalLong given, int standard, int max, LongFunction<QueryException> refusal) {
    long value = given.orElse(standard);
    if (value > max) {
      throw refusal.apply(value);
    }
    return (int) value;
  }

  private Predicate<QueryRecord> condition(Condition condition) {
    if (condition instanceof And and) {
      return and(and.parts(), false);
    }
    if (condition instanceof Or or) {
      return any(or.parts().stream().map(this::condition).toList());
    }
    return test((Comparison) condition).ofRecord();
  }

  /**
   * Conditions on one table that are joined by {@code and} must hold in the same row.
   *
   * @param ofQuery whether every match of the query must satisfy the parts, so that they may serve
   *     as hints
   */
  private Predicate<QueryRecord> and(List<Condition> parts, boolean ofQuery) {
    List<Predicate<QueryRecord>> all = new ArrayList<>();
    Map<String, List<Predicate<QueryRow>>> rows = new LinkedHashMap<>();
    for (Condition part : parts) {
      if (part instanceof Comparison comparison) {
        ReadyComparison test = test(comparison);
        if (ofQuery) {
          addHints(test);
        }
        if (test.table() != null && !test.negative()) {
          rows.computeIfAbsent(test.table(), table -> new ArrayList<>()).add(test.row());
        } else {
          all.add(test.ofRecord());
        }
      } else {
        all.add(condition(part));
      }
    }
    rows.forEach(
        (table, tests) ->
            all.add(candidate -> candidate.rows(table).stream().anyMatch(all(tests))));
    return all(all);
  }

  // loops instead of Predicate.and and or, which would call each other as deep as a query is long
  private static <T> Predicate<T> all(List<Predicate<T>> parts) {
    return value -> {
      for (Predicate<T> part : parts) {
        if (!part.test(value)) {
          return false;
        }
      }
      return true;
    };
  }

  private static <T> Predicate<T> any(List<Predicate<T>> parts) {
    return value -> {
      for (Predicate<T> part : parts) {
        if (part.test(value)) {
          return true;
        }
      }
      return false;
    };
  }

  private void addHints(ReadyComparison test) {
    ids = ids.and(test.ids());
    if (test.lookup() != null) {
      lookups.add(test.lookup());
    }
  }

  private ReadyComparison test(Comparison comparison) {
    QueryField field = field(comparison.field());
    ReadyComparison test = comparisons.of(comparison, field, codeInRow(comparison.field()));
    searchesText |= comparison.operator().positive() == Operator.LIKE;
    return test;
  }

  /**
   * The field of a code, which may be {@code $id} or lie in related records ({@code table.field}).
   */
  private QueryField field(String code) {
    if (code.equals("$id")) {
      return QueryField.of(FieldKind.ID);
    }
    int dot = code.indexOf('.');
    if (dot >= 0) {
      QueryField table = known(code.substring(0, dot));
      if (table.kind() != FieldKind.REFERENCE_TABLE) {
        throw QueryException.notRelatedRecords(code.substring(0, dot));
      }
    }
    return known(code);
  }

  private QueryField known(String code) {
    QueryField field = schema.field(code);
    if (field == null) {
      throw QueryException.unknownField(code);
    }
    return field;
  }

  private static String codeInRow(String code) {
    return code.substring(code.indexOf('.') + 1);
  }

  private Comparator<QueryRecord> order(List<SortKey> keys) {
    List<Comparator<QueryRecord>> byKeys = keys.stream().map(this::order).toList();
    return (one, other) -> {
      for (Comparator<QueryRecord> byKey : byKeys) {
        int order = byKey.compare(one, other);
        if (order != 0) {
          return order;
        }
      }
      return Long.compare(other.id(), one.id());
    };
  }

  /** Records without a value come first in ascending order, last in descending order. */
  private Comparator<QueryRecord> order(SortKey key) {
    QueryField field = field(key.field());
    if (!field.kind().sortable() || field.table() != null) {
      throw QueryException.invalid("cannot sort by " + key.field());
    }
    Comparator<QueryRecord> ascending =
        Comparator.comparing(
            candidate -> sortValue(field.kind(), candidate.value(key.field())),
            Comparator.nullsFirst(Comparator.naturalOrder()));
    return key.ascending() ? ascending : ascending.reversed();
  }

  private @Nullable Comparable<Object> sortValue(FieldKind kind, @Nullable Object value) {
    return value == null || value.equals("")
        ? null
        : Span.ordered(literals.comparable(kind, value));
  }

  private IdOrder idOrder(List<SortKey> keys) {
    if (keys.isEmpty()) {
      return IdOrder.DESCENDING;
    }
    FieldKind first = field(keys.get(0).field()).kind();
    if (first != FieldKind.ID && first != FieldKind.RECORD_NUMBER) {
      return IdOrder.OTHER;
    }
    return keys.get(0).ascending() ? IdOrder.ASCENDING : IdOrder.DESCENDING;
  }
}
