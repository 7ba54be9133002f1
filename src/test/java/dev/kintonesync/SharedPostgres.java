package dev.kintonesync;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import javax.sql.DataSource;

/**
 * One PostgreSQL for all tests of this Java, since a server takes seconds to be made. It ends with
 * this Java; classes of tests have databases of their own in it.
 */
public final class SharedPostgres {
  private static final Set<String> MADE = new HashSet<>();

  /** Started when somebody asks for it. */
  private static final class Server {
    private static final EmbeddedPostgres POSTGRESQL = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder().setPGStartupWait(Patience.LIMIT).start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private SharedPostgres() {}

  /** Where it listens. */
  public static int port() {
    return Server.POSTGRESQL.getPort();
  }

  /** The database that the server has from the beginning. */
  public static DataSource database() {
    return Server.POSTGRESQL.getPostgresDatabase();
  }

  /** The database of a class of tests, which is empty when it is first asked for. */
  public static DataSource database(Class<?> tests) throws SQLException {
    return Server.POSTGRESQL.getDatabase("postgres", made(tests));
  }

  /** The address of that database, with its user in the query. */
  public static String url(Class<?> tests) throws SQLException {
    return Server.POSTGRESQL.getJdbcUrl("postgres", made(tests));
  }

  /** One at a time, since the template that databases are made of must not be in use. */
  private static synchronized String made(Class<?> tests) throws SQLException {
    String name = tests.getSimpleName();
    if (MADE.add(name)) {
      try (var connection = database().getConnection();
          var statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE \"" + name + "\"");
      }
    }
    return name;
  }
}
