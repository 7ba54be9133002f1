package dev.kintonesync.simulator.query;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A field as a query sees it.
 *
 * @param kind its type
 * @param options the values it can have, for the types with options and for STATUS; empty means
 *     that any value may be asked for
 * @param table the code of the table (SUBTABLE or REFERENCE_TABLE) whose rows hold it, or null
 */
public record QueryField(FieldKind kind, Set<String> options, @Nullable String table) {

  public QueryField {
    options = Set.copyOf(options);
  }

  /** A field outside of tables that has no options. */
  public static QueryField of(FieldKind kind) {
    return new QueryField(kind, Set.of(), null);
  }

  /** This field with these options. */
  public QueryField withOptions(Set<String> values) {
    return new QueryField(kind, values, table);
  }

  /** This field in the rows of the table of that code. */
  public QueryField inTable(String code) {
    return new QueryField(kind, options, code);
  }
}
