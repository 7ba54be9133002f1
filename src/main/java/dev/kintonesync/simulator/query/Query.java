package dev.kintonesync.simulator.query;

import java.util.List;
import java.util.OptionalLong;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A query as it was written. {@code toString} writes it as text that parses to an equal query.
 *
 * @param condition what records must satisfy, or null for all
 * @param order the keys of {@code order by}, empty without one
 * @param limit the records wanted, when said
 * @param offset the records skipped, when said
 */
public record Query(
    @Nullable Condition condition, List<SortKey> order, OptionalLong limit, OptionalLong offset) {

  public Query {
    order = List.copyOf(order);
  }

  /**
   * Reads a query; blank text asks for all records.
   *
   * @throws QueryException {@code CB_VA01} when it is no query; nothing else, whatever the text
   */
  public static Query parse(String text) {
    return new Parser(Lexer.tokens(text)).query();
  }

  /**
   * Checks the query against a form and makes it ready to run.
   *
   * @throws QueryException when the form has no such field or option, the field's type does not
   *     know the operator, a value cannot be one of the field, or limit or offset are out of range
   */
  public CompiledQuery compile(QuerySchema schema, Viewer viewer) {
    return new Compiler(schema, viewer).compile(this);
  }

  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(" ");
    if (condition != null) {
      text.add(condition.toString());
    }
    if (!order.isEmpty()) {
      text.add("order by " + String.join(", ", order.stream().map(SortKey::toString).toList()));
    }
    limit.ifPresent(count -> text.add("limit " + count));
    offset.ifPresent(count -> text.add("offset " + count));
    return text.toString();
  }
}
