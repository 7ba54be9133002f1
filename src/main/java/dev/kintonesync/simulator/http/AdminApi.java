package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.kintonesync.simulator.query.Query;
import dev.kintonesync.simulator.query.QueryException;
import dev.kintonesync.simulator.rules.Language;
import dev.kintonesync.simulator.rules.Refusal;
import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.Directory;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.Permission;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The simulator's own calls under {@code /simulator/}, which the real Kintone does not have. They
 * need no token, count nowhere and take {@code application/json}.
 */
final class AdminApi {
  private static final String ROOT = "/simulator/";
  private static final Set<String> DOORS = Set.of("/", "/simulator");
  private static final long MOST_SECONDS = 10 * 366 * 86_400L; // ten years

  private final Domain domain;
  private final Instruments instruments;
  private final DomainOverview overview;
  private final PersonCalls persons;

  AdminApi(Domain domain, Instruments instruments) {
    this.domain = domain;
    this.instruments = instruments;
    this.persons = new PersonCalls(domain, instruments.webhooks());
    this.overview = new DomainOverview(domain, instruments.recorder());
  }

  /** Whether a path is one of these. */
  boolean own(String path) {
    return path.startsWith(ROOT) || DOORS.contains(path);
  }

  Reply answer(HttpExchange exchange, byte[] sent) throws IOException {
    String method = exchange.getRequestMethod();
    if (SimulatorPage.isForeign(exchange)) {
      return Reply.html(403, "Forbidden");
    }
    String path = exchange.getRequestURI().getPath();
    if (DOORS.contains(path)) {
      return method.equals("GET") ? SimulatorPage.elsewhere() : Reply.html(404, "Not Found");
    }
    String what = path.substring(ROOT.length());
    Reply part = method.equals("GET") ? SimulatorPage.part(what) : null;
    return SimulatorPage.guarded(part == null ? answer(exchange, method + " " + what, sent) : part);
  }

  private Reply answer(HttpExchange exchange, String what, byte[] sent) throws IOException {
    try {
      ObjectNode body = RequestReader.content(exchange, sent).parameters();
      return switch (what) {
        case "GET " -> SimulatorPage.in(language(exchange, body));
        case "GET records" -> records(body, language(exchange, body));
        case "POST record" -> persons.save(body, language(exchange, body));
        case "DELETE record" -> persons.delete(body, language(exchange, body));
        default -> answer(what, body);
      };
    } catch (Refusal | IllegalArgumentException e) {
      return Reply.json(400, Reply.object().put("message", e.getMessage()));
    }
  }

  /** What the page's own switch says, before what the browser prefers. */
  private Language language(HttpExchange exchange, ObjectNode parameters) {
    String chosen = parameters.path("lang").asText("");
    return chosen.isEmpty()
        ? RequestReader.language(exchange, domain.settings())
        : Language.of(chosen);
  }

  private static Reply found(@Nullable ObjectNode answer) {
    return answer == null
        ? Reply.json(404, Reply.object().put("message", "there is no such thing here"))
        : Reply.json(answer);
  }

  private Reply records(ObjectNode body, Language language) {
    boolean rising = body.path("order").asText("").equals("asc");
    int offset = (int) Math.min(whole(body, "offset", 0), Integer.MAX_VALUE);
    String sought = body.path("search").asText("");
    ObjectNode answer = overview.records(whole(body, "app"), offset, rising, sought, language);
    return answer != null && answer.has("refusal") ? Reply.json(400, answer) : found(answer);
  }

  private Reply answer(String what, ObjectNode body) {
    switch (what) {
      case "GET overview" -> {
        return Reply.json(overview.now(body.path("since").asText("")));
      }
      case "GET record" -> {
        return found(overview.record(whole(body, "app"), whole(body, "id")));
      }
      case "GET request" -> {
        return found(overview.request(whole(body, "number")));
      }
      case "GET stats" -> {
        return Reply.json(domain.statistics().toJson());
      }
      case "GET settings" -> {
        return Reply.json(domain.settings().toJson());
      }
      case "PUT settings" -> {
        domain.settings(domain.settings().with(body));
        return Reply.json(domain.settings().toJson());
      }
      case "POST reset" -> reset();
      case "POST faults" -> instruments.faults().add(fault(body));
      case "DELETE faults" -> instruments.faults().clear();
      case "POST tokens" -> {
        registerToken(body);
        return Reply.json(
            Reply.object()
                .put(
                    "message",
                    "From now on only registered API tokens are accepted; any other is refused with"
                        + " GAIA_IA02."));
      }
      case "POST permissions" -> permitUser(body);
      case "POST users" -> {
        registerEntity(Directory.Kind.USER, body);
        return Reply.json(onlyRegisteredUsers());
      }
      case "POST organizations" -> registerCrowd(Directory.Kind.ORGANIZATION, body);
      case "POST groups" -> registerCrowd(Directory.Kind.GROUP, body);
      case "DELETE tokens" -> domain.tokens().revoke(required(body, "token"));
      case "POST moves" -> move(body);
      case "POST webhooks" -> addWebhook(body);
      case "POST clock" -> advanceClock(body.path("advanceSeconds"));
      default -> {
        return Reply.json(404, Reply.object().put("message", "no control " + what));
      }
    }
    return Reply.json(Reply.object());
  }

