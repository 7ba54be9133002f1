package dev.kintonesync.journal;

import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.api.ErrorCode;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code journal.mv.db} and a connection to it. The first process that opens the file
 * serves it to the others on 127.0.0.1; when that process goes away, however it goes, the next call
 * of another opens the file itself.
 */
final class Database implements AutoCloseable {
  static {
    // H2 reads this once, when its classes are loaded; without it, its server binds every address
    System.setProperty("h2.bindAddress", "127.0.0.1");
  }

  /** The schema, one step per version; a step that was ever released is never changed again. */
  private static final List<List<String>> STEPS =
      List.of(
          List.of(
              """
              CREATE TABLE IF NOT EXISTS run (
                name VARCHAR PRIMARY KEY,
                job VARCHAR NOT NULL,
                started_at TIMESTAMP(9) WITH TIME ZONE NOT NULL,
                running BOOLEAN NOT NULL,
                process BIGINT NOT NULL,
                report VARCHAR NOT NULL)
              """,
              "CREATE INDEX IF NOT EXISTS run_by_time ON run (started_at, name)",
              "CREATE INDEX IF NOT EXISTS run_by_job ON run (job, started_at, name)",
              """
              CREATE TABLE IF NOT EXISTS batch (
                run VARCHAR NOT NULL,
                number INT NOT NULL,
                at TIMESTAMP(9) WITH TIME ZONE NOT NULL,
                read BIGINT NOT NULL,
                inserted BIGINT NOT NULL,
                updated BIGINT NOT NULL,
                unchanged BIGINT NOT NULL,
                superseded BIGINT NOT NULL,
                rejected BIGINT NOT NULL,
                unprocessed BIGINT NOT NULL,
                PRIMARY KEY (run, number))
              """,
              """
              CREATE TABLE IF NOT EXISTS calls (
                domain VARCHAR NOT NULL,
                app VARCHAR NOT NULL,
                kintone_day DATE NOT NULL,
                calls BIGINT NOT NULL,
                PRIMARY KEY (domain, app, kintone_day))
              """),
          List.of(
              """
              CREATE TABLE IF NOT EXISTS held (
                source VARCHAR PRIMARY KEY,
                claim BIGINT NOT NULL,
                presence BIGINT NOT NULL,
                process BIGINT NOT NULL,
                host VARCHAR NOT NULL,
                since TIMESTAMP(9) WITH TIME ZONE NOT NULL,
                command VARCHAR NOT NULL,
                seen_at TIMESTAMP(9) WITH TIME ZONE NOT NULL)
              """),
          List.of(
              """
              CREATE TABLE IF NOT EXISTS open_reject (
                job VARCHAR NOT NULL,
                id VARCHAR NOT NULL,
                record_key VARCHAR,
                cells VARCHAR NOT NULL,
                reason VARCHAR NOT NULL,
                run VARCHAR NOT NULL,
                since TIMESTAMP(9) WITH TIME ZONE NOT NULL,
                tried INT NOT NULL,
                PRIMARY KEY (job, id))
              """),
          List.of(
              """
              CREATE TABLE IF NOT EXISTS checkpoint (
                job VARCHAR PRIMARY KEY,
                question VARCHAR NOT NULL,
                reached VARCHAR NOT NULL,
                advanced_at TIMESTAMP(9) WITH TIME ZONE NOT NULL)
              """),
          List.of(
              """
              CREATE TABLE IF NOT EXISTS form (
                job VARCHAR NOT NULL,
                domain VARCHAR NOT NULL,
                app VARCHAR NOT NULL,
                revision BIGINT NOT NULL,
                fields VARCHAR NOT NULL,
                PRIMARY KEY (job, domain, app))
              """,
              """
              CREATE TABLE IF NOT EXISTS standing (
                job VARCHAR PRIMARY KEY,
                process BIGINT NOT NULL,
                next_at TIMESTAMP(9) WITH TIME ZONE,
                why VARCHAR,
                run VARCHAR,
                progress DOUBLE PRECISION NOT NULL,
                slow_because VARCHAR)
              """,
              "CREATE TABLE IF NOT EXISTS run_words (run VARCHAR PRIMARY KEY, words VARCHAR NOT"
                  + " NULL)",
              """
              CREATE TABLE IF NOT EXISTS condition (
                job VARCHAR NOT NULL,
                kind VARCHAR NOT NULL,
                since TIMESTAMP(9) WITH TIME ZONE NOT NULL,
                told_at TIMESTAMP(9) WITH TIME ZONE NOT NULL,
                PRIMARY KEY (job, kind))
              """,
              """
              CREATE TABLE IF NOT EXISTS outbox (
                id VARCHAR PRIMARY KEY,
                channel VARCHAR NOT NULL,
                notice VARCHAR NOT NULL,
                made_at TIMESTAMP(9) WITH TIME ZONE NOT NULL,
                attempts INT NOT NULL,
                next_at TIMESTAMP(9) WITH TIME ZONE NOT NULL)
              """,
              """
              CREATE TABLE IF NOT EXISTS rich_text (
                domain VARCHAR NOT NULL,
                app VARCHAR NOT NULL,
                record VARCHAR NOT NULL,
                field VARCHAR NOT NULL,
                sent VARCHAR NOT NULL,
                came_back VARCHAR,
                PRIMARY KEY (domain, app, record, field))
              """),
          List.of(
              "ALTER TABLE outbox ADD COLUMN IF NOT EXISTS survived INT DEFAULT 0 NOT NULL",
              "UPDATE outbox SET survived = attempts"),
          List.of(
              """
              CREATE TABLE IF NOT EXISTS attached_file (
                domain VARCHAR NOT NULL,
                app VARCHAR NOT NULL,
                record VARCHAR NOT NULL,
                field VARCHAR NOT NULL,
                name VARCHAR NOT NULL,
                size VARCHAR NOT NULL,
                hash VARCHAR NOT NULL,
                PRIMARY KEY (domain, app, record, field, name, size))
              """));

