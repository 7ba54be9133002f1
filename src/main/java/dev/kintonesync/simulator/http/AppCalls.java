package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.rules.AppDesigner;
import dev.kintonesync.simulator.rules.Deployments;
import dev.kintonesync.simulator.rules.ErrorCode;
import dev.kintonesync.simulator.rules.FieldError;
import dev.kintonesync.simulator.rules.Language;
import dev.kintonesync.simulator.rules.Params;
import dev.kintonesync.simulator.rules.SettingsDesigner;
import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Directory;
import dev.kintonesync.simulator.state.Permission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Apps themselves: {@code app.json}, {@code apps.json}, settings, making and deploying them. */
final class AppCalls {
  private static final int MOST_APPS = 100;
  private static final int MOST_DEPLOYED_APPS = 300;

  private AppCalls() {}

  static JsonNode get(Call call) {
    Params params = call.params();
    long appId = params.id("id");
    params.check();
    return call.read(() -> describe(call, call.access().live(appId).app()));
  }

  static JsonNode list(Call call) {
    Params params = call.params();
    Set<Long> ids = Set.copyOf(params.ids("ids"));
    Set<String> codes = Set.copyOf(params.texts("codes"));
    Set<Long> spaces = Set.copyOf(params.ids("spaceIds"));
    String name = params.appName("name").toLowerCase(Locale.ROOT);
    for (String list : List.of("ids", "codes", "spaceIds")) {
      params.limitSize(list, 0, MOST_APPS);
    }
    int limit = params.number("limit", 1, MOST_APPS, MOST_APPS);
    int offset = params.number("offset", 0, Integer.MAX_VALUE, 0);
    params.check();
    return call.read(
        () -> {
          ObjectNode answer = Reply.object();
          ArrayNode apps = answer.putArray("apps");
          call.domain().apps().stream()
              .filter(app -> app.live() != null && call.access().lists(app, Permission.VIEW))
              .filter(app -> ids.isEmpty() || ids.contains(app.id()))
              .filter(
                  app -> spaces.isEmpty() || (app.space() != null && spaces.contains(app.space())))
              .map(app -> describe(call, app))
              .filter(app -> codes.isEmpty() || codes.contains(app.path("code").asText()))
              .filter(app -> app.path("name").asText().toLowerCase(Locale.ROOT).contains(name))
              .skip(offset)
              .limit(limit)
              .forEach(apps::add);
          return answer;
        });
  }

  private static ObjectNode describe(Call call, App app) {
    Design design = app.live() == null ? app.preview() : app.live();
    ObjectNode json = Reply.object();
    json.put("appId", Long.toString(app.id()));
    json.put("code", design.settings().path("code").asText(""));
    json.put("name", design.settings().path("name").asText());
    json.put("description", design.settings().path("description").asText());
    String space = app.space() == null ? null : app.space().toString();
    json.put("spaceId", space);
    json.put("threadId", space);
    json.put("createdAt", time(app.created()));
    json.set("creator", user(call, app.creator()));
    json.put("modifiedAt", time(app.created()));
    json.set("modifier", user(call, app.creator()));
    return json;
  }

  static String time(Instant instant) {
    return instant.toString().replace("Z", ".000Z");
  }

  static ObjectNode user(Call call, String code) {
    String name = call.domain().directory().name(Directory.Kind.USER, code);
    return Reply.object().put("code", code).put("name", name == null ? code : name);
  }

  static JsonNode settings(Call call) {
    Params params = call.params();
    long appId = params.id("app");
    params.language();
    params.check();
    return call.read(() -> settings(call.access().live(appId, Permission.VIEW).design()));
  }

  static JsonNode previewSettings(Call call) {
    Params params = call.params();
    long appId = params.id("app");
    params.language();
    params.check();
    return call.read(() -> settings(call.access().preview(appId).preview()));
  }

  private static ObjectNode settings(Design design) {
    return design.settings().deepCopy().put("revision", Long.toString(design.revision()));
  }

  static JsonNode changeSettings(Call call) {
    Params params = call.params();
    long appId = params.id("app");
    Long revision = params.revision();
    ObjectNode changes = SettingsDesigner.changes(params);
    params.check();
    return call.write(
        transaction -> {
          App app = call.access().preview(appId);
          return FormCalls.revise(app, SettingsDesigner.change(app.preview(), changes), revision);
        });
  }

  static JsonNode create(Call call) {
    Params params = call.params();
    String name = params.appName("name");
    params.require("name");
    Long space = space(params);
    params.check();
    return call.write(
        transaction -> {
          call.access().requireMaker();
          Language language = Language.of(call.domain().settings().locale());
          App app =
              call.domain()
                  .createApp(
                      call.space() == null ? space : call.space(),
                      call.space() != null,
                      call.caller().user(),
                      AppDesigner.born(name, language));
          return Reply.object()
              .put("app", Long.toString(app.id()))
              .put("revision", Long.toString(app.preview().revision()));
        });
  }

  /** The space to make an app in, or null; apps are not seen by threads here. */
  private static @Nullable Long space(Params params) {
    boolean space = params.has("space");
    boolean thread = params.has("thread");
    if (space != thread) {
      params.problem(
          space ? "thread" : "space", space ? FieldError.THREAD_NEEDED : FieldError.SPACE_NEEDED);
    }
    if (thread) {
      params.id("thread");
    }
    return space ? (Long) params.id("space") : null;
  }

  static JsonNode deploy(Call call) {
    Params params = call.params();
    boolean revert = params.flag("revert");
    params.require("apps");
    params.check();
    List<Params> wanted = params.each("apps");
    if (wanted.size() > MOST_DEPLOYED_APPS) {
      throw ErrorCode.GAIA_TO03.refuse("apps[" + MOST_DEPLOYED_APPS + "]");
    }
    List<Long> ids = new ArrayList<>();
    List<Long> revisions = new ArrayList<>();
    for (Params app : wanted) {
      long id = app.id("app");
      if (ids.contains(id)) {
        app.problem("app", FieldError.DUPLICATE_APP);
      }
      ids.add(id);
      Long revision = app.revision();
      revisions.add(revision == null ? -1L : revision);
    }
    params.check();
    return call.write(
        transaction -> {
          List<App> apps = ids.stream().map(id -> call.access().preview(id)).toList();
          for (int i = 0; i < apps.size(); i++) {
            long expected = revisions.get(i);
            if (expected != -1 && expected != apps.get(i).preview().revision()) {
              throw ErrorCode.GAIA_CO03.refuse(Long.toString(ids.get(i)));
            }
          }
          Deployments deployments = new Deployments(call.domain());
          if (!revert) {
            apps.forEach(deployments::check);
          }
          apps.forEach(revert ? deployments::revert : deployments::begin);
          return Reply.object();
        });
  }

  static JsonNode deployStatus(Call call) {
    Params params = call.params();
    List<Long> ids = params.ids("apps");
    params.require("apps");
    params.limitSize("apps", 0, MOST_DEPLOYED_APPS);
    params.check();
    return call.read(
        () -> {
          ObjectNode answer = Reply.object();
          ArrayNode apps = answer.putArray("apps");
          for (long id : ids) {
            App app = call.access().preview(id);
            apps.addObject().put("app", Long.toString(id)).put("status", app.deployment().name());
          }
          return answer;
        });
  }
}
