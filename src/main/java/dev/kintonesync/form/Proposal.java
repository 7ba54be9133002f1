package dev.kintonesync.form;

import dev.kintonesync.message.Blank;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How the columns of a sample may become the fields of an app: for a person to look at, so only
 * what is called alike is put together.
 *
 * @param map column to field code, in the order of the columns
 * @param byName whether a job needs no map, since every column is called as its field
 * @param key the field by which records may be told apart; null when no column fills such a one
 * @param unmatched columns for which no field was found, each with the fields that resemble it
 * @param readOnly columns of fields that Kintone fills itself
 * @param missing fields that Kintone demands and no column fills
 */
public record Proposal(
    Map<String, String> map,
    boolean byName,
    @Nullable Field key,
    Map<String, String> unmatched,
    List<String> readOnly,
    List<Field> missing) {

  /** A proposal for the columns of a sample, in their order. */
  public static Proposal of(Form form, List<String> columns) {
    var map = new LinkedHashMap<String, String>();
    var unmatched = new LinkedHashMap<String, String>();
    var readOnly = new ArrayList<String>();
    boolean byName = true;
    Field key = null;
    for (String column : columns) {
      Field field = field(form, column);
      if (field == null || map.containsValue(field.code())) {
        unmatched.put(column, Form.names(form.nearest(column)));
        byName = false;
      } else if (!field.writable()) {
        readOnly.add(column);
      } else {
        map.put(column, field.code());
        byName &= column.equals(field.code()) || column.equals(field.label());
        key = key == null && form.isKey(field) ? field : key;
      }
    }
    var missing =
        form.fields().stream()
            .filter(field -> field.writable() && field.demandsValue())
            .filter(field -> !map.containsValue(field.code()))
            .toList();
    return new Proposal(map, byName, key, unmatched, readOnly, missing);
  }

  /** The one field that is called as the column: exactly, or but for width, case and marks. */
  private static @Nullable Field field(Form form, String column) {
    String name = Normalizer.normalize(Blank.strip(column), Normalizer.Form.NFC);
    Field exact = form.field(name);
    if (exact == null) {
      exact = only(form, field -> field.label().equals(name));
    }
    if (exact == null) {
      exact = only(form, field -> loose(field.code()).equals(loose(name)));
    }
    return exact == null ? only(form, field -> loose(field.label()).equals(loose(name))) : exact;
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
