package dev.kintonesync.settings;

import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.source.Overlap;
import dev.kintonesync.source.api.Address;
import dev.kintonesync.source.api.ApiQuery;
import dev.kintonesync.source.database.DatabaseQuery;
import dev.kintonesync.source.file.DoneFile;
import dev.kintonesync.source.kafka.TopicQuery;
import dev.kintonesync.sync.Removal;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.Rules;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the rows of a job come from. */
public sealed interface Source {

  /**
   * Whether runs read on from where the last one ended. Its rejected rows are then not read again,
   * so they are kept and tried again until they are applied.
   */
  default boolean hasCheckpoint() {
    return false;
  }

  /** Returns what people call it. */
  String name();

  /** Whether it is read all the time where its job has no schedule. */
  default boolean isFollowed() {
    return watched() != null;
  }

  /** Returns the columns that the job uses itself and that need not become fields. */
  default List<String> usedColumns() {
    return List.of();
  }

  /** Returns the rules of its job as this kind of source completes them. */
  default Rules complete(Rules rules) {
    return rules;
  }

  /** Returns this as a folder in which files wait; null of a source that is asked for its rows. */
  default @Nullable Folder watched() {
    return null;
  }

  /** Returns the folder in which files wait; null of a source that is asked for its rows. */
  default @Nullable Path folder() {
    return null;
  }

  /** Returns what the case of this kind makes of it. */
  <T> T match(Cases<T> cases);

  /**
   * What is done with a source of each kind. Whoever has to tell the kinds apart implements it, so
   * that a new kind is refused by the compiler wherever it is forgotten.
   *
   * @param <T> what comes of it
   */
  interface Cases<T> {
    T folder(Folder source);

    T file(OneFile source);

    T database(Database source);

    T api(Api source);

    T app(KintoneApp source);

    T topic(Topic source);

    T plan(PlanFile source);
  }

  /**
   * A folder into which files are dropped.
   *
   * @param folder an absolute path if the home is one
   * @param quiet how long a file must stay as it is before it is read
   * @param doneFile how another program says that a file is complete; null when none does
   * @param answers whether a text file beside a file says what became of it
   */
  record Folder(Path folder, Duration quiet, @Nullable DoneFile doneFile, boolean answers)
      implements Source {
    /** Cautious: a program that writes blocks of 8 KB seldom pauses for longer. */
    private static final Duration QUIET = Duration.ofSeconds(5);

    /** A folder whose files are complete when they were quiet for five seconds. */
    public Folder(Path folder) {
      this(folder, QUIET, null);
    }

    /** A folder whose files are answered by no file. */
    public Folder(Path folder, Duration quiet, @Nullable DoneFile doneFile) {
      this(folder, quiet, doneFile, false);
    }

    @Override
    public Folder watched() {
      return this;
    }

    @Override
    public String name() {
      return folder.toString();
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.folder(this);
    }
  }

  /**
   * A query over JDBC.
   *
   * @param url where the database answers, without a password
   * @param username null: the database asks for none
   * @param password never printed
   * @param query what is read
   */
  record Database(
      String url, @Nullable String username, @Nullable String password, DatabaseQuery query)
      implements Source {

    @Override
    public boolean hasCheckpoint() {
      return query.checkpoint() != null;
    }

    @Override
    public List<String> usedColumns() {
      return Stream.of(query.checkpoint(), query.unique()).filter(Objects::nonNull).toList();
    }

    /** The address without its options. */
    @Override
    public String name() {
      return url.replaceFirst("(?i)[?;](?!databaseName=).*", "");
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.database(this);
    }

    @Override
    public String toString() {
      return name();
    }
  }

  /**
   * An HTTP API that answers with JSON.
   *
   * @param query what is read
   * @param access never printed
   * @param allowedHosts where its pages may lie besides, some with a port
   */
  record Api(ApiQuery query, HttpAuth access, Set<String> allowedHosts) implements Source {

    @Override
    public boolean hasCheckpoint() {
      return query.checkpoint() != null;
    }

    @Override
    public List<String> usedColumns() {
      return Stream.of(query.checkpoint()).filter(Objects::nonNull).toList();
    }

    /** The address without its parameters. */
    @Override
    public String name() {
      return Address.bare(query.url().toString());
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.api(this);
    }

    @Override
    public String toString() {
      return name();
    }
  }

  /**
   * Another app of Kintone.
   *
   * @param connection the domain and the caller
   * @param app the app's id
   * @param condition in Kintone's query language; null: all records
   * @param checkpoint the code of its field of the updated or created time; null: all records are
   *     read every time
   * @param overlap how far behind the checkpoint a poll begins
   * @param pageSize records in one answer, 500 at the most
   */
  record KintoneApp(
      KintoneConnection connection,
      String app,
      @Nullable String condition,
      @Nullable String checkpoint,
      Overlap overlap,
      int pageSize)
      implements Source {

    @Override
    public boolean hasCheckpoint() {
      return checkpoint != null;
    }

    @Override
    public List<String> usedColumns() {
      return Stream.of(checkpoint).filter(Objects::nonNull).toList();
    }

    /** Where it stands in the browser. */
    @Override
    public String name() {
      return connection.baseUrl() + "/k/" + app;
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.app(this);
    }

    @Override
    public String toString() {
      return name();
    }
  }

  /**
   * A topic of Kafka.
   *
   * @param query what is read
   * @param deleted what is done with the record of a key that is gone
   * @param registry where the schemas of keys and values in Avro are; null: there are none
   */
  record Topic(TopicQuery query, Removal deleted, @Nullable Registry registry) implements Source {

    /** The consumer group keeps how far was read. */
    @Override
    public boolean hasCheckpoint() {
      return true;
    }

    @Override
    public boolean isFollowed() {
      return true;
    }

    @Override
    public Rules complete(Rules rules) {
      return rules.removing(new Rules.Flag(TopicQuery.DELETED, TopicQuery.YES), deleted);
    }

    @Override
    public String name() {
      return query.name();
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.topic(this);
    }

    @Override
    public String toString() {
      return name();
    }
  }

  /**
   * A registry of schemas.
   *
   * @param url what stands before the paths of Confluent's API, without a slash at its end
   * @param access how we prove who we are
   */
  record Registry(URI url, HttpAuth access) {}

  /**
   * A plan document that is applied.
   *
   * @param file as the caller named it
   * @param program the version of the program, which a plan must have been made by
   */
  record PlanFile(Path file, String program) implements Source {
    @Override
    public String name() {
      return file.toString();
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.plan(this);
    }
  }

  /**
   * One file, named on the command line or found in a folder; or what came on standard input.
   *
   * @param file as the caller named it
   * @param rejects where its rejects go; null: into {@code rejects/} beside the file
   * @param named whether a person named it, who may also mean a file by a link to it
   * @param piped whether it came on standard input, and the file is only where it is kept
   */
  record OneFile(Path file, @Nullable Path rejects, boolean named, boolean piped)
      implements Source {

    /** A file that a person named, and whose rejects go beside it. */
    public OneFile(Path file) {
      this(file, null);
    }

    /** A file that a person named. */
    public OneFile(Path file, @Nullable Path rejects) {
      this(file, rejects, true, false);
    }

    /** Returns a file that lies in a folder. */
    public static OneFile found(Path file) {
      return new OneFile(file, null, false, false);
    }

    /** Returns the same where the file is what came on standard input. */
    public OneFile asPiped() {
      return new OneFile(file, rejects, named, true);
    }

    @Override
    public String name() {
      return piped ? Report.STANDARD_INPUT : file.toString();
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.file(this);
    }
  }
}
