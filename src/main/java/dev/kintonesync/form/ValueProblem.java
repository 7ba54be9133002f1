package dev.kintonesync.form;

import dev.kintonesync.message.UserMessage;
import org.jspecify.annotations.Nullable;

/**
 * Something about one value of a source record that a person has to know.
 *
 * @param column the source's column; null when no column goes to the field
 * @param field the field's code
 * @param message what is wrong with which value, and what was expected
 */
public record ValueProblem(@Nullable String column, String field, UserMessage message) {}
