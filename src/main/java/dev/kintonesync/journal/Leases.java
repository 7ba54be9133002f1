package dev.kintonesync.journal;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.RepeatedFailure;
import dev.kintonesync.message.UserErrorException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases of what one process may read at a time: a job, a folder, a file. A second one is refused
 * and learns who the owner is. No call waits, so there is no deadlock.
 *
 * <p>Jobs and files are rows of the journal, which all processes of an installation share. A row
 * whose process has ended, however it ended, is taken over at once. That of a process on another
 * computer, of which that may not be seen, is taken over when it has been silent for two minutes. A
 * folder is locked by a file in it besides, since other installations may reach it too.
 *
 * <p>Safe for any number of threads. Every method throws {@link LeasedException} when somebody else
 * was first, and {@link UserErrorException} when the journal cannot be written.
 */
public final class Leases {
  private static final Logger log = LoggerFactory.getLogger(Leases.class);
  private static final Duration SILENCE = Duration.ofMinutes(2);
  private static final Duration BEAT = Duration.ofSeconds(20);
  private static final int LEASE_PARTS = 4;

  private final Database database;
  private final Liveness liveness;
  private final String command;
  private final Clock clock;
  private final ScheduledExecutorService beats =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            var thread = new Thread(work, "claims");
            thread.setDaemon(true);
            return thread;
          });

  private final Future<?> beating;
  private final RepeatedFailure unbeaten =
      new RepeatedFailure(log, "that this process is there cannot be said");

  /** Under which number this process has leased what. */
  private final Map<String, Long> nodes = new ConcurrentHashMap<>();

  private final Duration margin;

  /** The numbers of the claims that this process holds, through whichever journal. */
  private static final Set<Long> HERE = ConcurrentHashMap.newKeySet();

  /** Those of them that were made here. */
  private final Set<Long> ours = ConcurrentHashMap.newKeySet();

  Leases(Database database, Liveness liveness, Duration lease, String command, Clock clock) {
    this.margin = lease.dividedBy(LEASE_PARTS);
    this.database = database;
    this.liveness = liveness;
    this.command = command;
    this.clock = clock;
    this.beating =
        beats.scheduleAtFixedRate(
            this::beatQuietly, BEAT.toSeconds(), BEAT.toSeconds(), TimeUnit.SECONDS);
  }

  /**
   * A job and the folder that it watches: both or neither. Where the folder cannot be locked, as on
   * some network drives, the claim says so, and the journal alone keeps others away.
   *
   * @param folder must be there
   */
  public Lease watching(String job, Path folder) {
    Lease row = job(job);
    if (liveness.seesOtherComputers()) {
      return watchingAmongNodes(row, folder);
    }
    try {
      FolderLock lock = FolderLock.alone(folder, me());
      return new Lease(
          () -> {
            lock.close();
            row.close();
          },
          null);
    } catch (IOException e) {
      return besides(row, folder, e);
    } catch (RuntimeException e) {
      row.close();
      throw e;
    }
  }

  /**
   * The same among computers that share the journal: rows of it keep them apart, since the lock of
   * a frozen process would outlive its lease. The lock, which all of them have together, keeps
   * other installations away.
   */
  private Lease watchingAmongNodes(Lease job, Path folder) {
    Lease row;
    try {
      row = row(folderSource(folder), MessageCode.FOLDER_HELD, folder);
    } catch (RuntimeException e) {
      job.close();
      throw e;
    }
    var both =
        new Lease(
            () -> {
              row.close();
              job.close();
            },
            null);
    try {
      FolderLock lock = FolderLock.amongNodes(folder, me());
      return new Lease(
          () -> {
            lock.close();
            both.close();
          },
          null);
    } catch (IOException e) {
      return besides(both, folder, e);
    } catch (RuntimeException e) {
      both.close();
      throw e;
    }
  }

  private static String folderSource(Path folder) {
    return "folder " + real(folder);
  }

  /**
   * What tells a run of a job, before it writes, whether the job is still this process's own.
   *
   * @param job its name; one that is not leased stands for what the run itself leases
   */
  public LeaseFence fence(String job) {
    Long leased = nodes.get(jobSource(job));
    return new LeaseFence(database, liveness, leased != null ? leased : liveness.number(), margin);
  }

  /** Leases a namespace of Camel's, whose leader this process then is. */
  public Lease namespace(String name) {
    return row(namespaceSource(name), MessageCode.JOB_HELD, name);
  }

  /**
   * Whether a namespace that this process has leased is not its own any more, or may soon be
   * another's because the journal cannot be reached. Does not ask the journal.
   */
  public boolean isNamespaceLost(String name) {
    return isSourceLost(namespaceSource(name)) || !liveness.isSure();
  }

  private static String namespaceSource(String name) {
    return "namespace " + name;
  }

  private boolean isSourceLost(String source) {
    Long leased = nodes.get(source);
    return leased != null && leased != liveness.number();
  }

  /** Whether nobody has leased a job. */
  public boolean isFree(String job) {
    return database.call(
        connection -> {
          LeaseRow there = LeaseRow.of(connection, jobSource(job));
          return there == null || isGone(connection, there, me().since());
        });
  }

  /** Whether a job that this process has leased is not its own any more. */
  public boolean isLost(String job) {
    return isSourceLost(jobSource(job));
  }

  private static String jobSource(String name) {
    return "job " + name;
  }

  /** Leases a job by its name. */
  public Lease job(String name) {
    return row(jobSource(name), MessageCode.JOB_HELD, name);
  }

  /** A file, from the moment it is opened to the report of its run. */
  public Lease file(Path file) {
    return row("file " + real(file), MessageCode.FILE_HELD, file);
  }

  /**
   * The folder of a file named by hand: nobody may watch it meanwhile, but others may read other
   * files of it. A folder that nobody has ever watched is not locked.
   */
  public Lease folderOf(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && liveness.seesOtherComputers()) {
      refuseWatched(folder);
    }
    try {
      Optional<FolderLock> lock =
          folder == null ? Optional.empty() : FolderLock.together(folder, me());
      return new Lease(() -> lock.ifPresent(FolderLock::close), null);
    } catch (IOException e) {
      return new Lease(() -> {}, MessageCode.FOLDER_NOT_LOCKABLE.with(String.valueOf(folder), e));
    }
  }

  private void refuseWatched(Path folder) {
    var owner =
        database.call(
            connection -> {
              LeaseRow there = LeaseRow.of(connection, folderSource(folder));
              return there == null || isGone(connection, there, me().since())
                  ? Optional.<LeaseOwner>empty()
                  : Optional.of(there.owner());
            });
    if (owner.isPresent()) {
      throw new LeasedException(MessageCode.FOLDER_HELD.with(folder, owner.get().words()));
    }
  }

  private static Lease besides(Lease row, Path folder, IOException e) {
    return new Lease(row::close, MessageCode.FOLDER_NOT_LOCKABLE.with(folder, e));
  }

  private Lease row(String source, MessageCode sentence, Object name) {
    long claim = ThreadLocalRandom.current().nextLong();
    LeaseOwner me = me();
    long node = liveness.number();
    HERE.add(claim);
    ours.add(claim);
    try {
      var other = database.call(connection -> take(connection, source, claim, node, me));
      if (other.isPresent()) {
        throw new LeasedException(sentence.with(name, other.get().words()));
      }
      nodes.put(source, node);
      return new Lease(
          () -> {
            nodes.remove(source, node);
            release(claim);
          },
          null);
    } catch (RuntimeException e) {
      forget(claim);
      throw e;
    }
  }

  private boolean forget(long claim) {
    HERE.remove(claim);
    return ours.remove(claim);
  }

  /** Empty when it is ours, also from an attempt of which we never heard; else whose it is. */
  private Optional<LeaseOwner> take(
      Connection connection, String source, long claim, long node, LeaseOwner me)
      throws SQLException, IOException {
    while (true) {
      LeaseRow there = LeaseRow.of(connection, source);
      if (there == null) {
        insert(connection, source, claim, node, me);
        return Optional.empty();
      } else if (there.claim() == claim) {
        return Optional.empty();
      } else if (!isGone(connection, there, me.since())) {
        return Optional.of(there.owner());
      }
      // when another takes it over at the same time, only one of the two deletes it
      Sql.update(
          connection, "DELETE FROM held WHERE source = ? AND claim = ?", source, there.claim());
    }
  }

  private boolean isGone(Connection connection, LeaseRow row, Instant now)
      throws SQLException, IOException {
    boolean release = row.liveness() == liveness.number() && !HERE.contains(row.claim());
    return release
        || !liveness.has(connection, row.liveness())
        || (!liveness.seesOtherComputers()
            && !row.owner().isOfThisHost()
            && row.seenAt().plus(SILENCE).isBefore(now));
  }

  private void insert(Connection connection, String source, long claim, long node, LeaseOwner me)
      throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO held (source, claim, presence, process, host, since, command, seen_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        source,
        claim,
        node,
        me.process(),
        me.host(),
        me.since().atOffset(ZoneOffset.UTC),
        me.command(),
        me.since().atOffset(ZoneOffset.UTC));
  }

  private void release(long claim) {
    if (!forget(claim)) {
      return;
    }
    try {
      database.call(
          connection -> Sql.update(connection, "DELETE FROM held WHERE claim = ?", claim));
    } catch (UserErrorException e) {
      // a full disk, for instance: the row stands there still, but no longer for anything
    }
  }

  /** As {@link #beat}; what fails is tried again at the next beat. */
  void beatQuietly() {
    try {
      beat();
      unbeaten.passed();
    } catch (UserErrorException | RejectedExecutionException e) {
      // whatever needs the journal will say so, or it has been closed
    } catch (RuntimeException e) {
      unbeaten.happened(e); // thrown on, it would end the beats for ever
    }
  }

  /** Says to other computers that this process is still there, unless that is said already. */
  void beat() {
    if (!ours.isEmpty() && !liveness.seesOtherComputers()) {
      database.call(
          connection ->
              Sql.update(
                  connection,
                  "UPDATE held SET seen_at = ? WHERE presence = ?",
                  clock.instant().atOffset(ZoneOffset.UTC),
                  liveness.number()));
    }
  }

  /** Says to the other computers that this process is still there: now, not at the next beat. */
  void renew() {
    liveness.renew();
  }

  /** Forgets what processes held that are gone: a file may never be claimed again. */
  void tidy() {
    database.call(
        connection -> {
          try (var query = Sql.prepare(connection, "SELECT DISTINCT presence FROM held");
              var rows = query.executeQuery()) {
            while (rows.next()) {
              if (!liveness.has(connection, rows.getLong(1))) {
                Sql.update(connection, "DELETE FROM held WHERE presence = ?", rows.getLong(1));
              }
            }
          }
          return true;
        });
  }

  private LeaseOwner me() {
    return LeaseOwner.here(clock.instant(), command);
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      return file.toAbsolutePath().normalize(); // it is gone, or will be refused when opened
    }
  }

  /** Lets go of all that is held. */
  void close() {
    beating.cancel(false); // a beat that has begun comes to its end
    beats.shutdown();
    ours.forEach(this::release);
  }
}
