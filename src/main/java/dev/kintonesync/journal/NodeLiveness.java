package dev.kintonesync.journal;

import dev.kintonesync.message.RepeatedFailure;
import dev.kintonesync.message.UserErrorException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells which processes that share a journal are there, by a row of each that it renews: it is
 * there until a time on the database's clock. A process that was late, because it was frozen or cut
 * off, and that another process has meanwhile found to be gone, is gone for good: it gets another
 * number and has to lease anew what it leased before.
 *
 * <p>The renewals have a connection of their own, which no other work holds up.
 */
final class NodeLiveness implements Liveness {
  private static final Logger log = LoggerFactory.getLogger(NodeLiveness.class);
  private static final int RENEWALS_PER_LEASE = 4;

  /** The number of a process that has not needed one yet. */
  private static final long NOBODY = 0;

  private final Database database;
  private final Duration lease;
  private final LeaseOwner me;
  private final ScheduledExecutorService renewals =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            var thread = new Thread(work, "node");
            thread.setDaemon(true);
            return thread;
          });

  private final Future<?> renewing;
  private final RepeatedFailure unrenewed =
      new RepeatedFailure(log, "that this process is there cannot be said");

  private volatile long number = NOBODY;
  private volatile boolean service;

  /** When it last asked to be there and was told so; of {@link System#nanoTime}. */
  private volatile long heard;

  NodeLiveness(Database database, Duration lease, LeaseOwner me) {
    this.database = database;
    this.lease = lease;
    this.me = me;
    long period = lease.toMillis() / RENEWALS_PER_LEASE;
    this.renewing =
        renewals.scheduleWithFixedDelay(this::renewQuietly, period, period, TimeUnit.MILLISECONDS);
  }

  /** The number of this process, which is among the others from the first call on. */
  @Override
  public long number() {
    long mine = number;
    return mine != NOBODY ? mine : registered();
  }

  private synchronized long registered() {
    return number != NOBODY ? number : register();
  }

  private long register() {
    long fresh = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    long asked = System.nanoTime();
    database.call(
        connection ->
            Sql.update(
                connection,
                """
                MERGE INTO node USING (VALUES (1)) AS one (n) ON node.number = ?
                WHEN NOT MATCHED THEN
                  INSERT (number, host, process, command, service, since, alive_until)
                  VALUES (?, ?, ?, ?, ?, CURRENT_TIMESTAMP,
                    CURRENT_TIMESTAMP + CAST(? AS INT) * INTERVAL '1' SECOND)
                """,
                fresh,
                fresh,
                me.host(),
                me.process(),
                me.command(),
                service,
                Math.toIntExact(lease.toSeconds())));
    heard = asked;
    number = fresh;
    return fresh;
  }

  @Override
  public synchronized void serve() {
    service = true;
    long mine = number();
    database.call(
        connection ->
            Sql.update(connection, "UPDATE node SET service = TRUE WHERE number = ?", mine));
  }

  private void renewQuietly() {
    try {
      renew();
      unrenewed.passed();
    } catch (UserErrorException e) {
      // whatever needs the journal will say so
    } catch (RejectedExecutionException e) {
      // the journal has been closed
    } catch (RuntimeException e) {
      unrenewed.happened(e); // thrown on, it would end the renewals for ever
    }
  }

  /** Unless another process has found it to be gone; then it gets another number. */
  @Override
  public synchronized void renew() {
    long mine = number;
    if (mine == NOBODY) {
      return;
    }
    long asked = System.nanoTime();
    if (database.call(connection -> renewed(connection, mine))) {
      heard = asked;
    } else {
      register();
    }
  }

  /** Who is found to be late is gone: its row goes, so that it learns of it. */
  @Override
  public boolean has(Connection connection, long other) throws SQLException {
    if (other == number) {
      return true; // however late it is, as long as no other process has said otherwise
    }
    Sql.update(
        connection, "DELETE FROM node WHERE number = ? AND alive_until < CURRENT_TIMESTAMP", other);
    try (var query = Sql.prepare(connection, "SELECT 1 FROM node WHERE number = ?", other);
        var rows = query.executeQuery()) {
      return rows.next();
    }
  }

  @Override
  public boolean confirms(Connection connection, long mine) throws SQLException {
    try (var query =
            Sql.prepare(
                connection,
                """
                SELECT alive_until > CURRENT_TIMESTAMP + CAST(? AS INT) * INTERVAL '1' SECOND
                FROM node WHERE number = ?
                """,
                Math.toIntExact(lease.toSeconds() / RENEWALS_PER_LEASE + 1),
                mine);
        var rows = query.executeQuery()) {
      return rows.next() && (rows.getBoolean(1) || renewed(connection, mine));
    }
  }

  @Override
  public boolean isSure() {
    Duration silence = Duration.ofNanos(System.nanoTime() - heard);
    return silence.compareTo(lease.minus(lease.dividedBy(RENEWALS_PER_LEASE))) < 0;
  }

  private boolean renewed(Connection connection, long mine) throws SQLException {
    return Sql.update(
            connection,
            """
            UPDATE node
            SET alive_until = CURRENT_TIMESTAMP + CAST(? AS INT) * INTERVAL '1' SECOND
            WHERE number = ?
            """,
            Math.toIntExact(lease.toSeconds()),
            mine)
        == 1;
  }

  @Override
  public boolean seesOtherComputers() {
    return true;
  }

  @Override
  public void cutSoon() {
    database.cutSoon();
  }

  @Override
  public void close() {
    renewing.cancel(false); // one that has begun comes to its end
    renewals.shutdown();
    cutSoon();
    try {
      forget();
    } catch (UserErrorException e) {
      // it goes by itself when its time is over
    }
    database.close();
  }

  private synchronized void forget() {
    long mine = number;
    if (mine != NOBODY) {
      database.call(
          connection -> Sql.update(connection, "DELETE FROM node WHERE number = ?", mine));
    }
  }
}
