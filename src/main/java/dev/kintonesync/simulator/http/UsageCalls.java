package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.rules.ErrorCode;
import dev.kintonesync.simulator.rules.Params;
import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Permission;
import dev.kintonesync.simulator.state.StoredRecord;
import java.time.Instant;

/**
 * The usage of apps: {@code apps/statistics.json}, which the real Kintone answers in the Wide
 * Course only.
 */
final class UsageCalls {
  private static final int MOST_APPS = 100;

  private UsageCalls() {}

  /** The apps that the caller, who has to be a user, manages; those never deployed among them. */
  static JsonNode list(Call call) {
    Params params = call.params();
    int limit = params.number("limit", 1, MOST_APPS, MOST_APPS);
    int offset = params.number("offset", 0, Integer.MAX_VALUE, 0);
    params.check();
    if (call.caller().withToken()) {
      throw ErrorCode.GAIA_NO01.refuse();
    }
    return call.read(
        () -> {
          ObjectNode answer = Reply.object();
          ArrayNode apps = answer.putArray("apps");
          call.domain().apps().stream()
              .filter(app -> call.access().lists(app, Permission.ADMIN))
              .skip(offset)
              .limit(limit)
              .forEach(app -> apps.add(usage(call, app)));
          return answer;
        });
  }

  private static ObjectNode usage(Call call, App app) {
    Design design = app.live() == null ? app.preview() : app.live();
    ObjectNode json = Reply.object();
    json.put("id", Long.toString(app.id()));
    json.put("name", design.settings().path("name").asText());
    json.set("space", space(app));
    json.put("appGroup", "Public");
    json.put("status", status(app));
    json.put("recordUpdatedAt", AppCalls.time(lastEdit(app)));
    json.put("recordCount", Long.toString(app.records().size()));
    json.put("fieldCount", Long.toString(fields(design)));
    json.put(
        "dailyRequestCount",
        Long.toString(call.domain().statistics().calls(app.id(), call.domain().day())));
    json.put("apiTokenCount", Long.toString(call.domain().tokens().count(app.id())));
    json.put("webhookCount", Long.toString(call.webhooks().count(app.id())));
    json.put("storageUsage", Long.toString(bytes(app)));
    json.put("customized", false);
    json.set("creator", AppCalls.user(call, app.creator()));
    json.put("createdAt", AppCalls.time(app.created()));
    json.set("modifier", AppCalls.user(call, app.creator()));
    json.put("modifiedAt", AppCalls.time(app.created()));
    return json;
  }

  /** Spaces are numbers here; each is its own name. */
  private static JsonNode space(App app) {
    if (app.space() == null) {
      return Reply.object().nullNode();
    }
    String id = app.space().toString();
    return Reply.object().put("id", id).put("name", id);
  }

  private static String status(App app) {
    Design live = app.live();
    if (live == null) {
      return "NOT_ACTIVATED";
    }
    return live.sameAs(app.preview()) ? "ACTIVATED" : "CHANGED";
  }

  private static Instant lastEdit(App app) {
    return app.records().values().stream()
        .map(StoredRecord::updated)
        .max(Instant::compareTo)
        .orElse(app.created());
  }

  private static long fields(Design design) {
    return design.form().fields().stream().mapToLong(field -> 1L + field.inner().size()).sum();
  }

  private static long bytes(App app) {
    return app.records().values().stream().mapToLong(StoredRecord::bytesOfFiles).sum();
  }
}
