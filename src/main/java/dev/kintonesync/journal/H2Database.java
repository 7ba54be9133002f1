package dev.kintonesync.journal;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.RootCause;
import dev.kintonesync.message.UserErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
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
final class H2Database extends Database {
  static {
    // H2 reads this once, when its classes are loaded; without it, its server binds every address
    System.setProperty("h2.bindAddress", "127.0.0.1");
  }

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
      Set.of(ErrorCode.DATABASE_ALREADY_OPEN_1, ErrorCode.DRIVER_VERSION_ERROR_2);

  /** The two headers of a file whose making was cut off before anything was in it. */
  private static final int EMPTY_STORE = 2 * 4096;

  private static final int BLOCK = 4096;
  private static final Pattern BLOCK_OF_PART = Pattern.compile("\\bblock:([0-9a-f]{1,12})\\b");

  /** A file that is not worth making smaller, in bytes. */
  private static final long SMALL = 4 << 20;

  /** How much of a file lives, in percent, when it is made smaller. */
  private static final int SPARSE = 50;

  private static final Duration FILLED_WITHIN = Duration.ofSeconds(3);
  private static final Duration A_MOMENT = Duration.ofMillis(20);

  /**
   * Another process may be taking the file over at the same time as we: about four seconds in all.
   */
  private static final int ATTEMPTS = 9;

  private final Path file;
  private final Login login;

  private @Nullable Disk disk;

  /** Whether most of the file was dead as it was opened. */
  private boolean sparse;

