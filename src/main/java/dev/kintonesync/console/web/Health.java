package dev.kintonesync.console.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.console.JobOverview;
import dev.kintonesync.console.JobStatus;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.settings.BoundedHttp;
import dev.kintonesync.settings.HttpClientFactory;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.hc.client5.http.classic.methods.HttpGet;

/**
 * Whether everything is ready: Kintone and the source of every job answer, and no job is late,
 * refused or waits for a person. Asks each of them at most once a minute, without a call that
 * Kintone counts, and does not wait long for any.
 */
final class Health implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration HOLDS = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int SERVER_ERROR = 500;

  /**
   * How the drivers are told not to wait for ever: by the beginning of an address, in their own
   * words. Of another driver a database that hangs is not ready until it has answered.
   */
  private static final Map<String, Map<String, String>> LIMITS =
      Map.of(
          "jdbc:postgresql:", Map.of("loginTimeout", "5", "socketTimeout", "5"),
          "jdbc:sqlserver:", Map.of("loginTimeout", "5", "socketTimeout", "5000"),
          "jdbc:mariadb:", Map.of("connectTimeout", "5000", "socketTimeout", "5000"));

  private final JobOverview overview;
  private final Clock clock;
  private final BoundedHttp web;
  private final Map<String, Asked> asked = new ConcurrentHashMap<>();
  private final ExecutorService asking =
      Executors.newCachedThreadPool(
          work -> {
            var thread = new Thread(work, "health");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Whether somebody answers, and how to find out.
   *
   * @param local whether this computer knows, at no cost
   */
  private record Question(String about, Callable<Boolean> answers, boolean local) {

    Question(String about, Callable<Boolean> answers) {
      this(about, answers, false);
    }
  }

  private record Asked(Future<Boolean> answers, Instant at) {}

  /**
   * The health of some jobs.
   *
   * @param way that leads to Kintone
   */
  Health(JobOverview overview, HttpClientFactory way, Clock clock) {
    this.overview = overview;
    this.web = new BoundedHttp(way, PATIENCE);
    this.clock = clock;
  }

  /** As an answer: 200 when ready, 503 when not, with what holds of each job. */
  PageResponse check() {
    var node = JSON.createObjectNode();
    var jobs = JSON.createArrayNode();
    boolean ready = true;
    var statuses = overview.jobs();
    for (var status : statuses) {
      var job = status.job();
      if (job != null) {
        questions(job).forEach(this::ask); // all at once: several may take their time
      }
    }
    for (var status : statuses) {
      var one = jobs.addObject().put("job", status.name());
      ready &= check(status, one);
    }
    node.put("status", ready ? "UP" : "DOWN");
    node.set("jobs", jobs);
    var answer = PageResponse.json(node);
    return ready ? answer : answer.as(503);
  }

  private boolean check(JobStatus status, ObjectNode node) {
    var job = status.job();
    boolean kintone = job != null && kintone(status, job);
    boolean source = job != null && source(job);
    node.put("kintone", kintone).put("source", source).put("overdue", status.late());
    node.put("needsYou", status.isBlocked());
    return kintone && source && !status.late() && !status.isBlocked();
  }

  private boolean kintone(JobStatus status, Job job) {
    var statusRow = status.statusRow();
    var why = statusRow == null ? null : statusRow.why();
    if (why != null && why.text() == MessageCode.WAITS_FOR_KINTONE) {
      return false;
    }
    return answers(ofKintone(job));
  }

  private boolean source(Job job) {
    return answers(job.source().match(SOURCES));
  }

  private List<Question> questions(Job job) {
    return Stream.of(ofKintone(job), job.source().match(SOURCES))
        .filter(question -> !question.local())
        .toList();
  }

  /** Asks a source whether it can be reached, where that can be found out at no cost. */
  private static final Source.Cases<Question> SOURCES =
      new Source.Cases<>() {
        @Override
        public Question folder(Source.Folder source) {
          return new Question(
              source.name(),
              () -> Files.isReadable(source.folder()) && Files.isWritable(source.folder()),
              true);
        }

        @Override
        public Question file(Source.OneFile source) {
          return new Question(source.name(), () -> Files.isReadable(source.file()), true);
        }

        @Override
        public Question database(Source.Database source) {
          return new Question(source.url() + " " + source.username(), () -> answers(source));
        }

        @Override
        public Question api(Source.Api source) {
          return judgedByItsRuns(source); // a call may count or cost there
        }

        @Override
        public Question app(Source.KintoneApp source) {
          return judgedByItsRuns(source); // a call counts there
        }

        @Override
        public Question topic(Source.Topic source) {
          return judgedByItsRuns(source); // its consumer tells of trouble by itself
        }

        @Override
        public Question plan(Source.PlanFile source) {
          return new Question(source.name(), () -> Files.isReadable(source.file()), true);
        }

        private Question judgedByItsRuns(Source source) {
          return new Question(source.name(), () -> true);
        }
      };

  private Question ofKintone(Job job) {
    return new Question(job.connection().baseUrl().toString(), () -> answers(job));
  }

  /**
   * Asks, unless that was done a moment ago or still waits for its answer: a database that hangs
   * keeps one thread, however often this is called.
   */
  private Asked ask(Question question) {
    var now = clock.instant();
    return asked.compute(
        question.about(),
        (about, known) ->
            known == null || (known.answers().isDone() && now.isAfter(known.at().plus(HOLDS)))
                ? new Asked(asking.submit(question.answers()), now)
                : known);
  }

  private boolean answers(Question question) {
    if (question.local()) {
      try {
        return question.answers().call();
      } catch (Exception e) {
        return false;
      }
    }
    var last = ask(question);
    long left = PATIENCE.minus(Duration.between(last.at(), clock.instant())).toMillis();
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
  private boolean answers(Job job) {
    try {
      return web.send(new HttpGet(job.connection().baseUrl().resolve("/k/"))).status()
          < SERVER_ERROR;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean answers(Source.Database database) {
    var properties = new Properties();
    LIMITS.forEach(
        (start, limits) -> {
          if (database.url().startsWith(start)) {
            properties.putAll(limits);
          }
        });
    if (database.username() != null && database.password() != null) {
      properties.setProperty("user", database.username());
      properties.setProperty("password", database.password());
    }
    try (var connection = DriverManager.getConnection(database.url(), properties)) {
      return connection.isValid((int) PATIENCE.toSeconds());
    } catch (SQLException e) {
      return false;
    }
  }

  @Override
  public void close() {
    asking.shutdownNow();
    web.close();
  }
}
