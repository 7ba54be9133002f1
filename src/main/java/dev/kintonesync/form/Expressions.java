package dev.kintonesync.form;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A language in which a map says what no step of its own can say. */
public interface Expressions {

  /** Where there is no such language: a map that uses it is refused. */
  Expressions NONE =
      new Expressions() {
        @Override
        public void check(String text) {
          throw new IllegalStateException("no language for " + text);
        }

        @Override
        public @Nullable Object evaluate(
            String text, @Nullable Object value, Map<String, ? extends @Nullable Object> row) {
          throw new IllegalStateException("no language for " + text);
        }
      };

  /**
   * Looks at an expression before the first row.
   *
   * @throws dev.kintonesync.message.UserErrorException when it cannot be read: where, and why
   */
  void check(String text);

  /**
   * What an expression makes of a value.
   *
   * @param value the value so far
   * @param row the values of the row by column
   * @throws ConversionException when it fails on this row
   */
  @Nullable Object evaluate(
      String text, @Nullable Object value, Map<String, ? extends @Nullable Object> row)
      throws ConversionException;
}
