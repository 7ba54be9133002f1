package dev.kintonesync.sync;

import dev.kintonesync.form.Field;
import java.util.Set;

/**
 * Which lookup fields are written again although their keys are unchanged, when the other app does
 * not hold any more what Kintone has copied from it.
 *
 * @param all whether it is every lookup field that the source fills
 * @param fields the codes of the only ones, otherwise
 */
public record Refresh(boolean all, Set<String> fields) {

  /** Copies stay as they were when their key was written. */
  public static final Refresh NONE = new Refresh(false, Set.of());

  /** Copies follow the other apps. */
  public static final Refresh ALL = new Refresh(true, Set.of());

  public Refresh {
    fields = Set.copyOf(fields);
  }

  /** Only the copies of these lookup fields follow the other apps. */
  public static Refresh of(Set<String> fields) {
    return new Refresh(false, fields);
  }

  /** Whether all copies stay as they are. */
  public boolean isNone() {
    return !all && fields.isEmpty();
  }

  /** Whether the copies of a field are to follow; never those of one that copies nothing. */
  public boolean covers(Field field) {
    return field.lookup() != null && (all || fields.contains(field.code()));
  }
}
