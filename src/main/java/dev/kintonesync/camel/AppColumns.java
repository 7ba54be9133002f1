package dev.kintonesync.camel;

import dev.kintonesync.form.Field;
import dev.kintonesync.form.FieldType;
import dev.kintonesync.form.Form;
import dev.kintonesync.message.Message;
import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import dev.kintonesync.settings.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which fields of another app are the columns of a source, by their codes. With a map, those that
 * it names; without one, those that people fill in. Files are none yet.
 *
 * @param names the columns in the order of the form, or of the map
 * @param remarks what is left out
 */
record AppColumns(List<String> names, List<Message> remarks) {
  private static final Set<String> BESIDE_FIELDS = Set.of("$id", "$revision");

  /**
   * The columns of an app for a job.
   *
   * @throws RefusedException when the map names a field of files
   */
  static AppColumns of(Form form, Job job) {
    return job.map().isEmpty() ? filledIn(form, job) : mapped(form, job);
  }

  private static AppColumns mapped(Form form, Job job) {
    var names = new ArrayList<>(job.map().keySet());
    var flag = job.rules().deleteWhen();
    if (flag != null && !names.contains(flag.column())) {
      names.add(flag.column());
    }
    for (String name : names) {
      Field field = form.field(name);
      if (field != null && field.type() == FieldType.FILE) {
        throw new RefusedException(Text.SOURCE_APP_FILE_MAPPED.with(field.name()));
      }
    }
    if (!names.stream().allMatch(name -> isValued(form, name))) {
      names.clear(); // the refusal that follows names those that there are
      form.fields().stream()
          .filter(field -> field.type().valued())
          .forEach(field -> names.add(field.code()));
    }
    return new AppColumns(List.copyOf(names), remarks(filesInTables(form, names), List.of()));
  }

  private static boolean isValued(Form form, String name) {
    Field field = form.field(name);
    return BESIDE_FIELDS.contains(name) || (field != null && field.type().valued());
  }

  private static AppColumns filledIn(Form form, Job job) {
    var names = new ArrayList<String>();
    var files = new ArrayList<Field>();
    var own = new ArrayList<Field>();
    var flag = job.rules().deleteWhen();
    for (Field field : form.fields()) {
      String code = field.code();
      boolean wanted = code.equals(job.updateKey()) || (flag != null && code.equals(flag.column()));
      if (field.type() == FieldType.FILE) {
        files.add(field);
      } else if (wanted || (field.type().input() && !field.calculated())) {
        names.add(code);
      } else if (field.type().valued()) {
        own.add(field);
      }
    }
    files.addAll(filesInTables(form, names));
    return new AppColumns(List.copyOf(names), remarks(files, own));
  }

  private static List<Field> filesInTables(Form form, List<String> names) {
    return form.fields().stream()
        .filter(field -> names.contains(field.code()))
        .flatMap(field -> field.inner().values().stream())
        .filter(inner -> inner.type() == FieldType.FILE)
        .toList();
  }

  private static List<Message> remarks(List<Field> files, List<Field> own) {
    var remarks = new ArrayList<Message>();
    if (!files.isEmpty()) {
      remarks.add(Text.SOURCE_APP_FILES.with(named(files)));
    }
    if (!own.isEmpty()) {
      remarks.add(Text.SOURCE_APP_OWN_FIELDS.with(named(own)));
    }
    return remarks;
  }

  private static String named(List<Field> fields) {
    return fields.stream().map(Field::name).collect(Collectors.joining(", "));
  }
}