  /** The connection was lost, or another process was a moment quicker: to be done again. */
  private static final Set<Integer> AGAIN =
      Set.of(
          ErrorCode.CONNECTION_BROKEN_1,
          ErrorCode.OBJECT_CLOSED,
          ErrorCode.DATABASE_IS_CLOSED,
          ErrorCode.DATABASE_CALLED_AT_SHUTDOWN,
          ErrorCode.DATABASE_IS_IN_EXCLUSIVE_MODE,
          ErrorCode.DATABASE_ALREADY_OPEN_1,
          ErrorCode.DUPLICATE_KEY_1,
          ErrorCode.TABLE_OR_VIEW_ALREADY_EXISTS_1,
          ErrorCode.INDEX_ALREADY_EXISTS_1,
          ErrorCode.CONCURRENT_UPDATE_1);

  private static final Set<Integer> DAMAGED =
      Set.of(ErrorCode.FILE_CORRUPTED_1, ErrorCode.FILE_VERSION_ERROR_1);

  private static final Set<Integer> HELD =
      Set.of(
          ErrorCode.DATABASE_ALREADY_OPEN_1,
          ErrorCode.DRIVER_VERSION_ERROR_2,
          ErrorCode.WRONG_USER_OR_PASSWORD);

  /** The two headers of a file whose making was cut off before anything was in it. */
  private static final int EMPTY_STORE = 2 * 4096;

  private static final int BLOCK = 4096;
  private static final Pattern NEWEST_BLOCK = Pattern.compile("\\bblock:([0-9a-f]{1,12})\\b");

  private static final Duration FILLED_WITHIN = Duration.ofSeconds(3);
  private static final Duration A_MOMENT = Duration.ofMillis(20);

  /**
   * Another process may be taking the file over at the same time as we: about four seconds in all.
   */
  private static final int ATTEMPTS = 9;

  private final Path file;
  private final String url;

