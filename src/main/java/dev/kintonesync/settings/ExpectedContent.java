package dev.kintonesync.settings;

import dev.kintonesync.form.Assignment;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.FieldMap;
import dev.kintonesync.form.Form;
import dev.kintonesync.source.Expected;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a file may be expected to hold whose rows go to an app. */
public final class ExpectedContent {
  private final Form form;
  private final FieldMap map;

  private ExpectedContent(Form form, FieldMap map) {
    this.form = form;
    this.map = map;
  }

  /** A file without a job. */
  public static Expected of(Form form) {
    return new ExpectedContent(form, FieldMap.NONE).expected(Set.of());
  }

  /** A file that a job reads. */
  public static Expected of(Job job, @Nullable Form form) {
    Set<String> named = named(job);
    return form == null ? Expected.of(named) : new ExpectedContent(form, job.map()).expected(named);
  }

  /** The columns that the job names itself. */
  private static Set<String> named(Job job) {
    var named = new HashSet<String>(job.source().usedColumns());
    var flag = job.rules().deleteWhen();
    add(named, flag == null ? null : flag.column());
    add(named, job.reading().skipWhenEmpty());
    add(named, job.map().revisionColumn());
    job.bounds().assertions().forEach(assertion -> add(named, assertion.column()));
    for (Assignment pair : job.map().assignments()) {
      named.addAll(pair.columns());
    }
    return named;
  }

  private static void add(Set<String> named, @Nullable String column) {
    if (column != null) {
      named.add(column);
    }
  }

  private Expected expected(Set<String> named) {
    var words = new HashSet<>(named);
    for (Field field : form.fields()) {
      words.addAll(words(field));
      field.inner().values().forEach(inner -> words.addAll(words(inner)));
    }
    return new Expected(words, cells());
  }

  private static Set<String> words(Field field) {
    var words = new HashSet<>(field.options());
    words.addAll(names(field));
    return words;
  }

  private static Set<String> names(Field field) {
    return Set.copyOf(Stream.of(field.code(), field.label()).toList());
  }

  /** Where the columns of no field are passed over, those of tables may be some of them. */
  private Set<String> cells() {
    Set<String> fields = namesOfCells();
    if (map.isByName()) {
      return map.unknown() == FieldMap.Unknown.IGNORE ? Set.of() : fields;
    }
    var cells = new HashSet<String>();
    map.assignments().stream()
        .filter(pair -> fields.contains(pair.field()))
        .forEach(pair -> cells.addAll(pair.columns()));
    return cells;
  }

  /** How the fields of tables may be called, and the columns of the ids of their rows. */
  private Set<String> namesOfCells() {
    var cells = new HashSet<String>();
    var others = new HashSet<String>();
    for (Field field : form.fields()) {
      (field.inner().isEmpty() ? others : cells).addAll(names(field));
      for (Field inner : field.inner().values()) {
        cells.addAll(names(inner));
        cells.add(field.code() + "." + inner.code());
      }
    }
    cells.removeAll(others);
    return cells;
  }
}
