package dev.kintonesync.source.database;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.Checkpoint;
import dev.kintonesync.source.Infinity;
import dev.kintonesync.source.SourceReader;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The door to databases: opens a query so that callers see a {@link SourceReader} only.
 *
 * <p>With a unique column, rows come in pages, each of which is a transaction of its own and begins
 * behind the last row of the page before. Without one, a single cursor reads them all in one
 * read-only transaction.
 *
 * <p>With a checkpoint column, only rows are read whose value is at least the checkpoint that the
 * last poll came to, less the overlap: so rows with equal values are read again, and so are rows
 * whose transaction committed late. The end is the greatest value there was when the poll began,
 * hence a poll ends however fast rows are written, and that value is the next checkpoint. It is
 * never later than the present: one row dated in the future would hide all others until then.
 */
public final class DatabaseSource {
  /** An end may be asked for so much later than what was read: some types round. */
  private static final Duration SLACK = Duration.ofSeconds(1);

  /** Greater than any number that a row counts by; NaN and infinity are beyond it. */
  private static final BigDecimal BEYOND_NUMBERS = new BigDecimal("1E+1000");

  private final String name;
  private final DataSource database;
  private final DatabaseQuery query;
  private final Pages pages;

  /** Runs a query and hands back its rows; each call is a read-only transaction of its own. */
  @FunctionalInterface
  public interface Pages {

    /**
     * The rows, as {@link DatabaseRow#read} has them.
     *
     * @param sql with a question mark for each parameter
     * @throws RuntimeException when they cannot be read, also after other attempts
     */
    List<List<@Nullable Object>> read(String sql, List<Object> parameters);
  }

  /**
   * A query that was opened.
   *
   * @param reader its rows; the caller closes it
   * @param reached the checkpoint to be kept when all of them are settled; null: none
   * @param remarks what a person should know of it
   */
  public record Opened(
      DatabaseReader reader, @Nullable Checkpoint reached, List<UserMessage> remarks) {}

  /**
   * A source that is opened by {@link #open}.
   *
   * @param name what people call it
   * @param database where connections come from; none of them commits by itself
   */
  public DatabaseSource(String name, DataSource database, DatabaseQuery query, Pages pages) {
    this.name = name;
    this.database = database;
    this.query = query;
    this.pages = pages;
  }

  /**
   * Opens the query. Rows without a value in the checkpoint column are never read, which is said.
   *
   * @param since the checkpoint that the last poll came to; null: all rows are read
   * @param zone the zone of times that have none
   * @throws UserErrorException when the database does not take the login or the query, or a column
   *     is not fit
   * @throws java.io.UncheckedIOException when the database is out of reach
   */
  public Opened open(@Nullable Checkpoint since, Instant now, ZoneId zone) {
    try {
      if (query.checkpoint() == null && query.unique() == null) {
        return new Opened(Cursor.open(connect(), query, query.sql(), List.of()), null, List.of());
      }
      try (var connection = connect()) {
        connection.setReadOnly(true);
        return open(connection, QueryShape.of(connection, query), since, now, zone);
      }
    } catch (SQLException e) {
      throw DatabaseFault.isOutage(e) ? DatabaseFault.broken(e) : DatabaseFault.refused(e);
    }
  }

  /** A login may have been changed since the last run, which is no fault of the query. */
  private Connection connect() {
    try {
      return database.getConnection();
    } catch (SQLException e) {
      throw unopened(name, e);
    }
  }

  /** The failure to read a page, as a source tells of it that breaks. */
  public static RuntimeException broken(Throwable failure) {
    return DatabaseFault.broken(sql(failure));
  }

  /** Whether a failure to read a page says that the database does not take the query. */
  public static boolean isRefusal(Throwable failure) {
    return DatabaseFault.isRefusal(sql(failure));
  }

  /** The failure to read a page after all attempts: the query is refused, or the source breaks. */
  public static RuntimeException unread(Throwable failure) {
    var cause = sql(failure);
    return DatabaseFault.isRefusal(cause)
        ? DatabaseFault.refused(cause)
        : DatabaseFault.broken(cause);
  }

