package dev.kintonesync.simulator.query;

import java.util.List;

/** A record as a query sees it. */
public interface QueryRecord extends QueryRow {

  /** The record's number, which orders records that nothing else orders. */
  long id();

  /** The rows of a table, or the related records of a related-records field; by its code. */
  List<? extends QueryRow> rows(String table);
}
