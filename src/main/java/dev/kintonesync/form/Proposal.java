package dev.kintonesync.form;

import dev.kintonesync.message.Blank;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How the columns of a sample may become the fields of an app: for a person to look at. Columns
 * that are called as a field go to it; of the others, some are guessed by what stands in them.
 *
 * @param map column to field code, in the order of the columns
 * @param guessed the columns of the map whose fields are guessed by their values
 * @param byName whether a job needs no map, since every column is called as its field
 * @param key the field by which records may be told apart; null when no column fills such a one
 * @param groupBy the column whose repeated values make one record with a table; null: none
 * @param unmatched columns for which no field was found, each with the fields that resemble it
 * @param readOnly columns of fields that Kintone fills itself
 * @param missing fields that Kintone demands and no column fills
 * @param free all fields that could be filled and that no column fills
 */
public record Proposal(
    Map<String, String> map,
    Set<String> guessed,
    boolean byName,
    @Nullable Field key,
    @Nullable String groupBy,
    Map<String, String> unmatched,
    List<String> readOnly,
    List<Field> missing,
    List<Field> free) {

  /**
   * A proposal for the columns of a sample.
   *
   * @param values the columns in their order, each with its values in the order of the rows
   * @param grouped whether the rows of the sample make records in groups by themselves
   */
  public static Proposal of(Form form, Map<String, List<String>> values, boolean grouped) {
    var names = new Search(form, values, grouped).byName();
    String groupBy = grouped ? null : names.groupBy();
    if (groupBy != null) {
      names = new Search(form, values, true).byName();
    }
    return names.byContent().proposal(groupBy);
  }

  /** One pass over the columns. */
  private static final class Search {
    private final Form form;
    private final Map<String, List<String>> values;
    private final boolean grouped;
    private final Map<String, String> map = new LinkedHashMap<>();
    private final Set<String> guessed = new LinkedHashSet<>();
    private final Map<String, List<String>> unmatched = new LinkedHashMap<>();
    private final List<String> readOnly = new ArrayList<>();
    private final Set<String> filled = new HashSet<>();
    private boolean byName = true;
    private @Nullable Field key;

    Search(Form form, Map<String, List<String>> values, boolean grouped) {
      this.form = form;
      this.values = values;
      this.grouped = grouped;
    }

    Search byName() {
      values.keySet().forEach(this::byName);
      return this;
    }

    private void byName(String column) {
      String name = Normalizer.normalize(Blank.strip(column), Normalizer.Form.NFC);
      if (grouped && ColumnMatching.isStar(column)) {
        return;
      }
      var option = ColumnMatching.optionColumn(form, name, grouped);
      if (option != null && option.field().writable()) {
        filled.add(option.field().code());
        map.putIfAbsent(option.base(), option.field().code());
        return;
      }
      Field field = field(form, column, grouped);
      if (field == null || filled.contains(field.code())) {
        unmatched.put(column, values.getOrDefault(column, List.of()));
        byName = false;
      } else if (!field.writable()) {
        readOnly.add(column);
      } else {
        take(column, field);
        byName &= column.equals(field.code()) || column.equals(field.label());
      }
    }

    private void take(String column, Field field) {
      map.put(column, field.code());
      filled.add(field.code());
      if (key == null && form.fields().contains(field) && form.isKey(field)) {
        key = field;
      }
    }

    /**
     * The column of the key whose values repeat, where other columns would fill the cells of a
     * table: they are called as cells, or the app has a table and no column tells all rows apart.
     */
    @Nullable String groupBy() {
      boolean hasCells =
          unmatched.keySet().stream()
              .anyMatch(column -> field(form, column, false) == null && cell(form, column) != null);
      if (!hasCells && (unmatched.isEmpty() || !hasTable())) {
        return null;
      }
      for (var column : values.entrySet()) {
        String code = map.get(column.getKey());
        if (key != null && key.code().equals(code)) {
          return ContentGuess.repeats(column.getValue()) ? column.getKey() : null;
        }
      }
      Field free = keyToGuess();
      var columns = new LinkedHashMap<>(unmatched);
      columns.keySet().removeIf(column -> cell(form, column) != null);
      if (free == null || (!hasCells && ContentGuess.key(columns, free, false) != null)) {
        return null;
      }
      String guess = ContentGuess.key(columns, free, true);
      return guess != null && ContentGuess.repeats(columns.getOrDefault(guess, List.of()))
          ? guess
          : null;
    }

    private boolean hasTable() {
      return form.fields().stream()
          .flatMap(field -> field.inner().values().stream())
          .anyMatch(Field::writable);
    }

    Search byContent() {
      var free = free();
      free.removeIf(form::isKey);
      ContentGuess.of(unmatched, free).forEach(this::guess);
      Field wanted = key == null ? keyToGuess() : null;
      String column = wanted == null ? null : ContentGuess.key(unmatched, wanted, grouped);
      if (column != null && wanted != null) {
        guess(column, wanted);
      }
      return this;
    }

    private void guess(String column, Field field) {
      take(column, field);
      guessed.add(column);
      unmatched.remove(column);
      byName = false;
    }

    private @Nullable Field keyToGuess() {
      return form.keys().stream()
          .filter(field -> field.writable() && !filled.contains(field.code()))
          .findFirst()
          .orElse(null);
    }

    private List<Field> free() {
      var free = new ArrayList<Field>();
      for (Field field : form.fields()) {
        if (field.type() == FieldType.SUBTABLE) {
          free.addAll(grouped ? field.inner().values() : List.of());
        } else {
          free.add(field);
        }
      }
      free.removeIf(field -> !field.writable() || filled.contains(field.code()));
      return free;
    }

    Proposal proposal(@Nullable String groupBy) {
      var inOrder = new LinkedHashMap<String, String>();
      for (String column : values.keySet()) {
        String code = map.get(column);
        if (code != null) {
          inOrder.put(column, code);
        }
      }
      map.forEach(inOrder::putIfAbsent);
      var near = new LinkedHashMap<String, String>();
      unmatched.keySet().forEach(column -> near.put(column, Form.names(form.nearest(column))));
      var free = free();
      var missing = free.stream().filter(Field::demandsValue).toList();
      return new Proposal(
          inOrder, guessed, byName, key, groupBy, near, readOnly, missing, List.copyOf(free));
    }
  }

  /** The one field that is called as the column: exactly, or but for width, case and marks. */
  private static @Nullable Field field(Form form, String column, boolean grouped) {
    String name = Normalizer.normalize(Blank.strip(column), Normalizer.Form.NFC);
    Field exact = form.field(name);
    if (exact == null) {
      exact = only(form, field -> field.label().equals(name));
    }
    if (exact == null) {
      exact = only(form, field -> loose(field.code()).equals(loose(name)));
    }
    if (exact == null) {
      exact = only(form, field -> loose(field.label()).equals(loose(name)));
    }
    return exact == null && grouped ? cell(form, name) : exact;
  }

  private static @Nullable Field cell(Form form, String column) {
    Form.Inner inner = form.inner(Normalizer.normalize(Blank.strip(column), Normalizer.Form.NFC));
    return inner == null ? null : inner.field();
  }

  private static @Nullable Field only(Form form, Predicate<Field> test) {
    var found = form.fields().stream().filter(f -> f.type().valued()).filter(test).toList();
    return found.size() == 1 ? found.get(0) : null;
  }

  private static String loose(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFKC)
        .toLowerCase(Locale.ROOT)
        .replaceAll("[\\s_\\-・.]", "");
  }
}
