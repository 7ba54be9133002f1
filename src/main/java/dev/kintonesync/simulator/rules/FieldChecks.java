package dev.kintonesync.simulator.rules;

import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.FieldType;
import dev.kintonesync.simulator.state.FormField;
import dev.kintonesync.simulator.state.StoredRecord;
import dev.kintonesync.simulator.state.TableRow;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The constraints of a form on a whole record, untouched fields included: an old record that breaks
 * a later rule refuses any update until it is mended.
 */
final class FieldChecks {
  /** A unique text holds at most 64 UTF-16 units; an emoji is two of them. */
  private static final int UNIQUE_TEXT_LENGTH = 64;

  private static final Pattern URL =
      Pattern.compile("(?:https?|ftp)://\\S+", Pattern.CASE_INSENSITIVE);
  private static final Pattern PHONE_NUMBER = Pattern.compile("[-+0-9()#*.,;= a-zA-Z]+");
  private static final Pattern ADDRESS = Pattern.compile("[^@\\s]+@[^@\\s]+");

  private final App app;
  private final Design design;
  private final Problems problems;

  FieldChecks(App app, Design design, Problems problems) {
    this.app = app;
    this.design = design;
    this.problems = problems;
  }

  /**
   * Notes every problem of a record.
   *
   * @param id the record's own, so that its unique values do not collide with themselves; 0 for a
   *     new one
   */
  void check(@Nullable Object[] cells, long id, ErrorPath place) {
    for (FormField field : design.form().fields()) {
      Object cell = field.slot() < cells.length ? cells[field.slot()] : null;
      check(field, cell, place);
      if (field.unique() && cell != null) {
        checkUnique(field, cell, id, place);
      }
    }
  }

  private void checkUnique(FormField field, Object cell, long id, ErrorPath place) {
    if (cell instanceof String text && text.length() > UNIQUE_TEXT_LENGTH) {
      problems.add(
          place.value(field.code()), FieldError.TOO_LONG, Integer.toString(UNIQUE_TEXT_LENGTH + 1));
      return;
    }
    StoredRecord holder = app.holderOf(field, cell);
    if (holder != null && holder.id() != id) {
      problems.add(place.value(field.code()), FieldError.NOT_UNIQUE);
    }
  }

  @SuppressWarnings("unchecked")
  private void check(FormField field, @Nullable Object cell, ErrorPath place) {
    if (!field.type().isInput()) {
      return;
    }
    if (cell == null) {
      checkEmpty(field, place);
      return;
    }
    switch (field.type().shape()) {
      case TEXT -> checkText(field, (String) cell, place);
      case NUMBER -> checkNumber(field, (BigDecimal) cell, place);
      case CHOICE -> {
        if (!field.options().contains((String) cell)) {
          problems.add(place.value(field.code()), FieldError.NOT_AN_OPTION, (String) cell);
        }
      }
      case CHOICES -> checkChoices(field, (List<String>) cell, place);
      case TABLE -> {
        int index = 0;
        for (TableRow row : (List<TableRow>) cell) {
          ErrorPath rowPlace = place.row(field.code(), index++);
          for (FormField inner : field.inner().values()) {
            check(inner, row.cell(inner), rowPlace);
          }
        }
      }
      default -> {}
    }
  }

  private void checkEmpty(FormField field, ErrorPath place) {
    if (field.required() && field.type() != FieldType.RADIO_BUTTON) {
      problems.add(requiredKey(field, place), FieldError.REQUIRED);
    }
    Integer minLength = field.minLength();
    if (minLength != null && minLength > 0) {
      problems.add(
          place.value(field.code()), FieldError.TOO_SHORT, Integer.toString(minLength - 1));
    }
  }

  private static String requiredKey(FormField field, ErrorPath place) {
    String value = place.value(field.code());
    return switch (field.type().shape()) {
      case CHOICES, FILES -> value + "s";
      case ENTITIES -> value + "s.value";
      default -> value;
    };
  }

  private void checkText(FormField field, String text, ErrorPath place) {
    Integer maxLength = field.maxLength();
    if (maxLength != null && text.length() > maxLength) {
      problems.add(place.value(field.code()), FieldError.TOO_LONG, Integer.toString(maxLength + 1));
    }
    Integer minLength = field.minLength();
    if (minLength != null && text.length() < minLength) {
      problems.add(
          place.value(field.code()), FieldError.TOO_SHORT, Integer.toString(minLength - 1));
    }
    if (field.type() == FieldType.LINK) {
      checkLink(field, text, place);
    }
  }

  private void checkLink(FormField field, String text, ErrorPath place) {
    String protocol = field.properties().path("protocol").asText("WEB");
    String key = place.value(field.code());
    switch (protocol) {
      case "CALL" -> {
        if (!PHONE_NUMBER.matcher(text).matches()) {
          problems.add(key, FieldError.NOT_A_PHONE_NUMBER);
        }
      }
      case "MAIL" -> {
        if (!ADDRESS.matcher(text).matches()) {
          problems.add(key, FieldError.NOT_AN_ADDRESS);
        }
      }
      default -> {
        if (!URL.matcher(text).matches()) {
          problems.add(key, FieldError.NOT_A_URL);
        }
      }
    }
  }

  private void checkNumber(FormField field, BigDecimal number, ErrorPath place) {
    String key = place.value(field.code());
    if (!design.precision().holds(number)) {
      problems.add(key, FieldError.TOO_MANY_DIGITS);
      return;
    }
    BigDecimal max = field.maxValue();
    if (max != null && number.compareTo(max) > 0) {
      problems.add(key, FieldError.TOO_LARGE, max.toPlainString());
    }
    BigDecimal min = field.minValue();
    if (min != null && number.compareTo(min) < 0) {
      problems.add(key, FieldError.TOO_SMALL, min.toPlainString());
    }
  }

  private void checkChoices(FormField field, List<String> chosen, ErrorPath place) {
    for (int k = 0; k < chosen.size(); k++) {
      if (!field.options().contains(chosen.get(k))) {
        problems.add(
            place.value(field.code()) + "s[" + k + "].value",
            FieldError.NOT_AN_OPTION,
            chosen.get(k));
      }
    }
  }
}