  /**
   * The failure to connect, as a source tells of it: refused, or out of reach.
   *
   * @param database what people call it
   */
  public static RuntimeException unopened(String database, Throwable failure) {
    var cause = sql(failure);
    return DatabaseFault.isOutage(cause)
        ? DatabaseFault.broken(cause)
        : new UserErrorException(
            MessageCode.DATABASE_REFUSES.with(database, DatabaseFault.words(cause)), failure);
  }

  private static SQLException sql(Throwable failure) {
    @Nullable Throwable cause = failure;
    while (cause != null && !(cause instanceof SQLException)) {
      cause = cause.getCause();
    }
    return cause instanceof SQLException sql ? sql : new SQLException(failure);
  }

  private Opened open(
      Connection connection, QueryShape shape, @Nullable Checkpoint since, Instant now, ZoneId zone)
      throws SQLException {
    var unique = shape.unique();
    if (unique != null && shape.any(connection, unique.quoted() + " IS NULL")) {
      throw new UserErrorException(MessageCode.UNIQUE_COLUMN_EMPTY.with(unique.name()));
    }
    var column = shape.checkpoint();
    if (column == null) {
      return new Opened(reader(shape, List.of(), List.of()), null, List.of());
    }
    var remarks = new ArrayList<UserMessage>();
    if (shape.any(connection, column.quoted() + " IS NULL")) {
      remarks.add(MessageCode.CHECKPOINT_COLUMN_EMPTY.with(column.name()));
    }
    Checkpoint last = greatest(connection, shape, column, remarks);
    if (last == null) {
      return new Opened(reader(shape, List.of("1 = 0"), List.of()), since, remarks);
    }
    Checkpoint reached = last;
    Object present = Checkpoint.present(last.kind(), now, zone);
    if (present != null && last.isAfter(present)) {
      if (last.isInTheFuture(now, zone)) {
        remarks.add(MessageCode.CHECKPOINT_IN_THE_FUTURE.with(column.name(), shown(last)));
      }
      reached = checkpoint(column, shape.greatest(connection, column, present));
    }
    var conditions = new ArrayList<String>();
    var parameters = new ArrayList<Object>();
    if (since != null && since.kind() == last.kind()) {
      // what was restored from a backup may end before the checkpoint
      var from = query.overlap().before(since.orEarlier(last), column.name());
      conditions.add(column.quoted() + " >= " + column.parameter());
      parameters.add(from.value());
    } else {
      query.overlap().before(last, column.name()); // refused now rather than by the second poll
    }
    conditions.add(column.quoted() + " <= " + column.parameter());
    parameters.add(last.shifted(SLACK).value());
    return new Opened(
        reader(shape, conditions, parameters), reached == null ? since : reached, remarks);
  }

  /** Infinity as the database says it, moments with a zone as they came. */
  private static Object shown(Checkpoint checkpoint) {
    return Objects.requireNonNull(Infinity.asText(checkpoint.value()));
  }

  private static @Nullable Checkpoint greatest(
      Connection connection, QueryShape shape, QueryShape.Column column, List<UserMessage> remarks)
      throws SQLException {
    Object greatest = shape.greatest(connection, column, null);
    if (greatest instanceof DatabaseRow.Unreadable) {
      remarks.add(MessageCode.CHECKPOINT_NOT_FINITE.with(column.name()));
      greatest = shape.greatest(connection, column, BEYOND_NUMBERS);
    }
    return checkpoint(column, greatest);
  }

  private static @Nullable Checkpoint checkpoint(
      QueryShape.Column column, @Nullable Object greatest) {
    if (greatest == null) {
      return null;
    }
    var checkpoint = Checkpoint.of(greatest);
    if (checkpoint == null) {
      throw new UserErrorException(
          MessageCode.CHECKPOINT_OF_THIS_TYPE.with(column.name(), column.type()));
    }
    return checkpoint;
  }

  private DatabaseReader reader(QueryShape shape, List<String> conditions, List<Object> parameters)
      throws SQLException {
    if (shape.unique() == null) {
      return Cursor.open(connect(), query, shape.select(conditions, ""), parameters);
    }
    var rows = new SeekedRows(shape, query.pageSize(), pages, conditions, parameters);
    return new DatabaseReader(shape.names(), rows, () -> {});
  }
}