  /** Says what a registration did to everybody else. */
  private ObjectNode onlyRegisteredUsers() {
    List<String> users = domain.directory().codes(Directory.Kind.USER);
    String message =
        "From now on only registered users, Administrator and holders of API tokens can call;"
            + " any other user is refused with CB_WA01. Register each user whom you need.";
    ObjectNode answer = Reply.object().put("message", message);
    users.forEach(answer.putArray("users")::add);
    return answer;
  }

  private void reset() {
    domain.reset();
    instruments.clear();
  }

  private void advanceClock(JsonNode seconds) {
    boolean whole = seconds.isIntegralNumber() && seconds.canConvertToLong();
    if (!whole || seconds.asLong() < 0 || seconds.asLong() > MOST_SECONDS) {
      throw new IllegalArgumentException("advanceSeconds is a whole number up to " + MOST_SECONDS);
    }
    domain.clock().advance(Duration.ofSeconds(seconds.asLong()));
  }

  private static Fault fault(ObjectNode body) {
    String kind = body.path("kind").asText("status").replace('-', '_').toUpperCase(Locale.ROOT);
    Map<String, String> headers = new HashMap<>();
    body.path("headers").properties().forEach(e -> headers.put(e.getKey(), e.getValue().asText()));
    JsonNode answer = body.path("body");
    return new Fault(
        Fault.Kind.valueOf(kind),
        body.path("match").path("method").asText(""),
        body.path("match").path("path").asText(""),
        body.path("skip").asInt(0),
        body.path("count").asInt(1),
        body.path("status").asInt(503),
        answer.isTextual() || answer.isMissingNode() ? answer.asText("") : answer.toString(),
        headers);
  }

  private void addWebhook(ObjectNode body) {
    Set<Webhooks.Event> events = EnumSet.noneOf(Webhooks.Event.class);
    body.path("events").forEach(name -> events.add(Webhooks.Event.valueOf(name.asText())));
    String url = required(body, "url");
    instruments
        .webhooks()
        .add(app(body), url, events.isEmpty() ? EnumSet.allOf(Webhooks.Event.class) : events);
  }

  private void registerToken(ObjectNode body) {
    String token = required(body, "token");
    domain.tokens().register(token, app(body), permissions(body));
  }

  private void permitUser(ObjectNode body) {
    String user = principal(body);
    long app = app(body);
    if (body.has("field")) {
      domain.rights().limitField(user, app, required(body, "field"), permissions(body));
    } else if (body.has("records")) {
      String query = required(body, "records");
      try {
        Query.parse(query);
      } catch (QueryException e) {
        throw new IllegalArgumentException("records is a query: " + e.getMessage(), e);
      }
      domain.rights().limitRecords(user, app, query, permissions(body));
    } else {
      domain.directory().permit(user, app, permissions(body));
    }
  }

  /** Who is limited: a user, a group or an organisation. */
  private static String principal(ObjectNode body) {
    for (Directory.Kind kind : Directory.Kind.values()) {
      String name = kind.name().toLowerCase(Locale.ROOT);
      if (body.has(name)) {
        return Directory.principal(kind, required(body, name));
      }
    }
    throw new IllegalArgumentException("user, group or organization is missing");
  }

  private void move(ObjectNode body) {
    long id = app(body);
    Long space = body.has("space") ? (Long) whole(body, "space") : null;
    domain.write(
        transaction -> {
          App app = domain.app(id);
          if (app == null) {
            throw new IllegalArgumentException("there is no app " + id);
          }
          app.move(space, space != null && body.path("guest").asBoolean());
          return app;
        });
  }

  private static String required(ObjectNode body, String name) {
    String text = body.path(name).asText("");
    if (text.isEmpty()) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return text;
  }

  private static long whole(ObjectNode body, String name) {
    String text = body.path(name).asText("");
    if (!text.matches("[0-9]{1,18}")) {
      throw new IllegalArgumentException(name + " is a whole number");
    }
    return Long.parseLong(text);
  }

  private static long whole(ObjectNode body, String name, long otherwise) {
    return body.has(name) ? whole(body, name) : otherwise;
  }

  private static long app(ObjectNode body) {
    if (!body.path("app").isIntegralNumber()) {
      throw new IllegalArgumentException("app is the number of an app");
    }
    return body.path("app").asLong();
  }

  private static Set<Permission> permissions(ObjectNode body) {
    Set<Permission> permissions = EnumSet.noneOf(Permission.class);
    for (JsonNode name : body.path("permissions")) {
      Permission permission = Permission.named(name.asText());
      if (permission == null) {
        throw new IllegalArgumentException("no permission " + name.asText());
      }
      permissions.add(permission);
    }
    return permissions;
  }

  /** A group or organisation, and who is in it. */
  private void registerCrowd(Directory.Kind kind, ObjectNode body) {
    registerEntity(kind, body);
    List<String> members = new ArrayList<>();
    body.path("members").forEach(member -> members.add(member.asText()));
    domain.directory().join(kind, required(body, "code"), members);
  }

  private void registerEntity(Directory.Kind kind, ObjectNode body) {
    String code = required(body, "code");
    String name = body.path("name").asText(code);
    if (kind == Directory.Kind.USER && body.has("password")) {
      domain.directory().registerUser(code, name, body.path("password").asText());
    } else {
      domain.directory().register(kind, code, name);
    }
  }
}
