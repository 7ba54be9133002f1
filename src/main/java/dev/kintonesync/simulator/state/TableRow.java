package dev.kintonesync.simulator.state;

import org.jspecify.annotations.Nullable;

/**
 * A row of a table.
 *
 * @param id unique in the domain, never reused
 * @param cells the values by the inner fields' slots; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record TableRow(long id, @Nullable Object[] cells) {

  /** The value of a field of the table, null when empty. */
  public @Nullable Object cell(FormField inner) {
    return inner.slot() < cells.length ? cells[inner.slot()] : null;
  }
}
