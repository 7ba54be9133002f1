package dev.kintonesync.settings;

import dev.kintonesync.kintone.Connection;
import dev.kintonesync.source.Address;
import dev.kintonesync.source.ApiQuery;
import dev.kintonesync.source.DatabaseQuery;
import dev.kintonesync.source.Overlap;
import java.nio.file.Path;
import java.util.Set;
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

  /**
   * A folder into which files are dropped.
   *
   * @param folder an absolute path if the home is one
   */
  record Folder(Path folder) implements Source {

    /** One file of it. */
    public OneFile file(Path file) {
      return new OneFile(file, null, false);
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

    /** What people call it: the address without its options. */
    public String name() {
      return url.replaceFirst("(?i)[?;](?!databaseName=).*", "");
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
  record Api(ApiQuery query, Access access, Set<String> allowedHosts) implements Source {

    @Override
    public boolean hasCheckpoint() {
      return query.checkpoint() != null;
    }

    /** What people call it: the address without its parameters. */
    public String name() {
      return Address.bare(query.url().toString());
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
      Connection connection,
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

    /** What people call it: where it stands in the browser. */
    public String name() {
      return connection.baseUrl() + "/k/" + app;
    }

    @Override
    public String toString() {
      return name();
    }
  }

  /**
   * One file, named on the command line or found in a folder.
   *
   * @param file as the caller named it
   * @param rejects where its rejects go; null: into {@code rejects/} beside the file
   * @param named whether a person named it, who may also mean a file by a link to it
   */
  record OneFile(Path file, @Nullable Path rejects, boolean named) implements Source {

    /** A file that a person named, and whose rejects go beside it. */
    public OneFile(Path file) {
      this(file, null);
    }

    /** A file that a person named. */
    public OneFile(Path file, @Nullable Path rejects) {
      this(file, rejects, true);
    }
  }
}
