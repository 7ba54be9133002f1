package dev.kintonesync.simulator.query;

/** One key of {@code order by}. */
public record SortKey(String field, boolean ascending) {
  @Override
  public String toString() {
    return field + (ascending ? " asc" : " desc");
  }
}
