package dev.kintonesync.simulator.query;

import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * A query ready to run over the records of one app; may be used by several threads. The hints
 * ({@code ids}, {@code lookups}) only say where matches can be found: {@link #matches} has the last
 * word on every record.
 *
 * @param condition what matches
 * @param order the order of the result; no two records are equal in it
 * @param idOrder whether that order is the order of the record numbers
 * @param limit the records wanted, 0 to 500; 100 when the query does not say
 * @param offset the records skipped, 0 to 10,000
 * @param paged whether the query says a limit or an offset
 * @param ids the record numbers among which all matches lie
 * @param lookups conditions that all matches satisfy and that an index may answer
 * @param searchesText whether {@code like} is involved, whose results Kintone cuts off at 100,000
 */
public record CompiledQuery(
    Predicate<QueryRecord> condition,
    Comparator<QueryRecord> order,
    IdOrder idOrder,
    int limit,
    int offset,
    boolean paged,
    IdRange ids,
    List<KeyLookup> lookups,
    boolean searchesText) {

  /** How the result runs through the record numbers. */
  public enum IdOrder {
    ASCENDING,
    DESCENDING,
    /** by other fields first */
    OTHER
  }

  public CompiledQuery {
    lookups = List.copyOf(lookups);
  }

  /** Whether the record satisfies the condition of the query. */
  public boolean matches(QueryRecord candidate) {
    return condition.test(candidate);
  }
}
