package dev.kintonesync.simulator;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.Patience;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Chromium without a window, with one page open in it. */
public final class Browser implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** Gives the rules that are broken, each with the elements that break it. */
  private static final String AUDIT =
      """
      axe.run(document, {resultTypes: ['violations']}).then(found => found.violations.map(rule =>
        rule.id + ': ' + rule.help + rule.nodes.map(node =>
          '\\n  ' + node.html + ' ' + node.any.map(check => check.message).join('; ')).join(''))
        .join('\\n'))
      """;

  private final Process process;
  private final WebSocket page;
  private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();

  /** Where a Chromium is on this machine, if anywhere on the path. */
  public static Optional<Path> program() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .flatMap(
            folder ->
                Stream.of(
                        "chromium-headless-shell",
                        "chromium",
                        "chromium-browser",
                        "google-chrome",
                        "chrome")
                    .map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** An empty page; where no Chromium is, the tests that look at it are skipped. */
  public static Browser orSkipped(Path folder) throws Exception {
    var program = program();
    assumeTrue(program.isPresent(), "no Chromium here to look at the page with");
    return new Browser(program.get(), folder, "about:blank", 1200);
  }

  /**
   * Opens a page.
   *
   * @param folder for what the browser keeps
   * @param width of the page in pixels
   */
  public Browser(Path program, Path folder, String url, int width) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            program.toString(),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage", // which is too small in many containers
            "--remote-debugging-port=0",
            "--user-data-dir=" + folder,
            url);
    builder.environment().put("TMPDIR", folder.toString());
    process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("browser.log").toFile())
            .start();
    Path port = folder.resolve("DevToolsActivePort");
    Patience.await().until(() -> Files.exists(port) && Files.readAllLines(port).size() == 2);
    String number = Files.readAllLines(port).get(0);
    String address =
        Patience.await().until(() -> address(number), Optional::isPresent).orElseThrow();
    page = HTTP.newWebSocketBuilder().buildAsync(URI.create(address), new Ear()).join();
    width(width);
  }

  /**
   * Opens another page in the place of this one, and waits until its scripts are there.
   *
   * @param width of the page in pixels
   */
  public void open(String url, int width) throws InterruptedException {
    width(width);
    // a mere change of the fragment would load nothing
    command("Page.navigate", Wire.MAPPER.createObjectNode().put("url", "about:blank"));
    command("Page.navigate", Wire.MAPPER.createObjectNode().put("url", url));
    String loaded = "location.href !== 'about:blank' && document.readyState === 'complete'";
    Patience.await().pollInterval(Duration.ofMillis(20)).until(() -> value(loaded).equals("true"));
  }

  /** Makes the page so many pixels wide. */
  public void width(int width) throws InterruptedException {
    ObjectNode size = Wire.MAPPER.createObjectNode();
    size.put("width", width).put("height", 800).put("deviceScaleFactor", 1).put("mobile", false);
    command("Emulation.setDeviceMetricsOverride", size);
  }

  /** Of the page, once it is there. */
  private static Optional<String> address(String port) throws IOException, InterruptedException {
    URI list = URI.create("http://127.0.0.1:" + port + "/json/list");
    String pages =
        HTTP.send(HttpRequest.newBuilder(list).build(), HttpResponse.BodyHandlers.ofString())
            .body();
    for (JsonNode one : Wire.MAPPER.readTree(pages)) {
      if (one.path("type").asText().equals("page")) {
        return Optional.of(one.path("webSocketDebuggerUrl").asText());
      }
    }
    return Optional.empty();
  }

  /** Hears what the browser answers, which may come in pieces. */
  private final class Ear implements WebSocket.Listener {
    private final StringBuilder heard = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence piece, boolean last) {
      heard.append(piece);
      if (last) {
        answers.add(Wire.parsed(heard.toString()));
        heard.setLength(0);
      }
      return WebSocket.Listener.super.onText(socket, piece, last);
    }
  }

  private JsonNode command(String method, JsonNode parameters) throws InterruptedException {
    answers.clear();
    String text =
        Wire.MAPPER
            .createObjectNode()
            .put("id", 1)
            .put("method", method)
            .<ObjectNode>set("params", parameters)
            .toString();
    page.sendText(text, true).join();
    JsonNode answer = answers.poll(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
    if (answer == null) {
      throw new IllegalStateException("the browser does not answer " + method);
    }
    return answer.path("result");
  }

  /** What an expression is in the page, as text. */
  public String value(String expression) throws InterruptedException {
    return evaluate("String(" + expression + ")");
  }

  private String evaluate(String expression) throws InterruptedException {
    JsonNode parameters =
        Wire.MAPPER
            .createObjectNode()
            .put("expression", expression)
            .put("awaitPromise", true)
            .put("returnByValue", true);
    JsonNode answer = command("Runtime.evaluate", parameters);
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(answer.path("exceptionDetails").toString());
    }
    return answer.at("/result/value").asText();
  }

  /** The text of the page that a person sees. */
  public String text() throws InterruptedException {
    return value("document.body.innerText");
  }

  /**
   * What the page as it stands breaks of the rules of axe-core for accessible pages, each with the
   * elements concerned; empty when it keeps them all.
   */
  public String brokenRules() throws InterruptedException, IOException {
    if (value("'axe' in window").equals("false")) {
      try (var rules = Browser.class.getResourceAsStream("/axe.min.js")) {
        evaluate(new String(rules.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return evaluate(AUDIT);
  }

  /** Shows the page as to somebody who likes it light or dark. */
  public void scheme(String lightOrDark) throws InterruptedException {
    ObjectNode wish = Wire.MAPPER.createObjectNode();
    wish.putArray("features")
        .addObject()
        .put("name", "prefers-color-scheme")
        .put("value", lightOrDark);
    command("Emulation.setEmulatedMedia", wish);
  }

  /** Types a text where the focus is. */
  public void type(String text) throws InterruptedException {
    command("Input.insertText", Wire.MAPPER.createObjectNode().put("text", text));
  }

  /** Presses a key: {@code Tab}, {@code Enter}, {@code ArrowDown} or a space. */
  public void press(String key) throws InterruptedException {
    int code =
        switch (key) {
          case "Tab" -> 9;
          case " " -> 32;
          case "ArrowDown" -> 40;
          default -> 13;
        };
    String text = code == 13 ? "\r" : code == 32 ? " " : "";
    for (String type : new String[] {"keyDown", "keyUp"}) {
      command(
          "Input.dispatchKeyEvent",
          Wire.MAPPER
              .createObjectNode()
              .put("type", type)
              .put("key", key)
              .put("code", code == 32 ? "Space" : key)
              .put("text", type.equals("keyDown") ? text : "")
              .put("windowsVirtualKeyCode", code));
    }
  }

  @Override
  public void close() throws Exception {
    page.abort();
    List<ProcessHandle> helpers = process.descendants().toList();
    process.destroy();
    process.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
    helpers.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle one : helpers) {
      one.onExit()
          .get(
              Patience.LIMIT.toSeconds(),
              TimeUnit.SECONDS); // what still runs still writes into the folder
    }
  }
}
