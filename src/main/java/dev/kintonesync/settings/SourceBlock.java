package dev.kintonesync.settings;

import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import dev.kintonesync.source.DatabaseQuery;
import dev.kintonesync.source.Overlap;
import dev.kintonesync.sync.Mode;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads where the rows of a job come from, and when; refuses what does not go together. */
final class SourceBlock {
  private static final List<Property<?>> OF_FOLDERS =
      List.of(Reference.FOLDER, Reference.ENCODING, Reference.GROUP_BY);
  private static final List<Property<?>> OF_DATABASES =
      List.of(
          Reference.URL,
          Reference.SOURCE_USERNAME,
          Reference.SOURCE_PASSWORD,
          Reference.QUERY,
          Reference.CHECKPOINT,
          Reference.UNIQUE,
          Reference.OVERLAP,
          Reference.PAGE_SIZE,
          Reference.FETCH_SIZE);

  private final String name;
  private final Settings settings;
  private final Statements statements;
  private final Path secrets;
  private final JobBlock block;

  SourceBlock(String name, Settings settings, Statements statements, Path secrets, JobBlock block) {
    this.name = name;
    this.settings = settings;
    this.statements = statements;
    this.secrets = secrets;
    this.block = block;
  }

  /** The variable that holds the password of a job's source: {@code SOURCE_PASSWORD_CUSTOMERS}. */
  static String passwordVariable(String job) {
    return "SOURCE_PASSWORD_" + job.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** The source that the block names. */
  Source source() {
    String kind = block.require(Reference.SOURCE);
    if (kind.equals("folder")) {
      refuse(OF_DATABASES, "database");
      return new Source.Folder(settings.resolve(block.require(Reference.FOLDER)));
    }
    refuse(OF_FOLDERS, "folder");
    return database();
  }

  private Source.Database database() {
    String url = block.require(Reference.URL);
    String username = block.value(Reference.SOURCE_USERNAME);
    String password = block.value(Reference.SOURCE_PASSWORD);
    if (password != null && username == null) {
      throw new RefusedException(
          Text.SOURCE_USERNAME_MISSING.with(name, Reference.SOURCE_USERNAME.key(name)));
    }
    if (username != null && password == null) {
      throw new RefusedException(
          Text.SOURCE_PASSWORD_MISSING.with(
              name, passwordVariable(name), Reference.SOURCE_PASSWORD.key(name), secrets));
    }
    String checkpoint = block.value(Reference.CHECKPOINT);
    if (checkpoint == null) {
      var overlap = statements.about(Reference.OVERLAP.key(name));
      if (overlap != null) {
        throw new RefusedException(
            Text.RULE_OUT_OF_PLACE.with(
                overlap.place(),
                overlap.spoken(),
                Text.ONLY_WITH_CHECKPOINT.with(Reference.CHECKPOINT.key(name))));
      }
    } else if (block.require(Reference.MODE) == Mode.MIRROR) {
      throw new RefusedException(
          Text.MIRROR_WITH_CHECKPOINT.with(
              Reference.MODE.key(name), Reference.CHECKPOINT.key(name)));
    }
    Overlap overlap = block.value(Reference.OVERLAP);
    return new Source.Database(
        url,
        username,
        password,
        new DatabaseQuery(
            block.require(Reference.QUERY),
            checkpoint,
            block.value(Reference.UNIQUE),
            overlap == null ? Overlap.DEFAULT : overlap,
            block.require(Reference.PAGE_SIZE),
            block.require(Reference.FETCH_SIZE)));
  }

  /** When the job runs; null: a folder is watched all the time, a database waits to be asked. */
  @Nullable Schedule schedule() {
    var timing = timing();
    ZoneId zone = block.value(Reference.TIME_ZONE);
    return timing == null
        ? null
        : new Schedule(
            timing,
            zone == null ? ZoneId.systemDefault() : zone,
            Objects.requireNonNull(block.value(Reference.MISSED)) == Missed.RUN);
  }

  private Schedule.@Nullable Timing timing() {
    var times = block.value(Reference.SCHEDULE);
    String other = block.value(Reference.AFTER);
    if (other == null) {
      return times;
    }
    if (times != null) {
      throw new RefusedException(
          Text.SCHEDULE_AND_AFTER.with(Reference.SCHEDULE.key(name), Reference.AFTER.key(name)));
    }
    var names = statements.jobs(Statements.Voice.APPLICATION);
    if (!names.contains(other)) {
      throw new RefusedException(
          Text.AFTER_UNKNOWN_JOB.with(Reference.AFTER.key(name), other, Nearest.of(other, names)));
    }
    var followed = new LinkedHashSet<String>();
    for (String next = other; next != null && followed.add(next); next = followedBy(next)) {
      if (next.equals(name)) {
        throw new RefusedException(
            Text.AFTER_ITSELF.with(Reference.AFTER.key(name), String.join(" → ", followed)));
      }
    }
    return new Schedule.Following(other);
  }

  private @Nullable String followedBy(String job) {
    return statements.value(Reference.AFTER, Reference.AFTER.key(job));
  }

  /** What becomes of a time that passed while the program was down. */
  enum Missed {
    RUN,
    SKIP
  }

  private void refuse(List<Property<?>> others, String kind) {
    for (Property<?> property : others) {
      var statement = statements.about(property.key(name));
      if (statement != null) {
        throw new RefusedException(
            Text.RULE_OUT_OF_PLACE.with(
                statement.place(), statement.spoken(), Text.ONLY_OF_SOURCE.with(kind)));
      }
    }
  }
}
