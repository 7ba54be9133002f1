package dev.kintonesync.sync;

import org.jspecify.annotations.Nullable;

/**
 * What is done with a record that the source does not have any more.
 *
 * @param action what is done
 * @param field the code of the field that is set; null unless the action is {@link Action#SET}
 * @param value what it is set to, as a source would write it
 */
public record Removal(Action action, @Nullable String field, @Nullable String value) {

  /** It is only counted and listed. */
  public static final Removal REPORT = new Removal(Action.REPORT, null, null);

  /** The record is deleted. */
  public static final Removal DELETE = new Removal(Action.DELETE, null, null);

  /** The kinds of removal. */
  public enum Action {
    REPORT,
    SET,
    DELETE
  }

  /** It stays, with a field set to a value. */
  public static Removal set(String field, String value) {
    return new Removal(Action.SET, field, value);
  }

  /** As it is written in properties. */
  @Override
  public String toString() {
    return switch (action) {
      case REPORT -> "report";
      case DELETE -> "delete";
      case SET -> "set " + field + "=" + value;
    };
  }
}
