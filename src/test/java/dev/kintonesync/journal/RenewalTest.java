package dev.kintonesync.journal;

import static dev.kintonesync.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.kintonesync.message.UserErrorException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What says from time to time that a process is there goes on, whatever fails once. */
class RenewalTest {
  private static final Duration LEASE = Duration.ofSeconds(2);

  @TempDir Path home;

  @Test
  void aNodeIsRenewedAfterADefectOfTheDriver() {
    Journal.open(JournalKind.POSTGRESQL.location(home)).close();
    var database = new DefectiveDatabase(JournalKind.POSTGRESQL, home);
    var me = LeaseOwner.here(Clock.systemUTC().instant(), "run");
    try (var liveness = new NodeLiveness(database, LEASE, me)) {
      liveness.number();
      database.failsNext.set(true);
      await().until(() -> !database.failsNext.get());
      int before = database.asked.get();
      await().until(() -> database.asked.get() > before + 2);
      assertThat(liveness.isSure()).isTrue();
    }
  }

  @Test
  void aClaimBeatsAfterADefectOfTheDriver() throws IOException {
    Journal.open(home).close();
    try (var database = new DefectiveDatabase(JournalKind.H2, home);
        var liveness = ProcessLiveness.in(home)) {
      var leases = new Leases(database, liveness, LEASE, "run", Clock.systemUTC());
      leases.job("customers");
      database.failsNext.set(true);
      assertThatCode(leases::beatQuietly).doesNotThrowAnyException();
      assertThat(database.failsNext).isFalse();
      leases.close();
    }
  }

  /** A database whose driver has a defect that shows when it is asked to. */
  private static final class DefectiveDatabase extends Database {
    private final JournalKind kind;
    private final Path home;
    private final AtomicBoolean failsNext = new AtomicBoolean();
    private final AtomicInteger asked = new AtomicInteger();

    private DefectiveDatabase(JournalKind kind, Path home) {
      this.kind = kind;
      this.home = home;
    }

    @Override
    Connection connect(int attempt) throws SQLException, IOException {
      var real = kind.connect(home);
      return (Connection)
          Proxy.newProxyInstance(
              Connection.class.getClassLoader(),
              new Class<?>[] {Connection.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("prepareStatement")) {
                  asked.incrementAndGet();
                  if (failsNext.getAndSet(false)) {
                    throw new IllegalStateException("a defect of the driver's");
                  }
                }
                try {
                  return method.invoke(real, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    @Override
    void done(Connection opened) {
      // nothing is remembered of it
    }

    @Override
    @Nullable Duration pauseBeforeRetry(SQLException e, int attempt) {
      return null;
    }

    @Override
    boolean isAway(SQLException e) {
      return false;
    }

    @Override
    void cut(Connection open) throws SQLException {
      open.abort(Runnable::run);
    }

    @Override
    UserErrorException refused(Exception e) {
      throw new AssertionError(e);
    }

    @Override
    void leave() {
      // there is nothing besides the connection
    }

    @Override
    boolean reachDisk() {
      return true;
    }
  }
}
