package dev.kintonesync.camel.source;

import dev.kintonesync.form.Field;
import dev.kintonesync.form.FieldType;
import dev.kintonesync.form.Form;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which fields of another app are the columns of a source, by their codes. With a map, all that
 * have a value, and {@code $id}; without one, those that people fill in. Files are none yet.
 *
 * @param names the columns in the order of the form
 * @param remarks what is left out
 */
record AppColumns(List<String> names, List<UserMessage> remarks) {

  /**
   * The columns of an app for a job.
   *
   * @throws UserErrorException when the map names a field of files
   */
  static AppColumns of(Form form, Job job) {
    return job.map().isByName() ? filledIn(form, job) : all(form, job);
  }

  private static AppColumns all(Form form, Job job) {
    var names = new ArrayList<String>();
    for (Field field : form.fields()) {
      boolean file = field.type() == FieldType.FILE;
      if (!file && field.type().valued()) {
        names.add(field.code());
      } else if (file && isMapped(field, job)) {
        throw new UserErrorException(MessageCode.SOURCE_APP_FILE_MAPPED.with(field.name()));
      }
    }
    names.add("$id");
    return new AppColumns(
        List.copyOf(names), remarks(inTables(form, field -> isMapped(field, job)), List.of()));
  }

  private static boolean isMapped(Field field, Job job) {
    return job.map().assignments().stream()
        .anyMatch(assignment -> assignment.columns().contains(field.code()));
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
    files.addAll(inTables(form, table -> true));
    return new AppColumns(List.copyOf(names), remarks(files, own));
  }

  /** The fields of files inside of tables. */
  private static List<Field> inTables(Form form, Predicate<Field> tables) {
    return form.fields().stream()
        .filter(tables)
        .flatMap(table -> table.inner().values().stream())
        .filter(inner -> inner.type() == FieldType.FILE)
        .toList();
  }

  private static List<UserMessage> remarks(List<Field> files, List<Field> own) {
    var remarks = new ArrayList<UserMessage>();
    if (!files.isEmpty()) {
      remarks.add(MessageCode.SOURCE_APP_FILES.with(named(files)));
    }
    if (!own.isEmpty()) {
      remarks.add(MessageCode.SOURCE_APP_OWN_FIELDS.with(named(own)));
    }
    return remarks;
  }

  private static String named(List<Field> fields) {
    return fields.stream().map(Field::name).collect(Collectors.joining(", "));
  }
}
