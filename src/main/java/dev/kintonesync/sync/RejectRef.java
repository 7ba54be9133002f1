package dev.kintonesync.sync;

import org.jspecify.annotations.Nullable;

/**
 * What stands in {@code _ref} of a rejected row: by it a row that comes back is known again.
 *
 * @param run the run that rejected it
 * @param row the number of the row in its source, as {@link Reject#number} has it
 * @param key the key it had, or null when it had none that could be read
 */
public record RejectRef(String run, long row, @Nullable String key) {

  /** As it is written: {@code 20261122-023114-customers/12/A-1}. */
  @Override
  public String toString() {
    return run + "/" + row + (key == null ? "" : "/" + key);
  }

  /** The row that a written reference names; 0 when it names none. */
  public static long rowOf(String written) {
    String[] parts = written.strip().split("/", 3);
    return parts.length > 1 && parts[1].matches("[0-9]{1,18}") ? Long.parseLong(parts[1]) : 0;
  }

  /** Returns the run and the row that a written reference names. */
  public static String place(String written) {
    String[] parts = written.strip().split("/", 3);
    return parts.length < 2 ? written.strip() : parts[0] + "/" + parts[1];
  }

  /** The key that a written reference names, or null when it names none. */
  public static @Nullable String keyOf(String written) {
    String[] parts = written.strip().split("/", 3);
    return parts.length < 3 ? null : parts[2];
  }
}
