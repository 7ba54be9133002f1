package dev.kintonesync.simulator.query;

import org.jspecify.annotations.Nullable;

/** The form of an app as far as queries need it. */
public interface QuerySchema {

  /**
   * The field of that code, or null when there is none. Fields in tables are asked for by their own
   * code; fields of related records by {@code TABLE.FIELD}. Never asked for {@code $id}.
   */
  @Nullable QueryField field(String code);

  /** The app code that may stand before a record number ({@code CODE-12}), or null without one. */
  default @Nullable String appCode() {
    return null;
  }

  /**
   * The form of a text in which {@code =} and {@code in} compare it; the text itself unless letter
   * case or width are to be ignored. An index that answers {@link KeyLookup} must hold this form.
   */
  default String folded(String text) {
    return text;
  }
}
