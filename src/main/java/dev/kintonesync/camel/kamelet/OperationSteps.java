package dev.kintonesync.camel.kamelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.camel.kintone.RequestContext;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.kintone.Verb;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The steps of operations that came as messages, as the route {@code send-operations} takes them.
 */
public final class OperationSteps {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String OPERATIONS = "kintoneCollectedOperations";

  /** What Kintone takes into a bulkRequest (its reference, "Execute multiple API requests"). */
  private static final Set<String> ALLOWED =
      Set.of(
          "POST record.json",
          "POST records.json",
          "PUT record.json",
          "PUT records.json",
          "DELETE records.json",
          "PUT record/status.json",
          "PUT records/status.json",
          "PUT record/assignees.json");

  /** The operations in the body become a run, which nobody writes down. */
  public RequestContext begin(Exchange exchange) {
    var collected = exchange.getMessage().getBody(MessageBatch.class);
    exchange.setProperty(OPERATIONS, collected);
    var sink = collected.sink();
    return new RequestContext(sink.job(), "messages", sink.core().clock().instant());
  }

  /** Whether they are the operations of one message that has an id. */
  public boolean haveId(Exchange exchange) {
    return of(exchange).deliveries().stream().anyMatch(each -> each.sending() != null);
  }

  /** All operations as one request: a bulkRequest, or a single one as itself. */
  public KintoneRequest request(Exchange exchange) {
    var job = of(exchange).sink().job();
    of(exchange).deliveries().forEach(PendingMessage::leaves);
    return of(exchange).deliveries().stream()
        .flatMap(delivery -> delivery.parts().stream())
        .map(part -> request(job.connection(), job.app(), part))
        .reduce(KintoneRequest::and)
        .orElseThrow();
  }

  /**
   * One operation: a Map of {@code method}, {@code api} such as {@code records.json}, and {@code
   * payload} as Kintone's reference has it.
   *
   * @param app the app where the payload names none
   */
  static KintoneRequest request(KintoneConnection connection, String app, @Nullable Object part) {
    if (!(part instanceof Map<?, ?> map) || !(map.get("payload") instanceof Map<?, ?> said)) {
      throw new UserErrorException(MessageCode.OPERATION_INCOMPLETE.with());
    }
    String method = String.valueOf(map.get("method"));
    String api = String.valueOf(map.get("api")).replaceFirst("^/k/(guest/\\d+/)?v1/", "");
    if (!ALLOWED.contains(method + " " + api)) {
      throw new UserErrorException(
          MessageCode.OPERATION_UNKNOWN.with(
              method + " " + api, String.join(", ", ALLOWED.stream().sorted().toList())));
    }
    ObjectNode payload = JSON.valueToTree(said);
    if (!payload.has("app")) {
      payload.put("app", app);
    }
    return KintoneRequest.operation(connection, Verb.valueOf(method), api, payload);
  }

  /** Each sender gets what became of its operations. */
  public void answer(Exchange exchange) {
    var collected = of(exchange);
    var answer = exchange.getMessage().getBody(Answer.class);
    if (answer instanceof Answer.Done done) {
      confirm(collected, done.body());
      return;
    }
    int at = 0;
    for (PendingMessage delivery : collected.deliveries()) {
      int next = at + delivery.parts().size();
      var why = why(answer, at, next);
      delivery.failed(
          answer instanceof Answer.Unknown
              ? new OperationInDoubtException(why)
              : new UserErrorException(why));
      at = next;
    }
  }

  private static void confirm(MessageBatch collected, JsonNode body) {
    boolean single = collected.parts() == 1;
    int at = 0;
    for (PendingMessage delivery : collected.deliveries()) {
      confirm(delivery, body, single, at);
      at += delivery.parts().size();
    }
  }

  /** A message that went out by itself was carried out. */
  static void confirm(PendingMessage delivery, JsonNode body) {
    confirm(delivery, body, delivery.parts().size() == 1, 0);
  }

  private static void confirm(PendingMessage delivery, JsonNode body, boolean single, int at) {
    for (int part = 0; part < delivery.parts().size(); part++) {
      delivery.result(part, map(single ? body : body.path("results").path(at + part)));
    }
    delivery.ended();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> map(JsonNode result) {
    return result.isObject() ? JSON.convertValue(result, Map.class) : Map.of();
  }

  /** Why the operations from one position to another were not done, as far as anybody knows. */
  static UserMessage why(Answer answer, int from, int to) {
    if (answer instanceof Answer.Refused refused) {
      return refused.part() >= from && refused.part() < to
          ? MessageCode.KINTONE_SAYS.with(words(refused))
          : MessageCode.OPERATION_NOT_DONE.with(words(refused));
    }
    return answer instanceof Answer.Unsent
        ? MessageCode.OPERATION_UNSENT.with(answer.words())
        : MessageCode.OPERATION_IN_DOUBT.with(answer.words());
  }

  private static String words(Answer.Refused refused) {
    var places =
        refused.errors().entrySet().stream()
            .map(place -> place.getKey() + ": " + String.join(" ", place.getValue()))
            .toList();
    return places.isEmpty() ? refused.words() : refused.words() + " " + String.join("; ", places);
  }

  /** Something was thrown, by a defect. */
  public void fail(Exchange exchange) {
    var failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    for (PendingMessage delivery : of(exchange).deliveries()) {
      var sending = delivery.sending();
      if (sending != null) {
        delivery.failed(sending.failure(failure));
      } else if (failure instanceof UserErrorException refused) {
        delivery.failed(refused);
      } else {
        delivery.failed(
            new OperationInDoubtException(
                MessageCode.OPERATION_IN_DOUBT.with(String.valueOf(failure)), failure));
      }
    }
  }

  static MessageBatch of(Exchange exchange) {
    return exchange.getProperty(OPERATIONS, MessageBatch.class);
  }
}
