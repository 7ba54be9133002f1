package dev.kintonesync.form;

import dev.kintonesync.message.UserMessage;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with one value.
 *
 * @param column the source's column; null when no column goes to the field
 * @param field the field's code
 * @param message what is wrong with which value, and what was expected
 * @param row the index of the row with the value among the rows of its record
 */
public record ValueProblem(@Nullable String column, String field, UserMessage message, int row) {

  /** A problem in the first row. */
  public ValueProblem(@Nullable String column, String field, UserMessage message) {
    this(column, field, message, 0);
  }
}
