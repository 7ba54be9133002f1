package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.rules.FieldError;
import dev.kintonesync.simulator.rules.Params;
import dev.kintonesync.simulator.rules.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * {@code bulkRequest.json}: up to 20 writes, over any apps, as one transaction. When one is refused
 * the others leave nothing behind, and the answer has its status, its error in its place and no
 * code of its own.
 */
final class BulkCalls {
  private static final int MOST_REQUESTS = 20;
  private static final Set<String> ALLOWED =
      Set.of(
          "POST record",
          "PUT record",
          "POST records",
          "PUT records",
          "DELETE records",
          "PUT record/status",
          "PUT records/status",
          "PUT record/assignees");

  private final Endpoints endpoints;
  private final Faults faults;

  BulkCalls(Endpoints endpoints, Faults faults) {
    this.endpoints = endpoints;
    this.faults = faults;
  }

  private record Sub(Route route, String line, Endpoints.Handler handler, ObjectNode payload) {}

  /** Stops the transaction at a sub-request and carries what it answered. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int index;
    private final int status;
    private final transient JsonNode error;

    Stopped(int index, int status, JsonNode error) {
      super("sub-request " + index, null, false, false);
      this.index = index;
      this.status = status;
      this.error = error;
    }
  }

  Reply run(Call call) {
    List<Sub> subs = subs(call);
    try {
      return call.write(
          transaction -> {
            ObjectNode answer = Reply.object();
            ArrayNode results = answer.putArray("results");
            for (int i = 0; i < subs.size(); i++) {
              Sub sub = subs.get(i);
              Fault fault = faults.next(sub.route().method(), sub.route().path(), true);
              if (fault != null) {
                throw new Stopped(i, fault.status(), fault.json());
              }
              call.domain().statistics().subRequest(sub.line());
              try {
                results.add(sub.handler().answer(call.inside(transaction, sub.payload())));
              } catch (Refusal refusal) {
                int status = refusal.status(call.domain().settings());
                throw new Stopped(i, status, refusal.toJson(call.language()));
              }
            }
            return Reply.json(answer);
          });
    } catch (Stopped stopped) {
      ObjectNode answer = Reply.object();
      ArrayNode results = answer.putArray("results");
      for (int i = 0; i < subs.size(); i++) {
        results.add(i == stopped.index ? stopped.error : Reply.object());
      }
      return Reply.json(stopped.status, answer);
    }
  }

  private List<Sub> subs(Call call) {
    Params params = call.params();
    params.require("requests");
    if (params.list("requests").size() > MOST_REQUESTS) {
      params.problem("requests", FieldError.TOO_MANY_REQUESTS);
    }
    params.check();
    List<Sub> subs = new ArrayList<>();
    for (Params request : params.each("requests")) {
      String method = request.requiredText("method");
      String api = request.requiredText("api");
      request.require("payload");
      ObjectNode payload = request.object("payload");
      Route route = Route.of(method, api);
      Endpoints.Handler handler =
          route == null || !ALLOWED.contains(method + " " + route.resource())
              ? null
              : endpoints.find(route);
      if (route == null || handler == null || !Objects.equals(route.space(), call.space())) {
        String wrong = ALLOWED_METHODS.contains(method) ? "api" : "method";
        if (request.has(wrong)) { // what is missing is told as that alone
          request.problem(wrong, FieldError.NOT_IN_ENUM);
        }
      } else {
        subs.add(new Sub(route, method + " " + api, handler, payload));
      }
    }
    params.check();
    return subs;
  }

  private static final Set<String> ALLOWED_METHODS = Set.of("POST", "PUT", "DELETE");
}
