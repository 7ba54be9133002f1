package dev.kintonesync.settings;

import dev.kintonesync.kintone.Credentials.Login;
import dev.kintonesync.message.Message;
import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import dev.kintonesync.source.DatabaseQuery;
import dev.kintonesync.source.Overlap;
import dev.kintonesync.sync.Mode;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads where the rows of a job come from, and when; refuses what does not go together. */
final class SourceBlock {
  private static final String FOLDER = "folder";
  private static final String DATABASE = "database";
  private static final String API = "api";
  private static final String KINTONE = "kintone";

  /** For which sources a property is; one that is not named here is for all. */
  private static final Map<Property<?>, List<String>> MEANT_FOR = new LinkedHashMap<>();

  static {
    MEANT_FOR.put(Reference.FOLDER, List.of(FOLDER));
    MEANT_FOR.put(Reference.ENCODING, List.of(FOLDER));
    MEANT_FOR.put(Reference.GROUP_BY, List.of(FOLDER));
    MEANT_FOR.put(Reference.URL, List.of(DATABASE, API));
    MEANT_FOR.put(Reference.SOURCE_USERNAME, List.of(DATABASE, API, KINTONE));
    MEANT_FOR.put(Reference.SOURCE_PASSWORD, List.of(DATABASE, API, KINTONE));
    MEANT_FOR.put(Reference.SOURCE_TOKEN, List.of(API, KINTONE));
    MEANT_FOR.put(Reference.SOURCE_TOKEN_HEADER, List.of(API));
    MEANT_FOR.put(Reference.SOURCE_APP, List.of(KINTONE));
    MEANT_FOR.put(Reference.SOURCE_BASE_URL, List.of(KINTONE));
    MEANT_FOR.put(Reference.SOURCE_GUEST_SPACE_ID, List.of(KINTONE));
    MEANT_FOR.put(Reference.SOURCE_ALLOWED_HOSTS, List.of(API));
    MEANT_FOR.put(Reference.SOURCE_MAX_ROWS, List.of(DATABASE, API, KINTONE));
    MEANT_FOR.put(Reference.SOURCE_MAX_BYTES, List.of(API));
    MEANT_FOR.put(Reference.SOURCE_MAX_TIME, List.of(API));
    MEANT_FOR.put(Reference.QUERY, List.of(DATABASE, KINTONE));
    MEANT_FOR.put(Reference.CHECKPOINT, List.of(DATABASE, API, KINTONE));
    MEANT_FOR.put(Reference.CHECKPOINT_PARAMETER, List.of(API));
    MEANT_FOR.put(Reference.UNIQUE, List.of(DATABASE));
    MEANT_FOR.put(Reference.OVERLAP, List.of(DATABASE, API, KINTONE));
    MEANT_FOR.put(Reference.PAGE_SIZE, List.of(DATABASE, API, KINTONE));
    MEANT_FOR.put(Reference.FETCH_SIZE, List.of(DATABASE));
    MEANT_FOR.put(Reference.PAGING, List.of(API));
    MEANT_FOR.put(Reference.PAGE_PARAMETER, List.of(API));
    MEANT_FOR.put(Reference.FIRST_PAGE, List.of(API));
    MEANT_FOR.put(Reference.SIZE_PARAMETER, List.of(API));
    MEANT_FOR.put(Reference.NEXT, List.of(API));
  }

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
    return "SOURCE_PASSWORD_" + variablePart(job);
  }

  /** The variable that holds the token of a job's source: {@code SOURCE_TOKEN_CUSTOMERS}. */
  static String tokenVariable(String job) {
    return "SOURCE_TOKEN_" + variablePart(job);
  }

  private static String variablePart(String job) {
    return job.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** The source that the block names. */
  Source source() {
    String kind = block.require(Reference.SOURCE);
    MEANT_FOR.forEach(
        (property, kinds) ->
            refuse(
                property,
                kinds.contains(kind),
                Text.ONLY_OF_SOURCE.with(String.join(", ", kinds))));
    return switch (kind) {
      case FOLDER -> folder();
      case DATABASE -> database();
      case API -> new ApiBlock(name, statements, secrets, block).source(login(), checkpoint());
      default -> new KintoneBlock(name, statements, secrets, block).source(login(), checkpoint());
    };
  }

  private Source.Folder folder() {
    Path folder = settings.resolve(block.require(Reference.FOLDER));
    Path ours = ProgramFolders.meeting(folder, settings.home());
    if (ours != null) {
      throw new RefusedException(
          Text.FOLDER_OF_THE_PROGRAM.with(Reference.FOLDER.key(name), folder, ours));
    }
    return new Source.Folder(folder);
  }

  private Source.Database database() {
    String url = block.require(Reference.URL);
    if (!url.startsWith("jdbc:")) {
      throw new RefusedException(Text.NOT_A_DATABASE_URL.with(Reference.URL.key(name)));
    }
    var login = login();
    return new Source.Database(
        url,
        login == null ? null : login.name(),
        login == null ? null : login.password(),
        new DatabaseQuery(
            block.require(Reference.QUERY),
            checkpoint(),
            block.value(Reference.UNIQUE),
            overlap(block),
            block.require(Reference.PAGE_SIZE),
            block.require(Reference.FETCH_SIZE)));
  }

  /** The user of the source with the password; null when it asks for none. */
  private @Nullable Login login() {
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
    return username == null || password == null ? null : new Login(username, password);
  }

  /** The column by which runs read on; null: they read everything. */
  private @Nullable String checkpoint() {
    String checkpoint = block.value(Reference.CHECKPOINT);
    var needed = Text.ONLY_WITH_CHECKPOINT.with(Reference.CHECKPOINT.key(name));
    refuse(Reference.OVERLAP, checkpoint != null, needed);
    refuse(Reference.CHECKPOINT_PARAMETER, checkpoint != null, needed);
    if (checkpoint != null && block.require(Reference.MODE) == Mode.MIRROR) {
      throw new RefusedException(
          Text.MIRROR_WITH_CHECKPOINT.with(
              Reference.MODE.key(name), Reference.CHECKPOINT.key(name)));
    }
    return checkpoint;
  }

  /** How far behind its checkpoint a poll begins. */
  static Overlap overlap(JobBlock block) {
    Overlap overlap = block.value(Reference.OVERLAP);
    return overlap == null ? Overlap.DEFAULT : overlap;
  }

  /** When the job runs; null: a folder is watched all the time, other sources wait to be asked. */
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

  /** What can have no effect is a mistake that its author should hear of. */
  private void refuse(Property<?> property, boolean fits, Message why) {
    var statement = statements.about(property.key(name));
    if (statement != null && !fits) {
      throw new RefusedException(
          Text.RULE_OUT_OF_PLACE.with(statement.place(), statement.spoken(), why));
    }
  }
}
