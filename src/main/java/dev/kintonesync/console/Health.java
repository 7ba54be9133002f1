package dev.kintonesync.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.message.Text;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Network;
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
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Whether everything is ready: Kintone and the source of every job answer, and no job is late or
 * refused. Asks each of them at most once a minute, without a call that Kintone counts, and does
 * not wait long for any. A Kintone behind a proxy or with certificates of its own is not asked
 * here: what the program says counts that runs the job.
 */
final class Health {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration HOLDS = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int SERVER_ERROR = 500;

  private final Overview overview;
  private final Clock clock;
  private final Network network;
  private final Map<String, Asked> asked = new ConcurrentHashMap<>();
  private final ExecutorService asking =
      Executors.newCachedThreadPool(
          work -> {
            var thread = new Thread(work, "health");
            thread.setDaemon(true);
            return thread;
          });

  private record Asked(Future<Boolean> answers, Instant at) {}

  /**
   * The health of some jobs.
   *
   * @param network what lies between us and Kintone
   */
  Health(Overview overview, Network network, Clock clock) {
    this.overview = overview;
    this.network = network;
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
    boolean kintone = job != null && kintone(status, job);
    boolean source = job != null && source(job);
    node.put("kintone", kintone).put("source", source).put("overdue", status.late());
    return kintone && source && !status.late();
  }

  private boolean kintone(JobStatus status, Job job) {
    var standing = status.standing();
    var why = standing == null ? null : standing.why();
    if (why != null && why.text() == Text.WAITS_FOR_KINTONE) {
      return false;
    }
    return !network.equals(Network.DIRECT)
        || answers(job.connection().baseUrl().toString(), () -> answers(job));
  }

  private boolean source(Job job) {
    if (job.source() instanceof Source.Folder folder) {
      return Files.isReadable(folder.folder()) && Files.isWritable(folder.folder());
    }
    if (job.source() instanceof Source.Database database) {
      return answers(database.url() + " " + database.username(), () -> answers(database));
    }
    return true; // what else there may be is judged by its runs
  }

  /**
   * Asks, unless that was done a moment ago or still waits for its answer: a database that hangs
   * keeps one thread, however often this is called.
   */
  private boolean answers(String what, Callable<Boolean> question) {
    var now = clock.instant();
    var last =
        asked.compute(
            what,
            (key, known) ->
                known == null || (known.answers().isDone() && now.isAfter(known.at().plus(HOLDS)))
                    ? new Asked(asking.submit(question), now)
                    : known);
    long left = PATIENCE.minus(Duration.between(last.at(), now)).toMillis();
    try {
      return last.answers().get(Math.max(left, 0), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
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
