package dev.kintonesync.journal;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Pattern;
import org.h2.Driver;
import org.h2.api.ErrorCode;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.jspecify.annotations.Nullable;

/**
 * Who the program is in the database of the journal: a user who may change tables and nothing else,
 * with a random password in {@code journal.password} beside it, which only the owner reads. H2 lets
 * administrators alone run Java code, read and write files and reach other databases; so nobody is
 * one.
 *
 * <p>Journals of earlier versions were open to user {@code sa} without a password. They are secured
 * when they are first opened. The password is on the disk before the database knows it, and the
 * last step takes away the user's own rights: whatever is killed in between is completed by the
 * next who opens it.
 */
final class Login {
  private static final String USER = "KINTONE_SYNC";
  private static final String FORMER_USER = "SA";

  private static final Pattern PASSWORD = Pattern.compile("[0-9a-f]{64}");
  private static final int RANDOM_BYTES = 32;

  /** H2 takes 200 ms by itself, which are for each end of a program; this one is seldom. */
  private static final int COMPACTING_MS = 1_000;

  /** For those of this process; other processes are kept off by a lock on the file. */
  private static final Object MAKING = new Object();

  private final Path database;
  private final Path file;
  private final Path lockFile;
  private final String url;

  /**
   * The login to a database.
   *
   * @param name its file without {@code .mv.db}
   */
  Login(Path name) {
    this.database = Path.of(name + ".mv.db");
    this.file = Path.of(name + ".password");
    this.lockFile = Path.of(name + ".lock.db");
    // a user without rights may not even name settings that the database already has
    this.url =
        "jdbc:h2:file:"
            + name
            + ";IGNORE_UNKNOWN_SETTINGS=TRUE;TRACE_LEVEL_FILE=0;LOCK_TIMEOUT=10000";
  }

  /**
   * Opens the database, or connects to the process that has it open.
   *
   * @param compact whether H2 makes the file smaller as it closes it, which takes a second at most
   * @throws UserErrorException when the password is lost
   */
  Connection connect(boolean compact) throws SQLException, IOException {
    String password = read();
    while (true) {
      if (password != null) {
        try {
          return restricted(shared(USER, password, compact));
        } catch (SQLException e) {
          if (e.getErrorCode() != ErrorCode.WRONG_USER_OR_PASSWORD) {
            throw e;
          }
        }
      }
      password = agreed(password);
    }
  }

  private Connection shared(String user, String password, boolean compact)
      throws SQLException, IOException {
    String ending = ";MAX_COMPACT_TIME=" + (compact ? COMPACTING_MS : 0);
    Connection connection = open(url + ending + ";AUTO_SERVER=TRUE", user, password);
    if (connection.unwrap(JdbcConnection.class).getSession() instanceof SessionLocal here) {
      // a commit has reached the file when it returns, not half a second later. H2 forgets this
      // when it closes the file, and its statement for it is an administrator's
      here.getDatabase().setWriteDelay(0);
      if (Files.exists(lockFile)) { // not any more, in the midst of H2's own shutdown
        OwnerOnly.close(lockFile); // it has the key of the port, and H2 makes it as the umask says
      }
    }
    return connection;
  }

  /** By H2's own driver: whoever asks for any that fits has the drivers of all databases loaded. */
  private static Connection open(String url, String user, String password) throws SQLException {
    var login = new Properties();
    login.setProperty("user", user);
    login.setProperty("password", password);
    return Objects.requireNonNull(Driver.load().connect(url, login), "a URL of H2");
  }

  /** The password of the file; null when there is none, or what is there cannot be one. */
  private @Nullable String read() throws IOException {
    try {
      String password = Files.readString(file, StandardCharsets.ISO_8859_1);
      OwnerOnly.close(file);
      return PASSWORD.matcher(password).matches() ? password : null;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /**
   * Sees to it that the database and the file know the same password, and returns it.
   *
   * @param refused the one of the file that the database did not take; null when there was none
   */
  private String agreed(@Nullable String refused) throws SQLException, IOException {
    synchronized (MAKING) {
      boolean made = OwnerOnly.file(file);
      try (var channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        channel.lock(); // until it is closed
        String password = content(channel);
        if (password != null && !password.equals(refused)) {
          return password; // of another process, which was quicker
        }
        if (Files.size(database) == 0) {
          return password != null ? password : written(channel);
        }
        try (Connection open = former()) {
          String agreed = password != null ? password : written(channel);
          Sql.update(open, "CREATE USER IF NOT EXISTS " + USER + " PASSWORD ? ADMIN", agreed);
          Sql.update(open, "ALTER USER " + USER + " SET PASSWORD ?", agreed);
          return agreed;
        } catch (SQLException e) {
          if (e.getErrorCode() != ErrorCode.WRONG_USER_OR_PASSWORD) {
            throw e;
          }
          if (made) {
            Files.delete(file);
          }
          throw new UserErrorException(MessageCode.JOURNAL_LOCKED.with(database, file), e);
        }
      }
    }
  }

  /** As the earlier versions did, and without a port for others, unless one of them has it open. */
  private Connection former() throws SQLException, IOException {
    try {
      return open(url + ";FILE_LOCK=FILE", FORMER_USER, "");
    } catch (SQLException e) {
      if (e.getErrorCode() != ErrorCode.DATABASE_ALREADY_OPEN_1) {
        throw e;
      }
      return shared(FORMER_USER, "", false);
    }
  }

  private static @Nullable String content(FileChannel channel) throws IOException {
    var bytes = ByteBuffer.allocate(RANDOM_BYTES * 2 + 1);
    channel.read(bytes, 0);
    String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
    return PASSWORD.matcher(text).matches() ? text : null;
  }

  private static String written(FileChannel channel) throws IOException {
    String password = random();
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(password.getBytes(StandardCharsets.ISO_8859_1)), 0);
    channel.force(true);
    return password;
  }

  private static String random() {
    byte[] bytes = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Where the user is still an administrator, there is something left to do. */
  private static Connection restricted(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      if (isTrue(
          statement,
          "SELECT is_admin FROM information_schema.users WHERE user_name = '" + USER + "'")) {
        statement.execute("GRANT ALTER ANY SCHEMA TO " + USER);
        statement.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON SCHEMA PUBLIC TO " + USER);
        if (isTrue(
            statement,
            "SELECT COUNT(*) > 0 FROM information_schema.users WHERE user_name = '"
                + FORMER_USER
                + "'")) {
          // it owns tables, so it cannot go; nobody keeps this password
          Sql.update(connection, "ALTER USER " + FORMER_USER + " SET PASSWORD ?", random());
        }
        statement.execute("ALTER USER " + USER + " ADMIN FALSE");
      }
    } catch (SQLException e) {
      if (e.getErrorCode() != ErrorCode.ADMIN_RIGHTS_REQUIRED) {
        connection.close();
        throw e;
      } // another process was at it too, and has come to the end
    }
    return connection;
  }

  private static boolean isTrue(Statement statement, String question) throws SQLException {
    try (var rows = statement.executeQuery(question)) {
      return rows.next() && rows.getBoolean(1);
    }
  }
}
