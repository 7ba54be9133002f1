package dev.kintonesync.form;

import dev.kintonesync.message.Blank;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the field of a column by the values of a sample: postal codes, telephone numbers, mail and
 * web addresses, dates and times, the options of a choice. A pair is guessed only where the column
 * fits one free field alone, and the field fits that column alone.
 */
final class ContentGuess {
  private static final Pattern POSTAL_CODE = Pattern.compile("〒?\\s*\\d{3}-?\\d{4}");
  private static final Pattern TELEPHONE =
      Pattern.compile("(\\+\\d{1,3}[- ]?|\\(?0)\\d{1,4}[-)( ]*\\d{1,4}[-) ]*\\d{3,4}");
  private static final Pattern MAIL = Pattern.compile("[^@\\s]+@[^@\\s]+\\.[^@\\s]+");
  private static final Pattern WEB = Pattern.compile("(?i)https?://\\S+");
  private static final Pattern MOMENT = Pattern.compile(".*\\d[-/.年:]\\d.*");

  /** What texts of one kind look like, and what a field for them is called. */
  private enum Kind {
    POSTAL(POSTAL_CODE, "郵便|〒|postal|post_?code|zip"),
    TEL(TELEPHONE, "電話|携帯|tel|phone|mobile"),
    EMAIL(MAIL, "メール|mail"),
    URL(WEB, "url|web|ホームページ|サイト|site");

    private final Pattern values;
    private final Pattern names;

    Kind(Pattern values, String names) {
      this.values = values;
      this.names = Pattern.compile(names, Pattern.CASE_INSENSITIVE);
    }

    boolean isCalledSo(Field field) {
      return names.matcher(field.code()).find() || names.matcher(field.label()).find();
    }
  }

  private ContentGuess() {}

  /**
   * Guesses fields of columns.
   *
   * @param columns the columns without a field, each with its values in the order of the sample
   * @param free the fields without a column
   * @return column to field, in the order of the columns
   */
  static Map<String, Field> of(Map<String, List<String>> columns, Collection<Field> free) {
    var guessed = new LinkedHashMap<String, Field>();
    columns.forEach(
        (column, values) -> {
          List<Field> fits = free.stream().filter(field -> fits(field, values)).toList();
          if (fits.size() == 1
              && columns.values().stream().filter(other -> fits(fits.get(0), other)).count() == 1) {
            guessed.put(column, fits.get(0));
          }
        });
    return guessed;
  }

  /**
   * The first column whose values tell all rows apart, as the key does.
   *
   * @param columns the columns without a field, each with its values in the order of the sample
   * @param grouped whether rows with one value below each other are one record
   */
  static @Nullable String key(Map<String, List<String>> columns, Field key, boolean grouped) {
    for (var column : columns.entrySet()) {
      List<String> values = column.getValue();
      if (tellsApart(values, grouped) && values.stream().allMatch(value -> takes(key, value))) {
        return column.getKey();
      }
    }
    return null;
  }

  private static boolean tellsApart(List<String> values, boolean grouped) {
    var seen = new HashSet<String>();
    String before = "";
    for (String value : values) {
      boolean goesOn = grouped && value.equals(before);
      if (value.isEmpty() || (!goesOn && !seen.add(value))) {
        return false;
      }
      before = value;
    }
    return seen.size() > 1;
  }

  /** Whether rows below each other have the same value. */
  static boolean repeats(List<String> values) {
    for (int at = 1; at < values.size(); at++) {
      if (!values.get(at).isEmpty() && values.get(at).equals(values.get(at - 1))) {
        return true;
      }
    }
    return false;
  }

  private static boolean fits(Field field, List<String> values) {
    List<String> filled = values.stream().filter(value -> !Blank.strip(value).isEmpty()).toList();
    return !filled.isEmpty()
        && filled.stream().allMatch(value -> looksLike(field, value) && takes(field, value));
  }

  private static boolean looksLike(Field field, String value) {
    return switch (field.type()) {
      case CHECK_BOX, MULTI_SELECT, RADIO_BUTTON, DROP_DOWN -> true;
      case DATE -> MOMENT.matcher(value).matches() && !value.contains(":");
      case DATETIME, TIME -> MOMENT.matcher(value).matches() && value.contains(":");
      case LINK ->
          switch (field.protocol()) {
            case "CALL" -> TELEPHONE.matcher(value).matches();
            case "MAIL" -> MAIL.matcher(value).matches();
            default -> WEB.matcher(value).matches();
          };
      case SINGLE_LINE_TEXT, NUMBER -> isOfItsKind(field, value);
      default -> false;
    };
  }

  private static boolean isOfItsKind(Field field, String value) {
    for (Kind kind : Kind.values()) {
      if (kind.isCalledSo(field)) {
        return kind.values.matcher(value).matches();
      }
    }
    return false;
  }

  private static boolean takes(Field field, String value) {
    return field.convert(value) instanceof Converted.Value;
  }
}
