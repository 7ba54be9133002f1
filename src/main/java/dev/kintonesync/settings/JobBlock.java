package dev.kintonesync.settings;

import dev.kintonesync.form.Assignment;
import dev.kintonesync.form.Attachments;
import dev.kintonesync.form.FieldMap;
import dev.kintonesync.form.TableOptions;
import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.Encoding;
import dev.kintonesync.source.Expected;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.sync.Mode;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a {@link Job} of what was said about it; what has to be said and was not is refused. */
final class JobBlock {
  private final String name;
  private final Settings settings;
  private final ConfigEntries entries;
  private final Path application;
  private final Path secrets;

  JobBlock(String name, Settings settings, ConfigEntries entries, Path application, Path secrets) {
    this.name = name;
    this.settings = settings;
    this.entries = entries;
    this.application = application;
    this.secrets = secrets;
  }

  /** The job with the source and the key that its block names. */
  Job withItsSource() {
    require(PropertyCatalog.APP);
    require(PropertyCatalog.UPDATE_KEY);
    var source = new SourceBlock(name, settings, entries, secrets, this);
    var job = with(source.source());
    var times = new ScheduleBlock(name, entries, this);
    return job.at(times.schedule(), times.reconcile(job.source()));
  }

  /** The job with another source; its key may be missing. */
  Job with(Source source) {
    var rules = new JobRules(name, entries);
    var written = source.complete(rules.rules());
    if (written.mode() == Mode.MIRROR
        && written.scope() == null
        && (source.folder() != null || sharesItsApp())) {
      throw new UserErrorException(
          MessageCode.MIRROR_WITHOUT_SCOPE.with(
              PropertyCatalog.MODE.key(name), PropertyCatalog.MIRROR_SCOPE.key(name)));
    }
    var asserted = entries.about(PropertyCatalog.ASSERT.key(name));
    if (asserted != null && source instanceof Source.Topic) {
      throw new UserErrorException(
          MessageCode.RULE_OUT_OF_PLACE.with(
              asserted.place(), asserted.spoken(), MessageCode.ASSERTION_OF_STREAM.with()));
    }
    Set<String> rowKey = value(PropertyCatalog.ROW_KEY);
    var bounds = rules.bounds();
    if (bounds.approval() && source instanceof Source.Topic) {
      throw new UserErrorException(
          MessageCode.APPROVAL_OF_A_STREAM.with(PropertyCatalog.APPROVAL.key(name)));
    }
    boolean writes = require(PropertyCatalog.WRITE) && !bounds.approval();
    return new Job(
        name,
        connection(),
        require(PropertyCatalog.APP),
        value(PropertyCatalog.UPDATE_KEY),
        map(),
        new TableOptions(require(PropertyCatalog.TABLE_ROWS), rowKey == null ? Set.of() : rowKey),
        attachments(),
        source,
        reading(),
        require(PropertyCatalog.KEY_NORMALIZE),
        new RunFields(value(PropertyCatalog.RUN_FIELD), value(PropertyCatalog.SYNCED_AT_FIELD)),
        written,
        bounds,
        writes ? RunOptions.DEFAULT : RunOptions.DEFAULT.onlyPlanned(),
        null,
        null);
  }

  private @Nullable Attachments attachments() {
    Path folder = value(PropertyCatalog.ATTACHMENTS_DIR);
    return folder == null
        ? null
        : new Attachments(settings.resolve(folder), require(PropertyCatalog.ATTACHMENTS));
  }

  private FieldMap map() {
    List<Assignment> map = value(PropertyCatalog.MAP);
    Path file = value(PropertyCatalog.MAP_FILE);
    if (map != null && file != null) {
      throw new UserErrorException(
          MessageCode.MAP_AND_MAP_FILE.with(
              PropertyCatalog.MAP.key(name), PropertyCatalog.MAP_FILE.key(name)));
    }
    List<Assignment> pairs = file == null ? map : MapReader.readFile(settings.resolve(file));
    return new FieldMap(
        pairs == null ? List.of() : pairs,
        value(PropertyCatalog.UNKNOWN_COLUMNS),
        value(PropertyCatalog.REVISION_COLUMN));
  }

  /** How its files are read. */
  SourceOptions reading() {
    String encoding = value(PropertyCatalog.ENCODING);
    return new SourceOptions(
        encoding == null ? null : Encoding.named(encoding),
        value(PropertyCatalog.DELIMITER),
        require(PropertyCatalog.HEADER),
        require(PropertyCatalog.SKIP_ROWS),
        value(PropertyCatalog.SKIP_WHEN),
        value(PropertyCatalog.SHEET),
        value(PropertyCatalog.POINTER),
        value(PropertyCatalog.GROUP_BY),
        Expected.NOTHING);
  }

  /** Whether another job writes to the same app, as far as the properties tell. */
  private boolean sharesItsApp() {
    String app = value(PropertyCatalog.APP);
    return entries.jobs(ConfigEntries.ConfigSource.APPLICATION).stream()
        .filter(other -> !other.equals(name))
        .anyMatch(
            other ->
                Objects.equals(
                    app, entries.value(PropertyCatalog.APP, PropertyCatalog.APP.key(other))));
  }

  /** The domain that the job writes to, and who writes. */
  KintoneConnection connection() {
    var url =
        entries.about(PropertyCatalog.JOB_BASE_URL.key(name), PropertyCatalog.BASE_URL.name());
    if (url == null) {
      throw new UserErrorException(
          name.equals(Job.IMPORT)
              ? MessageCode.IMPORT_WITHOUT_URL.with(application)
              : MessageCode.BASE_URL_MISSING.with(application, name));
    }
    URI baseUrl = url.as(ValueType.BASE_URL);
    var space =
        entries.about(
            PropertyCatalog.JOB_GUEST_SPACE_ID.key(name), PropertyCatalog.GUEST_SPACE_ID.name());
    return new KintoneConnection(
        baseUrl,
        space == null ? null : space.value(),
        new Credential(entries, secrets, name, isElsewhere(url) ? baseUrl : null).read(),
        settings.bundle().language());
  }

  /** Whether a job names another address than that of all jobs. */
  private boolean isElsewhere(ConfigEntry url) {
    var ofAll = entries.about(PropertyCatalog.BASE_URL.name());
    return !url.key().equals(PropertyCatalog.BASE_URL.name())
        && (ofAll == null || !ofAll.as(ValueType.BASE_URL).equals(url.as(ValueType.BASE_URL)));
  }

  <T> T require(Property<T> property) {
    T value = value(property);
    if (value == null) {
      throw new UserErrorException(
          name.equals(Job.IMPORT)
              ? MessageCode.IMPORT_WITHOUT_APP.with()
              : MessageCode.JOB_LACKS.with(
                  entries.beginningOf(name),
                  name,
                  property.ownName(),
                  property.key(name),
                  property.example()));
    }
    return value;
  }

  <T> @Nullable T value(Property<T> property) {
    return entries.value(property, property.key(name));
  }
}