  /**
   * Opens the file, makes it when there is none, and brings its schema up to date.
   *
   * @throws UserErrorException when it is damaged, newer than this program, held, or not writable
   */
  H2Database(Path folder) {
    Path name = folder.toAbsolutePath().normalize().resolve("journal");
    this.file = Path.of(name + ".mv.db");
    this.login = new Login(name);
    try {
      OwnerOnly.folders(folder);
    } catch (IOException e) {
      close();
      throw new UserErrorException(MessageCode.JOURNAL_UNUSABLE.with(file, e), e);
    }
    try (var opening = OpeningLock.of(folder)) {
      boolean made = OwnerOnly.file(file);
      if (!made) {
        refuseDamaged(folder, opening.wasHere());
      }
      call(
          open -> {
            Schema.bringUpToDate(open, file);
            return file;
          });
      opening.opened();
    } catch (IOException e) {
      close();
      throw new UserErrorException(MessageCode.JOURNAL_UNUSABLE.with(file, e), e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  Connection connect(int attempt) throws SQLException, IOException {
    return login.connect(sparse);
  }

  @Override
  void done(Connection opened) {
    // one connection to the file is like another
  }

  /**
   * Waits until the disk has what was committed: a commit alone survives no power cut. To be called
   * in the midst of work. H2's own statement for it is an administrator's, and there is none.
   */
  @Override
  boolean reachDisk() throws IOException {
    Disk open = disk;
    if (open == null) {
      open = Disk.of(file);
      disk = open;
    }
    open.reach();
    return true;
  }

  @Override
  boolean isAway(SQLException e) {
    return false; // it is a file, which its own disk has
  }

  @Override
  void cut(Connection open) {
    // what is being written to the file is to be completed
  }

  @Override
  @Nullable Duration pauseBeforeRetry(SQLException e, int attempt) {
    return isLost(e) && attempt < ATTEMPTS ? A_MOMENT.multipliedBy((long) attempt * attempt) : null;
  }

  /**
   * Looks into the file without writing to it. H2 alone would take a file whose inside is destroyed
   * for a new one, and write over it.
   *
   * @param wasHere whether this computer had it open last
   */
  private void refuseDamaged(Path folder, boolean wasHere) throws IOException {
    if (!Files.isWritable(file)) {
      throw new UserErrorException(
          MessageCode.JOURNAL_UNUSABLE.with(file, MessageCode.NO_ACCESS.with()));
    }
    long size = Files.size(file);
    if (size == 0) {
      refuseEmptied();
      return;
    }
    if (newestBlock() >= size) {
      // H2 would fall back to an older state without a word
      throw new UserErrorException(
          MessageCode.JOURNAL_DAMAGED.with(file, MessageCode.JOURNAL_CUT_OFF.with()));
    }
    try (var store = new MVStore.Builder().fileName(file.toString()).readOnly().open()) {
      if (size > EMPTY_STORE && store.getMapNames().isEmpty()) {
        throw new UserErrorException(
            MessageCode.JOURNAL_DAMAGED.with(file, MessageCode.JOURNAL_EMPTY.with()));
      }
      if (lastBlock(store) >= size) {
        // H2 would open it, and find out when it reads what is missing
        throw new UserErrorException(
            MessageCode.JOURNAL_DAMAGED.with(file, MessageCode.JOURNAL_CUT_OFF.with()));
      }
      // by itself, H2 would try each time that a program ends, and the program would wait for it
      sparse = size > SMALL && store.getFileStore().getChunksFillRate() < SPARSE;
      if (wasHere) {
        forgetKilled(folder);
      }
    } catch (MVStoreException e) {
      // a process that has it open has found it in order
      if (e.getErrorCode() != DataUtils.ERROR_FILE_LOCKED) {
        throw new UserErrorException(
            MessageCode.JOURNAL_DAMAGED.with(file, MessageCode.JOURNAL_NO_DATABASE.with()), e);
      }
    }
  }

  /**
   * Removes the lock file of a process that was killed, where H2 would wait two to four seconds to
   * see whether somebody renews it. To be called when no process has the file open: one that has
   * had the journal open may just be taking the file over, and must find what it wrote.
   */
  private static void forgetKilled(Path folder) throws IOException {
    Path lock = folder.resolve("journal.lock.db");
    if (Files.exists(lock)) {
      var alone = ProcessLiveness.alone(folder);
      if (alone.isPresent()) {
        try (var held = alone.get()) {
          Files.deleteIfExists(lock);
        }
      }
    }
  }

  /** Where the last part of the file begins that something lives in. */
  private static long lastBlock(MVStore store) {
    return store.getLayoutMap().entrySet().stream()
        .filter(part -> part.getKey().startsWith("chunk."))
        .filter(part -> !part.getValue().contains(",livePages:0,"))
        .map(part -> BLOCK_OF_PART.matcher(part.getValue()))
        .filter(Matcher::find)
        .mapToLong(block -> Long.parseLong(block.group(1), 16) * BLOCK)
        .max()
        .orElse(0);
  }

  /**
   * Where the newest part of the file begins, as the header says that was written when the file was
   * last closed in order; 0 when it does not say. Source: the file format in H2's documentation of
   * its MVStore.
   */
  private long newestBlock() throws IOException {
    try (var in = Files.newInputStream(file)) {
      String header = new String(in.readNBytes(BLOCK), StandardCharsets.ISO_8859_1);
      Matcher block = BLOCK_OF_PART.matcher(header);
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
    if (!ProcessLiveness.wasBeside(file)) {
      return;
    }
    long end = System.nanoTime() + FILLED_WITHIN.toNanos();
    while (Files.size(file) == 0) {
      if (System.nanoTime() > end) {
        throw new UserErrorException(
            MessageCode.JOURNAL_DAMAGED.with(file, MessageCode.JOURNAL_EMPTY.with()));
      }
      LockSupport.parkNanos(A_MOMENT.toNanos());
    }
  }

  @Override
  UserErrorException refused(Exception e) {
    if (!(e instanceof SQLException failure)) {
      return new UserErrorException(MessageCode.JOURNAL_UNUSABLE.with(file, e), e);
    }
    MessageCode text =
        DAMAGED.contains(failure.getErrorCode())
            ? MessageCode.JOURNAL_DAMAGED
            : HELD.contains(failure.getErrorCode())
                ? MessageCode.JOURNAL_HELD
                : MessageCode.JOURNAL_UNUSABLE;
    // the cause is what the operating system said, without H2's own words
    return new UserErrorException(text.with(file, RootCause.words(e)), e);
  }

  /**
   * Whether it is to be done again. A statement that meets H2's own shutdown, which a signal
   * begins, may also end in a null pointer.
   */
  private static boolean isLost(SQLException e) {
    return AGAIN.contains(e.getErrorCode()) || e.getCause() instanceof NullPointerException;
  }

  /** The disk last: H2 holds the file by a lock that goes with any channel of it. */
  @Override
  void leave() {
    Disk open = disk;
    disk = null;
    if (open != null) {
      open.close();
    }
  }
}
