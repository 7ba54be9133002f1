package dev.kintonesync.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.AnswerReader;
import dev.kintonesync.kintone.Backoff;
import dev.kintonesync.kintone.Connection;
import dev.kintonesync.kintone.ErrorCode;
import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import dev.kintonesync.simulator.OriginalApp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An app of a real Kintone, read to be made again in the simulator. Only reads: it needs the right
 * to view, and its designs as far as the caller may see them.
 */
final class RealApp {
  private static final int PAGE = 500;
  private static final int ATTEMPTS = 5;
  private static final Backoff PAUSES = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10));
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final Connection connection;
  private final String app;
  private final Duration timeout;
  private final HttpClient http;

  RealApp(Connection connection, String app, Duration timeout) {
    this.connection = connection;
    this.app = app;
    this.timeout = timeout;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
  }

  /**
   * The form, and whatever else the caller may see of the app's design.
   *
   * @throws RefusedException when the form cannot be read
   */
  OriginalApp design() throws InterruptedException {
    String space = connection.guestSpace();
    return new OriginalApp(
        Long.parseLong(app),
        space == null ? null : Long.valueOf(space),
        needed("app/form/fields.json", parameters()),
        optional("app/settings.json"),
        optional("app/form/layout.json"),
        optional("app/status.json"));
  }

  /**
   * Hands out all records by their ids, up to 500 at a time, however many there are.
   *
   * @throws RefusedException when a page cannot be read
   */
  void records(Consumer<List<JsonNode>> taker) throws InterruptedException {
    long last = 0;
    List<JsonNode> page = new ArrayList<>();
    do {
      page.clear();
      String query = "$id > " + last + " order by $id asc limit " + PAGE;
      needed("records.json", parameters().put("query", query)).path("records").forEach(page::add);
      if (!page.isEmpty()) {
        taker.accept(List.copyOf(page));
        last = page.get(page.size() - 1).path("$id").path("value").asLong();
      }
    } while (page.size() == PAGE);
  }

  private ObjectNode parameters() {
    return JsonNodeFactory.instance.objectNode().put("app", app);
  }

  private JsonNode optional(String resource) throws InterruptedException {
    return answer(resource, parameters()) instanceof Answer.Done done
        ? done.body()
        : MissingNode.getInstance();
  }

  private JsonNode needed(String resource, ObjectNode parameters) throws InterruptedException {
    Answer answer = answer(resource, parameters);
    if (answer instanceof Answer.Done done) {
      return done.body();
    }
    throw new RefusedException(
        answer instanceof Answer.Refused refused && !ErrorCode.isBusy(refused.code())
            ? refused.whyUnreadable(app, connection.baseUrl())
            : Text.KINTONE_AWAY.with(connection.baseUrl(), answer.words()));
  }

  /** Asks again, after longer and longer pauses, where Kintone is busy or away. */
  private Answer answer(String resource, ObjectNode parameters) throws InterruptedException {
    Answer answer = asked(resource, parameters);
    for (int attempt = 1; attempt < ATTEMPTS && mayHelpToAskAgain(answer); attempt++) {
      Thread.sleep(PAUSES.after(attempt).toMillis());
      answer = asked(resource, parameters);
    }
    return answer;
  }

  private static boolean mayHelpToAskAgain(Answer answer) {
    return answer instanceof Answer.Unknown
        || (answer instanceof Answer.Refused refused && ErrorCode.isBusy(refused.code()));
  }

  private Answer asked(String resource, ObjectNode parameters) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(connection.baseUrl() + connection.path(resource)))
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .header("Accept-Language", connection.language())
            .header("X-HTTP-Method-Override", "GET")
            .POST(HttpRequest.BodyPublishers.ofString(parameters.toString()));
    connection.credentials().headers().forEach(request::header);
    try {
      HttpResponse<byte[]> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return AnswerReader.read(response.statusCode(), response.body());
    } catch (IOException e) {
      return new Answer.Unknown(words(e), false);
    }
  }

  private static String words(IOException failure) {
    @Nullable String message = failure.getMessage();
    return failure.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }
}
