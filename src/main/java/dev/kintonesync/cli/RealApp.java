package dev.kintonesync.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.Backoff;
import dev.kintonesync.kintone.ErrorCode;
import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.kintone.KintoneRecord;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.kintone.Verb;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Network;
import dev.kintonesync.setup.KintoneProbe;
import dev.kintonesync.simulator.OriginalApp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

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
  private final KintoneProbe web;

  RealApp(KintoneConnection connection, String app, Duration timeout) {
    this.connection = connection;
    this.app = app;
    this.web = new KintoneProbe(Network.DIRECT, timeout);
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
    return answer.isSilence()
        || (answer instanceof Answer.Refused refused && ErrorCode.isBusy(refused.code()));
  }

  private Answer asked(String resource, ObjectNode parameters) {
    return web.ask(KintoneRequest.operation(connection, Verb.GET, resource, parameters));
  }

  @Override
  public void close() {
    web.close();
  }
}
