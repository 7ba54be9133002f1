package dev.kintonesync.camel.batch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.form.Conversion;
import dev.kintonesync.form.Converted;
import dev.kintonesync.form.Expressions;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.FieldMap;
import dev.kintonesync.form.FormerForm;
import dev.kintonesync.form.KeyCheck;
import dev.kintonesync.form.Mapping;
import dev.kintonesync.form.MappingOptions;
import dev.kintonesync.form.TableOptions;
import dev.kintonesync.journal.PlanReader;
import dev.kintonesync.message.EditDistance;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Job;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.sync.Approaches;
import dev.kintonesync.sync.Removal;
import dev.kintonesync.sync.Rules;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Fits what a job says to the form of its app and to the columns of its source. */
public final class MappingFactory {
  private MappingFactory() {}

  /**
   * Looks at what the job says of fields, before any source is opened: none of it is a source's
   * fault.
   *
   * @throws UserErrorException when the job names a field that is not there, or a value that one
   *     does not take, or when its map is of no use with any source
   */
  static void check(Job job, AppSnapshot app, Expressions expressions) {
    job.map()
        .check(
            app.form(), app.key(), options(job, app.appCode(), false, app.former(), expressions));
    for (String code : job.rules().ruledFields()) {
      if (app.form().field(code) == null) {
        throw new UserErrorException(
            MessageCode.RULED_FIELD_MISSING.with(job.name(), code, job.app()));
      }
    }
    for (String code : job.tables().rowKeys()) {
      if (app.form().fields().stream().noneMatch(field -> field.inner().containsKey(code))) {
        throw new UserErrorException(MessageCode.ROW_KEY_UNKNOWN.with(job.name(), code, job.app()));
      }
    }
    for (String code : job.rules().refresh().fields()) {
      if (app.form().lookups().noneMatch(field -> field.code().equals(code))) {
        var codes = app.form().lookups().map(Field::code).toList();
        throw new UserErrorException(
            MessageCode.REFRESHED_FIELD_UNKNOWN.with(
                job.name(), code, job.app(), EditDistance.sample(code, codes)));
      }
    }
    marks(job, app);
    if (job.attachments() != null) {
      job.attachments().check();
    }
  }

  /**
   * Maps the columns of a reader to fields, as the job says; those of a plan are fields already.
   *
   * @throws UserErrorException when the job names a column that is not there
   */
  public static Mapping mapping(
      Job job, AppSnapshot app, SourceReader reader, Expressions expressions) {
    return reader instanceof PlanReader plan
        ? mapping(job, app, plan.fields(), false, expressions)
        : mapping(job, app, reader.columns(), reader.isGrouped(), expressions);
  }

  /**
   * Maps columns that do not come from a reader.
   *
   * @param grouped whether several rows make one record
   * @throws UserErrorException when the job names a column that is not there, or the rows of a
   *     table would be added at every run
   */
  public static Mapping mapping(
      Job job, AppSnapshot app, List<String> columns, boolean grouped, Expressions expressions) {
    return mapping(job, app, job.map(), columns, grouped, expressions);
  }

  /**
   * Maps the columns of a message. What the map takes from columns that it lacks is not touched.
   *
   * @throws UserErrorException when it has no column of the map, or not that of the key
   */
  public static Mapping ofMessage(
      Job job, AppSnapshot app, List<String> columns, Expressions expressions) {
    return mapping(job, app, job.map().within(columns), columns, false, expressions);
  }

  private static Mapping mapping(
      Job job,
      AppSnapshot app,
      FieldMap map,
      List<String> columns,
      boolean grouped,
      Expressions expressions) {
    Rules.Flag flag = job.rules().deleteWhen();
    if (flag != null && !columns.contains(flag.column())) {
      throw new UserErrorException(
          MessageCode.FLAG_COLUMN_MISSING.with(
              flag.column(), EditDistance.sample(flag.column(), columns)));
    }
    var options = options(job, app.appCode(), grouped, app.former(), expressions);
    var mapping = Mapping.of(app.form(), columns, map, app.key(), options);
    List<Field> growing = mapping.unrecognizableTables();
    if (job.tables().policy() == TableOptions.Policy.APPEND && !growing.isEmpty()) {
      throw new UserErrorException(
          MessageCode.TABLE_WOULD_GROW.with(job.name(), growing.get(0).name()));
    }
    refreshed(job, app, mapping);
    if (job.rules().engine() == Rules.Engine.NATIVE) {
      refuseUnlessUpserted(job, mapping);
    }
    return mapping;
  }

  /**
   * What decides besides the map how values are converted.
   *
   * @param appCode what stands before the record numbers of the app; null: not known
   * @param grouped whether several rows make one record
   * @param former the form when the job last ran well; null: not known
   */
  public static MappingOptions options(
      Job job,
      @Nullable String appCode,
      boolean grouped,
      @Nullable FormerForm former,
      Expressions expressions) {
    Rules.Flag flag = job.rules().deleteWhen();
    return new MappingOptions(
        new Conversion(Conversion.DEFAULT.zone(), job.attachments()),
        job.keys(),
        new KeyCheck(job.rules().similarKeys() == Rules.SimilarKeys.ALLOW, appCode),
        job.rules().empty() == Rules.Empty.KEEP,
        flag == null ? Set.of() : Set.of(flag.column()),
        expressions,
        job.tables(),
        grouped,
        former);
  }

  /** What is compared with the record that is there cannot be written without reading it. */
  private static void refuseUnlessUpserted(Job job, Mapping mapping) {
    if (Approaches.mayUpsert(mapping)) {
      return;
    }
    for (Field field : mapping.fields()) {
      if (field.holdsFiles() || !field.inner().isEmpty()) {
        throw new UserErrorException(MessageCode.NATIVE_FIELD.with(job.name(), field.name()));
      }
    }
    throw new UserErrorException(MessageCode.NATIVE_KEY.with(job.name(), mapping.key().name()));
  }

  /** Lookup fields whose copies are to follow other apps must be filled, and the apps be read. */
  private static void refreshed(Job job, AppSnapshot app, Mapping mapping) {
    List<Field> filled = mapping.lookups().stream().filter(job.rules().refresh()::covers).toList();
    for (String code : job.rules().refresh().fields()) {
      if (filled.stream().noneMatch(field -> field.code().equals(code))) {
        throw new UserErrorException(MessageCode.REFRESHED_FIELD_UNFILLED.with(job.name(), code));
      }
    }
    for (Field field : filled) {
      var lookup = field.lookup();
      var reason = lookup == null ? null : app.unseen().get(lookup.app());
      if (lookup != null && reason != null) {
        throw new UserErrorException(
            MessageCode.REFRESH_SOURCE_UNSEEN.with(job.name(), field.name(), lookup.app(), reason));
      }
    }
  }

  /**
   * What a removal sets, in Kintone's value shapes; empty when it sets nothing.
   *
   * @throws UserErrorException when the field is not there or does not take the value
   */
  public static Map<String, JsonNode> marks(Job job, AppSnapshot app) {
    var removal = job.rules().removal();
    String code = removal.field();
    if (removal.action() != Removal.Action.SET || code == null) {
      return Map.of();
    }
    Field field = app.form().field(code);
    if (field == null) {
      throw new UserErrorException(MessageCode.MARK_FIELD_MISSING.with(removal, code, job.app()));
    }
    var converted = field.convert(removal.value());
    if (converted instanceof Converted.Value value) {
      return Map.of(code, value.json());
    }
    throw new UserErrorException(
        MessageCode.MARK_REFUSED.with(
            removal, converted instanceof Converted.Refused refused ? refused.problem() : code));
  }
}
