package dev.kintonesync.kamelets;

import dev.kintonesync.promises.Crossing;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;

/**
 * A Camel application of somebody else, which has nothing of ours but the jar: a plain camel-main
 * whose properties name the core routes in it, over a simulator.
 */
final class OtherApplication implements AutoCloseable {
  final Simulator simulator = Simulator.start();
  final SimulatedApp app =
      simulator.app(
          "customers",
          """
          {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code",
                    "required": true, "unique": true},
           "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "name"},
           "amount": {"type": "NUMBER", "code": "amount", "label": "amount"}}
          """);

  /** What others do on the way of requests to the simulator. */
  final Crossing crossing = new Crossing(simulator.url());

  private final Main main = new Main();
  private final Path file;
  private final ProducerTemplate producer;

  OtherApplication(RouteBuilder... routes) throws Exception {
    this(Map.of(), routes);
  }

  /** One whose properties file says more. */
  OtherApplication(Map<String, String> more, RouteBuilder... routes) throws Exception {
    var properties = new Properties();
    properties.setProperty("camel.main.routesIncludePattern", "classpath:routes/core/*.yaml");
    properties.setProperty("camel.main.startupSummaryLevel", "Off");
    properties.setProperty("camel.main.autoConfigurationLogSummary", "false");
    properties.setProperty("kintone.base-url", crossing.url());
    properties.setProperty("kintone.api-token", "t");
    properties.setProperty("kintone.retry-delay", "1ms");
    properties.setProperty("kintone.patience", "1s");
    properties.setProperty("customers", String.valueOf(app.id()));
    more.forEach(
        (name, value) ->
            properties.setProperty(name, value.replace("APP", String.valueOf(app.id()))));
    file = Files.createTempFile("other", ".properties");
    try (var out = Files.newOutputStream(file)) {
      properties.store(out, null);
    }
    main.setDefaultPropertyPlaceholderLocation("file:" + file);
    main.setShutdownStrategy(new SimpleMainShutdownStrategy());
    for (RouteBuilder each : routes) {
      main.configure().addRoutesBuilder(each);
    }
    main.start();
    producer = context().createProducerTemplate();
  }

  CamelContext context() {
    return main.getCamelContext();
  }

  ProducerTemplate producer() {
    return producer;
  }

  /** Sends a message behind all that were sent by this thread before; the answer comes later. */
  CompletableFuture<Object> sendInOrder(String endpoint, Object body) throws Exception {
    var to = (AsyncProducer) context().getEndpoint(endpoint).createProducer();
    to.start();
    var exchange = to.getEndpoint().createExchange(ExchangePattern.InOut);
    exchange.getMessage().setBody(body);
    var answer = new CompletableFuture<Object>();
    to.process(
        exchange,
        done -> {
          if (exchange.getException() != null) {
            answer.completeExceptionally(exchange.getException());
          } else {
            answer.complete(exchange.getMessage().getBody());
          }
        });
    return answer;
  }

  /** The answer to a message with a list in it. */
  @SuppressWarnings("unchecked")
  List<Map<String, Object>> answers(String endpoint, List<?> body) {
    return producer.requestBody(endpoint, body, List.class);
  }

  /** The writes that have been received, such as {@code POST records}. */
  List<String> writes() {
    return simulator.requests().stream()
        .map(request -> request.line())
        .filter(line -> !line.startsWith("GET"))
        .toList();
  }

  /** The value of a field by the value of {@code code}. */
  Map<String, String> held(String field) {
    var held = new java.util.TreeMap<String, String>();
    app.records()
        .forEach(
            record ->
                held.put(
                    record.path("code").path("value").asText(),
                    record.path(field).path("value").asText()));
    return held;
  }

  /** Ends the application; the simulator goes on. */
  void stop() {
    main.stop();
  }

  @Override
  public void close() throws IOException {
    main.stop();
    crossing.close();
    simulator.close();
    Files.deleteIfExists(file);
  }
}
