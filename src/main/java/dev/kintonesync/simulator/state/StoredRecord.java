package dev.kintonesync.simulator.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record as it is kept. It never changes: an update stores another one under the same id, so that
 * a reader may go on with the one it has.
 *
 * @param revision 1 for a new record
 * @param creator the creator's login name; likewise {@code modifier}
 * @param created to the minute; likewise {@code updated}
 * @param cells the values by slot, in the shapes of {@link FieldType.Shape}; not to be changed. It
 *     may be shorter than the form has slots: fields that came later are empty
 */
@SuppressWarnings("ArrayRecordComponent") // a list would cost 24 bytes a record and say no more
public record StoredRecord(
    long id,
    long revision,
    String creator,
    Instant created,
    String modifier,
    Instant updated,
    @Nullable Object[] cells) {

  /** The value of a field outside tables, null when empty. Not for system fields. */
  public @Nullable Object cell(FormField field) {
    return field.slot() < cells.length ? cells[field.slot()] : null;
  }
}