  /**
   * Every statement runs on this one thread: it is never interrupted. An interrupted thread of a
   * caller would close the file beneath every process.
   */
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread made = new Thread(work, "journal");
            made.setDaemon(true);
            return made;
          });

  private @Nullable Connection connection;

  /** Statements that do no harm when they are done twice. */
  interface Work<T> {
    T with(Connection connection) throws SQLException, IOException;
  }

  /**
   * Opens the file, makes it when there is none, and brings its schema up to date.
   *
   * @throws RefusedException when it is damaged, newer than this program, held, or not writable
   */
  Database(Path folder) {
    Path name = folder.toAbsolutePath().normalize().resolve("journal");
    this.file = Path.of(name + ".mv.db");
    // WRITE_DELAY=0: a commit has reached the file when it returns, not half a second later
    this.url =
        "jdbc:h2:file:"
            + name
            + ";AUTO_SERVER=TRUE;WRITE_DELAY=0;TRACE_LEVEL_FILE=0;LOCK_TIMEOUT=10000";
    try {
      OwnerOnly.folders(folder);
      boolean made = OwnerOnly.file(file);
      if (!made) {
        refuseDamaged();
      }
      call(this::bringUpToDate);
    } catch (IOException e) {
      close();
      throw new RefusedException(Text.JOURNAL_UNUSABLE.with(file, e), e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Does the work and commits each of its statements; again, when the connection was lost meanwhile
   * and nobody knows how far it came.
   *
   * @throws RefusedException when the file cannot be written any more
   */
  <T> T call(Work<T> work) {
    try {
      return CompletableFuture.supplyAsync(() -> attempt(work), thread).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private <T> T attempt(Work<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        Connection open = connection;
        if (open == null) {
          open = DriverManager.getConnection(url, "sa", "");
          connection = open;
        }
        return work.with(open);
      } catch (SQLException e) {
        if (!isLost(e) || attempt == ATTEMPTS) {
          throw refused(e);
        }
        disconnect();
        LockSupport.parkNanos(A_MOMENT.toNanos() * attempt * attempt);
      } catch (IOException e) {
        throw new RefusedException(Text.JOURNAL_UNUSABLE.with(file, e), e);
      }
    }
  }

  /**
   * Looks into the file without writing to it. H2 alone would take a file whose inside is destroyed
   * for a new one, and write over it.
   */
  private void refuseDamaged() throws IOException {
    if (!Files.isWritable(file)) {
      throw new RefusedException(Text.JOURNAL_UNUSABLE.with(file, Text.NO_ACCESS.with()));
    }
    long size = Files.size(file);
    if (size == 0) {
      refuseEmptied();
      return;
    }
    if (newestBlock() >= size) {
      // H2 would fall back to an older state without a word
      throw new RefusedException(Text.JOURNAL_DAMAGED.with(file, Text.JOURNAL_CUT_OFF.with()));
    }
    try (var store = new MVStore.Builder().fileName(file.toString()).readOnly().open()) {
      if (size > EMPTY_STORE && store.getMapNames().isEmpty()) {
        throw new RefusedException(Text.JOURNAL_DAMAGED.with(file, Text.JOURNAL_EMPTY.with()));
      }
    } catch (MVStoreException e) {
      // a process that has it open has found it in order
      if (e.getErrorCode() != DataUtils.ERROR_FILE_LOCKED) {
        throw new RefusedException(
            Text.JOURNAL_DAMAGED.with(file, Text.JOURNAL_NO_DATABASE.with()), e);
      }
    }
  }

  /**
   * Where the newest part of the file begins, as the header says that was written when the file was
   * last closed in order; 0 when it does not say. Source: the file format in H2's documentation of
   * its MVStore.
   */
  private long newestBlock() throws IOException {
    try (var in = Files.newInputStream(file)) {
      String header = new String(in.readNBytes(BLOCK), StandardCharsets.ISO_8859_1);
      Matcher block = NEWEST_BLOCK.matcher(header);
      return header.startsWith("H:") && block.find()
          ? Long.parseLong(block.group(1), 16) * BLOCK
          : 0;
    }
  }

  /**
   * An empty file is a new one, unless a journal was in use here. Then it was cut off, by a power
   * failure for instance, or another process has made it a moment ago and will fill it at once.
   */
  private void refuseEmptied() throws IOException {
    if (!Presence.wasBeside(file)) {
      return;
    }
    long end = System.nanoTime() + FILLED_WITHIN.toNanos();
    while (Files.size(file) == 0) {
      if (System.nanoTime() > end) {
        throw new RefusedException(Text.JOURNAL_DAMAGED.with(file, Text.JOURNAL_EMPTY.with()));
      }
      LockSupport.parkNanos(A_MOMENT.toNanos());
    }
  }

  private Void bringUpToDate(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS version (version INT PRIMARY KEY)");
      int version;
      try (var rows = statement.executeQuery("SELECT COALESCE(MAX(version), 0) FROM version")) {
        rows.next();
        version = rows.getInt(1);
      }
      if (version > STEPS.size()) {
        throw new RefusedException(Text.JOURNAL_NEWER.with(file, version, STEPS.size()));
      }
      for (int next = version; next < STEPS.size(); next++) {
        for (String sql : STEPS.get(next)) {
          statement.execute(sql);
        }
        statement.execute("MERGE INTO version KEY (version) VALUES (" + (next + 1) + ")");
      }
      return null;
    }
  }

  private RefusedException refused(SQLException e) {
    Text text =
        DAMAGED.contains(e.getErrorCode())
            ? Text.JOURNAL_DAMAGED
            : HELD.contains(e.getErrorCode()) ? Text.JOURNAL_HELD : Text.JOURNAL_UNUSABLE;
    return new RefusedException(text.with(file, rootWords(e)), e);
  }

  /**
   * Whether it is to be done again. A statement that meets H2's own shutdown, which a signal
   * begins, may also end in a null pointer.
   */
  private static boolean isLost(SQLException e) {
    return AGAIN.contains(e.getErrorCode()) || e.getCause() instanceof NullPointerException;
  }

  /** What the operating system said, such as "No space left on device", without H2's own words. */
  private static String rootWords(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }

  private void disconnect() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        // it is broken, which is why it is closed
      }
    }
  }

  @Override
  public void close() {
    CompletableFuture.runAsync(this::disconnect, thread).join();
    thread.shutdown();
  }
}
