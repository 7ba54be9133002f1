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
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.component.sql.RowMapperFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;

/**
 * Connections to the databases that jobs read, and their pages by way of the route {@code
 * read-page}. Each database and login has one pool, which keeps no connection open between polls.
 */
public final class Databases implements AutoCloseable {
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
  private final Map<Login, String> names = new HashMap<>();
  private boolean closed;

  /** What a pool is for. */
  private record Login(String url, @Nullable String username, @Nullable String password) {
    @Override
    public String toString() {
      return String.valueOf(username);
    }
  }

  /**
   * A page could not be read, and is asked for again after a pause if attempts are left: the run in
   * the exchange waits for the database.
   */
  public void failed(Exchange exchange) {
    var run = exchange.getProperty(RequestContext.PROPERTY, RequestContext.class);
    var failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
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
   * The database of a job, ready to be opened.
   *
   * @param run waits where a page has to be read again
   * @throws UserErrorException when there is no driver for it, or it does not let us in
   * @throws java.io.UncheckedIOException when it is out of reach
   */
  DatabaseSource source(Source.Database source, RequestContext run) {
    var context = camel.get();
    String name = pool(context, source);
    return new DatabaseSource(
        source.name(),
        context.getRegistry().lookupByNameAndType(name, HikariDataSource.class),
        source.query(),
        (sql, parameters) -> read(new Page(name, sql, parameters), run));
  }

  private synchronized String pool(CamelContext context, Source.Database source) {
    var login = new Login(source.url(), source.username(), source.password());
    String known = names.get(login);
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
    String name = "kintoneDatabase-" + (names.size() + 1);
    try {
      context.getRegistry().bind(name, new HikariDataSource(config(name, login)));
    } catch (PoolInitializationException e) {
      throw DatabaseSource.unopened(source.name(), e);
    }
    names.put(login, name);
    return name;
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
      throw DatabaseSource.broken(e);
    }
  }

  /** Closes all connections; a run that goes on gets no other. */
  @Override
  public synchronized void close() {
    closed = true;
    for (String name : names.values()) {
      camel.get().getRegistry().lookupByNameAndType(name, HikariDataSource.class).close();
    }
    names.clear();
  }
}
