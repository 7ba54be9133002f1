package dev.kintonesync.journal;

import dev.kintonesync.CutNetwork;
import dev.kintonesync.SharedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The databases that a journal may be in, for the tests that each of them has to pass. */
public enum JournalKind {
  /** A file. */
  H2 {
    @Override
    public JournalLocation location(Path folder, Duration lease) {
      return JournalLocation.in(folder);
    }

    @Override
    public Connection connect(Path folder) throws SQLException, IOException {
      return new Login(folder.resolve("journal")).connect(false);
    }

    @Override
    void moveAway(Path folder) throws IOException {
      Files.delete(folder.resolve("journal.mv.db"));
    }
  },
  /** One server for all tests of this Java; what would be a folder is a schema. */
  POSTGRESQL {
    @Override
    public JournalLocation location(Path folder, Duration lease) {
      return new JournalLocation(folder, Schemas.url(folder), "postgres", null, lease);
    }

    @Override
    public Connection connect(Path folder) throws SQLException {
      return DriverManager.getConnection(Schemas.url(folder), "postgres", null);
    }

    @Override
    void moveAway(Path folder) {
      Schemas.MADE.remove(folder.toAbsolutePath());
    }
  };

  /** Where the journal of a folder is. */
  public abstract JournalLocation location(Path folder, Duration lease);

  /** As {@link #location(Path, Duration)}, with the lease of the product. */
  public JournalLocation location(Path folder) {
    return location(folder, JournalLocation.LEASE);
  }

  /** A network to the server of a journal. */
  public static CutNetwork network(JournalLocation there) throws IOException {
    return CutNetwork.to(URI.create(there.url().substring("jdbc:".length())).getPort());
  }

  /** The same journal, reached through a network. */
  public static JournalLocation through(CutNetwork network, JournalLocation there) {
    return new JournalLocation(
        there.folder(),
        there.url().replaceFirst(":[0-9]+/", ":" + network.port() + "/"),
        there.username(),
        there.password(),
        there.lease());
  }

  /** A connection for a test that looks into the database, or breaks it. */
  public abstract Connection connect(Path folder) throws SQLException, IOException;

  /** The next journal of the folder is a new one. */
  abstract void moveAway(Path folder) throws IOException;

  private static final class Schemas {
    private static final Map<Path, String> MADE = new ConcurrentHashMap<>();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static String url(Path folder) {
      String schema = MADE.computeIfAbsent(folder.toAbsolutePath(), Schemas::made);
      return "jdbc:postgresql://localhost:%d/postgres?currentSchema=%s"
          .formatted(SharedPostgres.port(), schema);
    }

    private static String made(Path folder) {
      String schema = "journal" + NUMBER.incrementAndGet();
      try (var connection = SharedPostgres.database().getConnection();
          var statement = connection.createStatement()) {
        statement.execute("CREATE SCHEMA " + schema);
        return schema;
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
