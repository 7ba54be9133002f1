package dev.kintonesync.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * Whether everything is ready: Kintone and the source of every job answer, and no job is late or
 * refused. Asks each of them at most once a minute, without a call that Kintone counts.
 */
final class Health {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration HOLDS = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int SERVER_ERROR = 500;

  private final Overview overview;
  private final Clock clock;
  private final Map<String, Found> found = new ConcurrentHashMap<>();

  private record Found(boolean answers, Instant at) {}

  Health(Overview overview, Clock clock) {
    this.overview = overview;
    this.clock = clock;
  }

  /** As an answer: 200 when ready, 503 when not, with what holds of each job. */
  Answer check() {
    var node = JSON.createObjectNode();
    var jobs = JSON.createArrayNode();
    boolean ready = true;
    for (var status : overview.jobs()) {
      var one = jobs.addObject().put("job", status.name());
      ready &= check(status, one);
    }
    node.put("status", ready ? "UP" : "DOWN");
    node.set("jobs", jobs);
    var answer = Answer.json(node);
    return ready ? answer : answer.as(503);
  }

  private boolean check(JobStatus status, ObjectNode node) {
    var job = status.job();
    boolean kintone =
        job != null && asked(job.connection().baseUrl().toString(), () -> answers(job));
    boolean source = job != null && source(job);
    node.put("kintone", kintone).put("source", source).put("overdue", status.late());
    return kintone && source && !status.late();
  }

  private boolean source(Job job) {
    if (job.source() instanceof Source.Folder folder) {
      return Files.isReadable(folder.folder()) && Files.isWritable(folder.folder());
    }
    if (job.source() instanceof Source.Database database) {
      return asked(database.url() + " " + database.username(), () -> answers(database));
    }
    return true; // what else there may be is judged by its runs
  }

  /** Asks, unless that was done a moment ago. */
  private boolean asked(String what, BooleanSupplier question) {
    var now = clock.instant();
    var known = found.get(what);
    if (known == null || now.isAfter(known.at().plus(HOLDS))) {
      known = new Found(question.getAsBoolean(), now);
      found.put(what, known);
    }
    return known.answers();
  }

  /** Any answer of a web server that does not fail is one; no login, so no call that counts. */
  private static boolean answers(Job job) {
    URI url = job.connection().baseUrl().resolve("/k/");
    try {
      var connection = (HttpURLConnection) url.toURL().openConnection();
      connection.setInstanceFollowRedirects(false);
      connection.setConnectTimeout((int) PATIENCE.toMillis());
      connection.setReadTimeout((int) PATIENCE.toMillis());
      int status = connection.getResponseCode();
      connection.disconnect();
      return status < SERVER_ERROR;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean answers(Source.Database database) {
    try (var connection =
        DriverManager.getConnection(database.url(), database.username(), database.password())) {
      return connection.isValid((int) PATIENCE.toSeconds());
    } catch (SQLException e) {
      return false;
    }
  }
}
