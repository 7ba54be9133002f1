package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import dev.kintonesync.simulator.rules.ErrorCode;
import dev.kintonesync.simulator.rules.Language;
import dev.kintonesync.simulator.rules.Refusal;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.DomainSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes every call in Kintone's order of evaluation: the proxy in front (length of the URL, size of
 * the body, faults), the limit of calls in flight, the reading of the request, who calls, and then
 * the endpoint, which checks parameters, app and permission before it does anything. An exception
 * that is no refusal is a bug: it is logged and answered 500.
 */
final class Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final int LONGEST_URL = 8192;
  private static final byte[] NOTHING = {};

  private final Domain domain;
  private final Endpoints endpoints;
  private final Faults faults;
  private final Recorder recorder;
  private final Webhooks webhooks;
  private final AdminApi controls;
  private final LatencyModel latencyModel;
  private final BodyReader bodyReader = new BodyReader();

  Dispatcher(Domain domain, Instruments instruments) {
    this.domain = domain;
    this.faults = instruments.faults();
    this.recorder = instruments.recorder();
    this.webhooks = instruments.webhooks();
    this.endpoints = new Endpoints(faults);
    this.controls = new AdminApi(domain, instruments);
    this.latencyModel = new LatencyModel(domain);
  }

  /** Answers one exchange, whatever it is. */
  void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Reply reply;
      try {
        reply = answer(exchange);
      } catch (BodyReader.Refused e) {
        reply = e.reply();
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
        LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
        reply = Reply.html(500, "Internal Server Error");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      if (reply != null) {
        send(exchange, reply);
      }
    }
  }

  private @Nullable Reply answer(HttpExchange exchange) throws IOException, InterruptedException {
    if (exchange.getRequestURI().toString().length() > LONGEST_URL) {
      return Reply.html(414, "Request-URI Too Large");
    }
    String path = exchange.getRequestURI().getPath();
    DomainSettings settings = domain.settings();
    if (SimulatorPage.isMisled(exchange.getRequestHeaders())) {
      return Reply.html(403, "Forbidden");
    }
    if (!controls.own(path)
        && !Authentication.passesWall(exchange.getRequestHeaders(), settings.basicAuth())) {
      return Reply.html(401, "Unauthorized")
          .with(Map.of("WWW-Authenticate", "Basic realm=\"kintone\""));
    }
    try (BodyReader.Body body =
        bodyReader.read(exchange.getRequestBody(), settings.maxBodyBytes())) {
      return controls.own(path)
          ? controls.answer(exchange, body.bytes())
          : answer(exchange, body, Arrival.of(exchange), settings);
    }
  }

  /** What is known of a call as it comes: method, path, and the nanosecond. */
  private record Arrival(String method, String path, long began) {
    static Arrival of(HttpExchange exchange) {
      return new Arrival(
          RequestReader.method(exchange), exchange.getRequestURI().getPath(), System.nanoTime());
    }

    @Nullable Route route() {
      return Route.of(method, path);
    }

    Duration took() {
      return Duration.ofNanos(System.nanoTime() - began);
    }
  }

  private @Nullable Reply answer(
      HttpExchange exchange, BodyReader.Body sent, Arrival arrival, DomainSettings settings)
      throws IOException, InterruptedException {
    if (settings.maintenance()) {
      Reply reply = Reply.html(503, "Service Unavailable");
      note(arrival, RequestReader.Content.NONE, reply);
      return reply;
    }
    Fault fault = faults.next(arrival.method(), arrival.path(), false);
    if (fault != null && fault.kind() != Fault.Kind.RESET_AFTER_COMMIT) {
      sent.close();
      return spoil(fault, arrival);
    }
    int running = domain.statistics().begin();
    try {
      Reply reply =
          running > settings.concurrencyLimit()
              ? tooMany(exchange, arrival)
              : answer(exchange, sent, arrival, fault != null);
      Map<String, String> headers = new HashMap<>(reply.headers());
      headers.put("X-ConcurrencyLimit-Limit", Integer.toString(settings.concurrencyLimit()));
      headers.put("X-ConcurrencyLimit-Running", Integer.toString(running));
      return fault == null ? reply.with(headers) : null;
    } finally {
      domain.locks().release();
      domain.statistics().end();
    }
  }

  private Reply answer(
      HttpExchange exchange, BodyReader.Body sent, Arrival arrival, boolean unheard)
      throws IOException, InterruptedException {
    Route route = arrival.route();
    RequestReader.Content content = RequestReader.Content.NONE;
    Reply reply;
    try {
      content = RequestReader.content(exchange, sent.bytes());
      reply = route == null ? Reply.html(404, "Not Found") : answer(exchange, route, content, sent);
    } catch (Refusal refusal) {
      reply = render(refusal, RequestReader.language(exchange, domain.settings()));
    }
    if (unheard) {
      note(arrival, content, "reset", 0, NOTHING);
    } else {
      note(arrival, content, reply);
    }
    return reply;
  }

  private void note(Arrival arrival, RequestReader.Content content, Reply reply) {
    byte[] refusal = reply.status() < 400 ? NOTHING : reply.body();
    note(arrival, content, Integer.toString(reply.status()), reply.status(), refusal);
  }

  /** Counts and records a call with what was answered: a status, or what came in its place. */
  private void note(
      Arrival arrival, RequestReader.Content content, String answer, int status, byte[] refusal) {
    Route route = arrival.route();
    domain
        .statistics()
        .answered(route == null ? "other" : arrival.method() + " " + arrival.path(), answer);
    JsonNode body = content.parameters();
    boolean bulk = route != null && route.resource().equals("bulkRequest");
    long app = body.path("app").asLong(body.path("id").asLong());
    recorder.add(
        number ->
            new RecordedRequest(
                number,
                arrival.took(),
                arrival.method(),
                arrival.path(),
                app,
                content.json(),
                bulk ? body.path("requests").size() : 0,
                status,
                refusal));
  }

  private Reply answer(
      HttpExchange exchange, Route route, RequestReader.Content content, BodyReader.Body sent)
      throws InterruptedException {
    Map<String, String> headers = new HashMap<>();
    Call call =
        new Call(
            domain,
            webhooks,
            Authentication.caller(exchange.getRequestHeaders(), domain),
            route.space(),
            content.parameters(),
            content.upload(),
            RequestReader.language(exchange, domain.settings()),
            new Answered(),
            headers,
            null);
    Reply reply =
        latencyModel.slowly(
            route,
            call,
            () -> {
              Reply answered = endpoints.answer(route, call);
              sent.close(); // what is waited for afterwards needs no memory
              return answered;
            });
    headers.putAll(reply.headers());
    return reply.with(headers);
  }

  private Reply tooMany(HttpExchange exchange, Arrival arrival) {
    Reply reply =
        render(ErrorCode.GAIA_TO04.refuse(), RequestReader.language(exchange, domain.settings()));
    note(arrival, RequestReader.Content.NONE, reply);
    return reply;
  }

  /** The one place where a refusal becomes an answer. */
  private Reply render(Refusal refusal, Language language) {
    return Reply.json(refusal.status(domain.settings()), refusal.toJson(language))
        .with(Map.of("X-Cybozu-Error", refusal.code().name()));
  }

  private @Nullable Reply spoil(Fault fault, Arrival arrival) throws InterruptedException {
    Reply reply = fault.kind() == Fault.Kind.STATUS ? fault.reply() : null;
    if (reply == null) {
      String instead = fault.kind().name().toLowerCase(Locale.ROOT);
      note(arrival, RequestReader.Content.NONE, instead, 0, NOTHING);
    } else {
      note(arrival, RequestReader.Content.NONE, reply);
    }
    if (fault.kind() == Fault.Kind.HANG) {
      latencyModel.hang();
    }
    return reply;
  }

  private void send(HttpExchange exchange, Reply reply) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", reply.contentType());
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    SentDate.setIn(exchange.getResponseHeaders(), domain.clock().instant());
    byte[] body = reply.body();
    exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }
}
