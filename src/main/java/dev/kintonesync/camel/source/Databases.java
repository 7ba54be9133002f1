package dev.kintonesync.camel.source;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import dev.kintonesync.camel.kintone.RequestContext;
import dev.kintonesync.camel.kintone.RouteCaller;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.database.DatabaseRow;
import dev.kintonesync.source.database.DatabaseSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.component.sql.RowMapperFactory;
import org.apache.camel.component.sql.SqlEndpoint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.RowMapper;

/**
 * Connections to the databases that jobs read, and their pages by way of the route {@code
 * read-page}. Each database and login has one pool, which keeps no connection open between polls.
 * It is closed, and its login forgotten, when no job has it any more and nobody reads from it.
 */
public final class Databases implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Databases.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final int CONNECTIONS = 10;

  /** Spring's own reading of rows would lose zones; ours does not. */
  public static final RowMapperFactory ROWS =
      new RowMapperFactory() {
        @Override
        public RowMapper<?> newColumnRowMapper() {
          return (row, number) -> DatabaseRow.read(row);
        }

        @Override
        public RowMapper<?> newBeanRowMapper(Class<?> beans) {
          throw new UnsupportedOperationException("rows have no classes");
        }
      };

  private final Supplier<CamelContext> camel;
  private final RouteCaller routes;
  private final Clock clock;
  private final Map<Login, Pool> pools = new HashMap<>();
  private int made;
  private boolean closed;

  /** What a pool is for. */
  private record Login(String url, @Nullable String username, @Nullable String password) {
    @Override
    public String toString() {
      return String.valueOf(username);
    }
  }

  /** The connections of a login; guarded by the lock of this object, as is all that changes. */
  private static final class Pool {
    private final String name;
    private final HikariDataSource connections;

    /** The jobs that have read with it and may do so again. */
    private final Set<String> jobs = new HashSet<>();

    private int readers;

    private Pool(String name, HikariDataSource connections) {
      this.name = name;
      this.connections = connections;
    }
  }

  /** A database for one who reads from it until this is closed, which may be done twice. */
  final class Borrowed implements AutoCloseable {
    private final DatabaseSource source;
    private final Pool pool;
    private boolean returned;

    private Borrowed(DatabaseSource source, Pool pool) {
      this.source = source;
      this.pool = pool;
    }

    DatabaseSource source() {
      return source;
    }

    @Override
    public void close() {
      synchronized (Databases.this) {
        if (!returned) {
          returned = true;
          pool.readers--;
          closeIfUnused(pool);
        }
      }
    }
  }

  /**
   * A page could not be read. When the database is out of reach, the page is asked for again after
   * a pause if attempts are left, and the run in the exchange waits for it. A query that it refuses
   * would be refused again: there is no other attempt.
   */
  public void failed(Exchange exchange) {
    var run = exchange.getProperty(RequestContext.PROPERTY, RequestContext.class);
    var failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    if (DatabaseSource.isRefusal(failure)) {
      exchange.setRollbackOnly(true);
      return;
    }
    String words = String.valueOf(DatabaseSource.broken(failure).getMessage());
    run.waits(run.job().source().name(), words, clock.instant());
  }

  /**
   * A page that the route {@code read-page} is to read.
   *
   * @param database the name of the pool
   * @param sql with a question mark for each parameter
   */
  public record Page(String database, String sql, List<Object> parameters) {}

  /**
   * Databases that are opened when they are first asked for.
   *
   * @param camel the application, once it has started
   * @param clock tells since when a run waits
   */
  public Databases(Supplier<CamelContext> camel, Clock clock) {
    this.camel = camel;
    this.clock = clock;
    this.routes = new RouteCaller(camel);
  }

  /**
   * The database of a job, ready to be opened. A run over a part of the rows may be of a job that
   * is only being set up: its login is kept no longer than it reads.
   *
   * @param run waits where a page has to be read again
   * @throws UserErrorException when there is no driver for it, or it does not let us in
   * @throws java.io.UncheckedIOException when it is out of reach
   */
  synchronized Borrowed borrow(Source.Database source, RequestContext run) {
    var pool = pool(source);
    if (!run.job().options().isPartial() && pool.jobs.add(run.job().name())) {
      leave(run.job().name(), pool);
    }
    pool.readers++;
    return new Borrowed(
        new DatabaseSource(
            source.name(),
            pool.connections,
            source.query(),
            (sql, parameters) -> read(new Page(pool.name, sql, parameters), run)),
        pool);
  }

  /** A job does not read any more, or will say anew with which login it does. */
  public synchronized void end(String job) {
    leave(job, null);
  }

  private void leave(String job, @Nullable Pool but) {
    for (var pool : List.copyOf(pools.values())) {
      if (pool != but && pool.jobs.remove(job)) {
        closeIfUnused(pool);
      }
    }
  }

  private void closeIfUnused(Pool pool) {
    if (pool.jobs.isEmpty() && pool.readers == 0 && pools.values().remove(pool)) {
      close(pool);
    }
  }

  private void close(Pool pool) {
    var context = camel.get();
    context.getRegistry().unbind(pool.name);
    pool.connections.close();
    for (var endpoint : context.getEndpoints()) {
      if (endpoint instanceof SqlEndpoint sql && sql.getDataSource() == pool.connections) {
        try {
          context.removeEndpoint(endpoint); // it knows the password
        } catch (Exception e) {
          log.warn("an endpoint of {} cannot be removed", pool.name, e);
        }
      }
    }
  }

  private Pool pool(Source.Database source) {
    var login = new Login(source.url(), source.username(), source.password());
    var known = pools.get(login);
    if (known != null) {
      return known;
    }
    if (closed) { // nobody would close it
      throw new UncheckedIOException(
          new IOException(MessageCode.RUN_INTERRUPTED.with().toString()));
    }
    if (DriverManager.drivers().noneMatch(driver -> accepts(driver, source.url()))) {
      throw new UserErrorException(MessageCode.DRIVER_MISSING.with(source.name()));
    }
    String name = "kintoneDatabase-" + ++made;
    try {
      var pool = new Pool(name, new HikariDataSource(config(name, login)));
      camel.get().getRegistry().bind(name, pool.connections);
      pools.put(login, pool);
      return pool;
    } catch (PoolInitializationException e) {
      throw DatabaseSource.unopened(source.name(), e);
    }
  }

  private static boolean accepts(Driver driver, String url) {
    try {
      return driver.acceptsURL(url);
    } catch (SQLException e) {
      return false;
    }
  }

  private static HikariConfig config(String name, Login login) {
    var config = new HikariConfig();
    config.setPoolName(name);
    config.setJdbcUrl(login.url());
    config.setUsername(login.username());
    config.setPassword(login.password());
    config.setReadOnly(true);
    config.setAutoCommit(false);
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(0);
    config.setIdleTimeout(IDLE.toMillis());
    config.setConnectionTimeout(PATIENCE.toMillis());
    if (login.url().startsWith("jdbc:postgresql:")) {
      // the others do it by themselves: a connection that died silently is noticed some day
      config.addDataSourceProperty("tcpKeepAlive", "true");
    }
    return config;
  }

  @SuppressWarnings("unchecked") // what our row mapper makes
  private List<List<@Nullable Object>> read(Page page, RequestContext run) {
    try {
      var rows =
          (List<List<@Nullable Object>>)
              routes
                  .template()
                  .sendBodyAndProperty(
                      "direct:read-page",
                      ExchangePattern.InOut,
                      page,
                      RequestContext.PROPERTY,
                      run);
      run.goesOn();
      return rows;
    } catch (CamelExecutionException e) {
      throw DatabaseSource.unread(e);
    }
  }

  /** Closes all connections; a run that goes on gets no other. */
  @Override
  public synchronized void close() {
    closed = true;
    pools.values().forEach(pool -> pool.connections.close());
    pools.clear();
  }
}
