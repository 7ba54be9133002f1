package dev.kintonesync.console;

import dev.kintonesync.console.Caller.Verdict;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.message.Catalogue;
import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import dev.kintonesync.settings.HttpWay;
import dev.kintonesync.settings.Network;
import dev.kintonesync.sync.Report;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultHeaderFilterStrategy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page of a running program, and what machines ask of it, served over HTTP. Has a Camel of its
 * own, so that the users' routes and it do not get into each other's way.
 */
public final class Console implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Console.class);
  private static final long LONGEST_BODY = 10_000;

  private final Setup setup;
  private final Caller caller;
  private final Views views;
  private final Health health;
  private final Metrics metrics;
  private final Vertx vertx;
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final int port;

  /**
   * What is served where.
   *
   * @param overview how the jobs stand
   * @param journal the journal, which the caller closes
   * @param runs the folder of all run folders
   * @param catalogue the language where the browser asks for none
   * @param address the address to listen on
   * @param port the port; 0: any free one
   * @param password null: none, and then only this machine may ask
   * @param simulator where the simulator shows its records; null: there is none
   * @param network what lies between us and Kintone
   * @param runNow runs a job now, and says whether there is one
   * @param clock tells the time
   */
  public record Setup(
      Overview overview,
      Journal journal,
      Path runs,
      Catalogue catalogue,
      String address,
      int port,
      @Nullable String password,
      @Nullable URI simulator,
      Network network,
      Predicate<String> runNow,
      Clock clock) {}

  private Console(Setup setup) throws Exception {
    this.setup = setup;
    this.caller = new Caller(setup.password());
    this.views =
        new Views(
            setup.overview(),
            setup.journal(),
            setup.runs().toAbsolutePath().normalize(),
            setup.password() != null,
            setup.simulator());
    this.health = new Health(setup.overview(), new HttpWay(setup.network()), setup.clock());
    this.metrics = new Metrics(setup.overview(), setup.clock());
    this.port = free(setup);
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(4)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    try {
      start();
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  /**
   * Serves the page until it is closed.
   *
   * @throws RefusedException when the port is taken, or when another address than this machine's is
   *     to be served without a password
   */
  public static Console serve(Setup setup) {
    if (!setup.address().equals("127.0.0.1") && setup.password() == null) {
      throw new RefusedException(Text.PAGE_WITHOUT_PASSWORD.with(setup.address()));
    }
    try {
      return new Console(setup);
    } catch (BindException e) {
      throw new RefusedException(Text.PAGE_PORT_TAKEN.with(setup.address(), setup.port()), e);
    } catch (Exception e) {
      throw new RefusedException(Text.PAGE_NOT_SERVED.with(String.valueOf(e.getMessage())), e);
    }
  }

  /** A free port, or the one asked for if it is: Vert.x would only say so after the start. */
  private static int free(Setup setup) throws IOException {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(setup.address(), setup.port()));
      return socket.getLocalPort();
    }
  }

  private void start() throws Exception {
    var http = new VertxPlatformHttpServerConfiguration();
    http.setBindHost(setup.address());
    http.setBindPort(port);
    http.setMaxBodySize(LONGEST_BODY);
    var server = new VertxPlatformHttpServer(http);
    server.setVertx(vertx);
    context.getRegistry().bind("vertx", vertx);
    var allHeaders = new DefaultHeaderFilterStrategy(); // the usual one would hold back some
    allHeaders.setOutFilterStartsWith("Camel");
    context.getRegistry().bind("allHeaders", allHeaders);
    context.addService(server);
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("platform-http:/?matchOnUriPrefix=true&headerFilterStrategy=#allHeaders")
                .routeId("console")
                .process(Console.this::answer);
          }
        });
    context.start();
  }

  /** Where the page is. */
  public URI url() {
    return URI.create("http://" + setup.address() + ":" + port + "/");
  }

  /** A run has ended. */
  public void ran(Report report) {
    metrics.ran(report);
  }

  private void answer(Exchange exchange) {
    HttpServerRequest request = exchange.getMessage(HttpMessage.class).getRequest();
    Answer answer;
    try {
      answer = judged(request);
    } catch (RuntimeException e) {
      log.error("{} {} failed", request.method(), request.path(), e);
      answer = Answer.text(500, "failed");
    }
    var message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
    message.setHeader(Exchange.CONTENT_TYPE, answer.type());
    answer.allHeaders().forEach(message::setHeader);
    message.setBody(answer.body());
  }

  private Answer judged(HttpServerRequest request) {
    String method = request.method().name();
    boolean changes = !method.equals("GET") && !method.equals("HEAD");
    Verdict verdict = caller.judge(changes, host(request), request.headers()::get);
    if (verdict == Verdict.FORBIDDEN) {
      return Answer.text(403, "forbidden");
    }
    if (verdict == Verdict.ASKED_FOR_THE_PASSWORD) {
      return Answer.text(401, "password needed")
          .with("WWW-Authenticate", "Basic realm=\"kintone-sync\", charset=\"UTF-8\"");
    }
    var asked = new HashMap<String, String>();
    request.params().forEach(entry -> asked.put(entry.getKey(), entry.getValue()));
    return changes ? act(request.path(), asked) : show(request, asked);
  }

  /** HTTP/2 has no Host header. */
  private static @Nullable String host(HttpServerRequest request) {
    String host = request.getHeader("Host");
    var authority = request.authority();
    return host != null || authority == null ? host : authority.toString();
  }

  private Answer act(String path, Map<String, String> asked) {
    boolean done =
        switch (path) {
          case "/run-now" -> setup.runNow().test(asked.getOrDefault("job", ""));
          case "/dismiss" -> views.dismiss(asked);
          default -> false;
        };
    return done ? Answer.text(200, "done") : Answer.notFound();
  }

  private Answer show(HttpServerRequest request, Map<String, String> asked) {
    Catalogue catalogue = language(request, asked);
    String name = asked.getOrDefault("name", "");
    return switch (request.path()) {
      case "/" -> Page.in(catalogue);
      case "/data/overview" -> Answer.json(views.overview(catalogue));
      case "/data/job" -> views.job(name, catalogue).map(Answer::json).orElseGet(Answer::notFound);
      case "/data/run" -> views.run(name, catalogue).map(Answer::json).orElseGet(Answer::notFound);
      case "/rejects" -> views.rejects(name).map(Console::download).orElseGet(Answer::notFound);
      case "/observe/health" -> health.check();
      case "/observe/metrics" ->
          Answer.of("text/plain;version=0.0.4;charset=utf-8", utf8(metrics.scrape()));
      default -> Page.part(request.path()).orElseGet(Answer::notFound);
    };
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Catalogue language(HttpServerRequest request, Map<String, String> asked) {
    String wanted =
        Optional.ofNullable(asked.get("lang")).orElse(request.getHeader("Accept-Language"));
    return wanted == null ? setup.catalogue() : Catalogue.of(Locale.forLanguageTag(first(wanted)));
  }

  /** The first language of a list such as {@code ja,en;q=0.8}. */
  private static String first(String languages) {
    return languages.split("[,;]", 2)[0].strip();
  }

  private static Answer download(Path file) {
    try {
      String type = URLConnection.guessContentTypeFromName(file.toString());
      return Answer.file(type == null ? "application/octet-stream" : type, file);
    } catch (IOException e) {
      return Answer.notFound();
    }
  }

  @Override
  public void close() {
    context.stop();
    health.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
