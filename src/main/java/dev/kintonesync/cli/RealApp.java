package dev.kintonesync.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
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
    this.web = new KintoneProbe(Network.DIRECT, timeout, request -> {});
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
        needed(KintoneRequest.formFields(connection, app)),
        optional(KintoneRequest.appSettings(connection, app)),
        optional(question("app/form/layout.json")),
        optional(question("app/status.json")));
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
      needed(KintoneRequest.getRecords(connection, app, query, List.of()))
          .path("records")
          .forEach(page::add);
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

  private KintoneRequest question(String resource) {
    var parameters = JsonNodeFactory.instance.objectNode().put("app", app);
    return KintoneRequest.operation(connection, Verb.GET, resource, parameters);
  }

  private JsonNode optional(KintoneRequest request) throws InterruptedException {
    return answer(request) instanceof Answer.Done done ? done.body() : MissingNode.getInstance();
  }

  private JsonNode needed(KintoneRequest request) throws InterruptedException {
    Answer answer = answer(request);
    if (answer instanceof Answer.Done done) {
      return done.body();
    }
    throw new UserErrorException(
        answer instanceof Answer.Refused refused && !ErrorCode.isBusy(refused.code())
            ? refused.whyUnreadable(app, request)
            : answer.whyAway(connection.baseUrl()));
  }

  /** Asks again, after longer and longer pauses, where Kintone is busy or away. */
  private Answer answer(KintoneRequest request) throws InterruptedException {
    Answer answer = web.ask(request);
    for (int attempt = 1; attempt < ATTEMPTS && mayHelpToAskAgain(answer); attempt++) {
      Thread.sleep(PAUSES.after(attempt).toMillis());
      answer = web.ask(request);
    }
    return answer;
  }

  private static boolean mayHelpToAskAgain(Answer answer) {
    return answer.isSilence()
        || (answer instanceof Answer.Refused refused && ErrorCode.isBusy(refused.code()));
  }

  @Override
  public void close() {
    web.close();
  }
}
