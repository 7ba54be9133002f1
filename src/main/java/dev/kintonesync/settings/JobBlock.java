package dev.kintonesync.settings;

import dev.kintonesync.form.Assignment;
import dev.kintonesync.form.Attachments;
import dev.kintonesync.form.FieldMap;
import dev.kintonesync.form.TableOptions;
import dev.kintonesync.kintone.Connection;
import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import dev.kintonesync.source.Encoding;
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
  private final Statements statements;
  private final Path application;
  private final Path secrets;

  JobBlock(String name, Settings settings, Statements statements, Path application, Path secrets) {
    this.name = name;
    this.settings = settings;
    this.statements = statements;
    this.application = application;
    this.secrets = secrets;
  }

  /** The job with the source and the key that its block names. */
  Job withItsSource() {
    require(Reference.APP);
    require(Reference.UPDATE_KEY);
    var source = new SourceBlock(name, settings, statements, secrets, this);
    return with(source.source()).at(new ScheduleBlock(name, statements, this).schedule());
  }

  /** The job with another source; its key may be missing. */
  Job with(Source source) {
    var rules = new JobRules(name, statements);
    var written = rules.rules();
    if (written.mode() == Mode.MIRROR
        && written.scope() == null
        && (source.folder() != null || sharesItsApp())) {
      throw new RefusedException(
          Text.MIRROR_WITHOUT_SCOPE.with(
              Reference.MODE.key(name), Reference.MIRROR_SCOPE.key(name)));
    }
    Set<String> rowKey = value(Reference.ROW_KEY);
    boolean writes = require(Reference.WRITE);
    return new Job(
        name,
        connection(),
        require(Reference.APP),
        value(Reference.UPDATE_KEY),
        map(),
        new TableOptions(require(Reference.TABLE_ROWS), rowKey == null ? Set.of() : rowKey),
        attachments(),
        source,
        reading(),
        require(Reference.KEY_NORMALIZE),
        written,
        rules.bounds(),
        writes ? RunOptions.DEFAULT : RunOptions.DEFAULT.onlyPlanned(),
        null);
  }

  private @Nullable Attachments attachments() {
    Path folder = value(Reference.ATTACHMENTS_DIR);
    return folder == null
        ? null
        : new Attachments(settings.resolve(folder), require(Reference.ATTACHMENTS));
  }

  private FieldMap map() {
    List<Assignment> map = value(Reference.MAP);
    Path file = value(Reference.MAP_FILE);
    if (map != null && file != null) {
      throw new RefusedException(
          Text.MAP_AND_MAP_FILE.with(Reference.MAP.key(name), Reference.MAP_FILE.key(name)));
    }
    List<Assignment> pairs = file == null ? map : MapReader.readFile(settings.resolve(file));
    return new FieldMap(
        pairs == null ? List.of() : pairs,
        value(Reference.UNKNOWN_COLUMNS),
        value(Reference.REVISION_COLUMN));
  }

  private SourceOptions reading() {
    String encoding = value(Reference.ENCODING);
    return new SourceOptions(
        encoding == null ? null : Encoding.named(encoding),
        value(Reference.DELIMITER),
        require(Reference.HEADER),
        require(Reference.SKIP_ROWS),
        value(Reference.SKIP_WHEN),
        value(Reference.SHEET),
        value(Reference.POINTER),
        value(Reference.GROUP_BY));
  }

  /** Whether another job writes to the same app, as far as the properties tell. */
  private boolean sharesItsApp() {
    String app = value(Reference.APP);
    return statements.jobs(Statements.Voice.APPLICATION).stream()
        .filter(other -> !other.equals(name))
        .anyMatch(
            other ->
                Objects.equals(app, statements.value(Reference.APP, Reference.APP.key(other))));
  }

  /** The domain that the job writes to, and who writes. */
  Connection connection() {
    var url = statements.about(Reference.JOB_BASE_URL.key(name), Reference.BASE_URL.name());
    if (url == null) {
      throw new RefusedException(
          name.equals(Job.IMPORT)
              ? Text.IMPORT_WITHOUT_URL.with(application)
              : Text.BASE_URL_MISSING.with(application, name));
    }
    URI baseUrl = url.as(ValueType.BASE_URL);
    var space =
        statements.about(Reference.JOB_GUEST_SPACE_ID.key(name), Reference.GUEST_SPACE_ID.name());
    return new Connection(
        baseUrl,
        space == null ? null : space.value(),
        new Credential(statements, secrets, name, isElsewhere(url) ? baseUrl : null).read(),
        settings.catalogue().language());
  }

  /** Whether a job names another address than that of all jobs. */
  private boolean isElsewhere(Statement url) {
    var ofAll = statements.about(Reference.BASE_URL.name());
    return !url.key().equals(Reference.BASE_URL.name())
        && (ofAll == null || !ofAll.as(ValueType.BASE_URL).equals(url.as(ValueType.BASE_URL)));
  }

  <T> T require(Property<T> property) {
    T value = value(property);
    if (value == null) {
      throw new RefusedException(
          name.equals(Job.IMPORT)
              ? Text.IMPORT_WITHOUT_APP.with()
              : Text.JOB_LACKS.with(
                  statements.beginningOf(name),
                  name,
                  property.ownName(),
                  property.key(name),
                  property.example()));
    }
    return value;
  }

  <T> @Nullable T value(Property<T> property) {
    return statements.value(property, property.key(name));
  }
}
