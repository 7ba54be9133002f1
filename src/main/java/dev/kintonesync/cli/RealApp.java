package dev.kintonesync.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.console.BoundedHttp;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.AnswerReader;
import dev.kintonesync.kintone.Backoff;
import dev.kintonesync.kintone.ErrorCode;
import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.kintone.KintoneRecord;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.HttpClientFactory;
import dev.kintonesync.settings.Network;
import dev.kintonesync.simulator.OriginalApp;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.jspecify.annotations.Nullable;

/**
 * An app of a real Kintone, read to be made again in the simulator. Only reads: it needs the right
 * to view, and its designs as far as the caller may see them.
 */
final class RealApp implements AutoCloseable {
  private static final int PAGE = 500;
  private static final int ATTEMPTS = 5;
  private static final Backoff PAUSES = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10));

  private final KintoneConnection connection;
  private final String app;
  private final BoundedHttp web;

  RealApp(KintoneConnection connection, String app, Duration timeout) {
    this.connection = connection;
    this.app = app;
    this.web =
        new BoundedHttp(new HttpClientFactory(Network.DIRECT), timeout, AnswerReader.mostBytes());
  }

  /**
   * The form, and whatever else the caller may see of the app's design.
   *
   * @throws UserErrorException when the form cannot be read
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
   * @throws UserErrorException when a page cannot be read
   */
  void records(Consumer<List<JsonNode>> taker) throws InterruptedException {
    String last = "0";
    List<JsonNode> page = new ArrayList<>();
    do {
      page.clear();
      String query = "$id > " + last + " order by $id asc limit " + PAGE;
      needed("records.json", parameters().put("query", query)).path("records").forEach(page::add);
      if (!page.isEmpty()) {
        var end = KintoneRecord.of(page.get(page.size() - 1));
        if (!end.isAfter(last)) {
          throw new UserErrorException(MessageCode.SOURCE_APP_WITHOUT_ORDER.with(app, last));
        }
        taker.accept(List.copyOf(page));
        last = end.id();
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
    throw new UserErrorException(
        answer instanceof Answer.Refused refused && !ErrorCode.isBusy(refused.code())
            ? refused.whyUnreadable(app, connection)
            : answer.whyAway(connection.baseUrl()));
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

  private Answer asked(String resource, ObjectNode parameters) {
    var request = new HttpPost(URI.create(connection.baseUrl() + connection.path(resource)));
    request.setHeader("Accept-Language", connection.language());
    request.setHeader("X-HTTP-Method-Override", "GET");
    connection.credentials().headers().forEach(request::setHeader);
    request.setEntity(new StringEntity(parameters.toString(), ContentType.APPLICATION_JSON));
    try {
      var reply = web.send(request);
      return AnswerReader.read(reply.status(), reply.body());
    } catch (IOException e) {
      return new Answer.Unknown(words(e), false);
    }
  }

  @Override
  public void close() {
    web.close();
  }

  private static String words(IOException failure) {
    @Nullable String message = failure.getMessage();
    return failure.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }
}
