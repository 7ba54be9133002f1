package dev.kintonesync.journal;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.message.UserErrorException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What commands ask of the service that runs a job, and what came of it. A job has one request at a
 * time. A request whose asker is gone before it is begun is dropped. Safe for several threads and
 * processes.
 *
 * <p>Every method throws {@link UserErrorException} when the journal cannot be read or written.
 */
public final class JobRequests {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<List<String>> WORDS = new TypeReference<>() {};
  private static final String DUPLICATE_KEY = "23505";

  private final Database database;
  private final Liveness liveness;

  /** How a request stands. */
  public enum State {
    /** Nobody has begun it. */
    WAITING,
    /** A service has begun it. */
    UNDER_WAY,
    /** Its result is there. */
    DONE,
    /** The service that had begun it is gone, or the request is. */
    LOST
  }

  /**
   * How a request stands.
   *
   * @param result what came of it; null before it is done
   */
  public record Progress(State state, @Nullable JobRequestResult result) {}

  JobRequests(Database database, Liveness liveness) {
    this.database = database;
    this.liveness = liveness;
  }

  /**
   * Asks.
   *
   * @return who has asked before and still waits; empty when this request is taken down
   */
  public Optional<String> put(JobRequest request) {
    return database.call(
        connection -> {
          forgetAbandoned(connection, request.job());
          try {
            Sql.update(
                connection,
                """
                INSERT INTO request
                  (job, id, kind, accepted, row_limit, run, asked_by, asked_by_user, asker, service, result)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)
                """,
                request.job(),
                request.id(),
                request.kind().name(),
                JSON.writeValueAsString(request.accepted()),
                request.limit(),
                request.run(),
                request.askedBy(),
                request.user(),
                liveness.number());
          } catch (SQLException e) {
            if (!DUPLICATE_KEY.equals(e.getSQLState())) {
              throw e;
            }
          }
          try (var query =
                  Sql.prepare(
                      connection, "SELECT id, asked_by FROM request WHERE job = ?", request.job());
              var rows = query.executeQuery()) {
            return rows.next() && !rows.getString(1).equals(request.id())
                ? Optional.of(rows.getString(2))
                : Optional.<String>empty();
          }
        });
  }

  /** Removes what nobody waits for: not begun, or begun by a service that is gone, or done. */
  private void forgetAbandoned(Connection connection, String job) throws SQLException, IOException {
    try (var query =
            Sql.prepare(
                connection, "SELECT id, asker, service, result FROM request WHERE job = ?", job);
        var rows = query.executeQuery()) {
      while (rows.next()) {
        boolean begun = rows.getObject(3) != null && rows.getString(4) == null;
        if (!liveness.has(connection, rows.getLong(2))
            && !(begun && liveness.has(connection, rows.getLong(3)))) {
          Sql.update(connection, "DELETE FROM request WHERE id = ?", rows.getString(1));
        }
      }
    }
  }

  /** The requests that nobody has begun and whose asker is there. */
  public List<JobRequest> waiting() {
    return database.call(
        connection -> {
          var waiting = new ArrayList<JobRequest>();
          try (var query =
                  Sql.prepare(
                      connection,
                      """
                      SELECT id, job, kind, accepted, row_limit, run, asked_by, asked_by_user, asker
                      FROM request WHERE service IS NULL ORDER BY job
                      """);
              var rows = query.executeQuery()) {
            while (rows.next()) {
              if (liveness.has(connection, rows.getLong(9))) {
                waiting.add(request(rows));
              }
            }
          }
          return waiting;
        });
  }

  private static JobRequest request(ResultSet row) throws SQLException, IOException {
    return new JobRequest(
        row.getString(1),
        row.getString(2),
        JobRequest.Kind.valueOf(row.getString(3)),
        JSON.readValue(row.getString(4), WORDS),
        row.getObject(5, Long.class),
        row.getString(6),
        row.getString(7),
        row.getString(8));
  }

  /** This process begins a request, unless another did or it was withdrawn. */
  public boolean begin(JobRequest request) {
    long service = liveness.number();
    return database.call(
        (connection, again) -> {
          int begun =
              Sql.update(
                  connection,
                  "UPDATE request SET service = ? WHERE id = ? AND service IS NULL",
                  service,
                  request.id());
          return begun == 1
              || (again
                  && Sql.finds(
                      connection,
                      "SELECT 1 FROM request WHERE id = ? AND service = ?",
                      request.id(),
                      service));
        });
  }

  /**
   * A request that this process has begun is done; nobody's result is kept if its asker is gone.
   */
  public void done(JobRequest request, JobRequestResult result) {
    database.call(
        connection -> {
          Sql.update(
              connection,
              "UPDATE request SET result = ? WHERE id = ?",
              result.json(),
              request.id());
          forgetAbandoned(connection, request.job());
          return database.reachDisk();
        });
  }

  /** How a request of this process stands. */
  public Progress progress(JobRequest request) {
    return database.call(
        connection -> {
          try (var query =
                  Sql.prepare(
                      connection,
                      "SELECT service, result FROM request WHERE id = ?",
                      request.id());
              var rows = query.executeQuery()) {
            if (!rows.next()) {
              return new Progress(State.LOST, null);
            }
            String result = rows.getString(2);
            long service = rows.getLong(1);
            boolean begun = !rows.wasNull();
            if (result != null) {
              return new Progress(State.DONE, JobRequestResult.read(result));
            } else if (!begun) {
              return new Progress(State.WAITING, null);
            }
            return new Progress(
                liveness.has(connection, service) ? State.UNDER_WAY : State.LOST, null);
          }
        });
  }

  /** Takes a request back that nobody has begun; returns whether that was so. */
  public boolean withdraw(JobRequest request) {
    return database.call(
        (connection, again) -> {
          int withdrawn =
              Sql.update(
                  connection, "DELETE FROM request WHERE id = ? AND service IS NULL", request.id());
          return withdrawn == 1
              || (again
                  && !Sql.finds(connection, "SELECT 1 FROM request WHERE id = ?", request.id()));
        });
  }

  /** Forgets a request whose result was read, or whose service is gone. */
  public void forget(JobRequest request) {
    database.call(
        connection -> Sql.update(connection, "DELETE FROM request WHERE id = ?", request.id()));
  }
}
