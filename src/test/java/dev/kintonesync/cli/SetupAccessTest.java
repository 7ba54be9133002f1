package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.FreePort;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.Patience;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may set up: by a link, by a password, and who may not. */
@LogOfProcess.LookedAt
class SetupAccessTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Pattern LINK =
      Pattern.compile("http://127\\.0\\.0\\.1:\\d+/setup\\?link=\\S+");

  @TempDir Path home;
  private Command command;
  private int port;

  @BeforeEach
  void start() throws Exception {
    command = new Command(home);
    port = FreePort.find();
    Files.writeString(home.resolve("application.properties"), "console.port = " + port + "\n");
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port).resolve(path))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private String link() {
    var ended = command.run("setup", "--lang", "en");
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    var link = LINK.matcher(ended.out());
    assertThat(link.find()).as(ended.out()).isTrue();
    return link.group();
  }

  private static String cookie(HttpResponse<String> answer) {
    String set = answer.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(set).contains("HttpOnly", "SameSite=Strict");
    return set.substring(0, set.indexOf(';'));
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    return new ObjectMapper().readTree(answer.body());
  }

  private void awaitPage() {
    Patience.await().ignoreExceptions().until(() -> send("GET", "/api/session", "") != null);
  }

  @Test
  void aProgramThatEndsLeavesThePageOfALaterOne() throws Exception {
    Path page = home.resolve("drafts").resolve("page");
    try (var service = new Service(command, Map.of())) {
      awaitPage();
      Patience.await().until(() -> Files.exists(page));
      Files.writeString(page, "http://127.0.0.1:1/\n1\n");
    }
    assertThat(page).content().startsWith("http://127.0.0.1:1/");
    try (var service = new Service(command, Map.of())) {
      Patience.await().until(() -> Files.readString(page).contains(":" + port + "/"));
    }
    assertThat(page).doesNotExist();
  }

  @Test
  void aLinkLetsInOnceAndNobodyElseMaySetUp() throws Exception {
    try (var service = new Service(command, Map.of())) {
      awaitPage();
      assertThat(json(send("GET", "/api/session", "")).path("role").asText()).isEqualTo("look");
      var closed = send("GET", "/setup", "", "Accept-Language", "en");
      assertThat(closed.statusCode()).isEqualTo(403);
      assertThat(closed.body()).contains("kintone-sync setup");
      assertThat(send("GET", "/api/setup", "").statusCode()).isEqualTo(403);
      assertThat(send("POST", "/api/setup/drafts", "{}", "X-Kintone-Sync", "t").statusCode())
          .isEqualTo(403);
      assertThat(
              send("PUT", "/api/setup/drafts/x/sample?file=a.csv", "a", "X-Kintone-Sync", "t")
                  .statusCode())
          .isEqualTo(403);

      String link = link();
      var entered = send("GET", link, "");
      assertThat(entered.statusCode()).isEqualTo(303);
      assertThat(entered.headers().firstValue("Location")).contains("/setup");
      String session = cookie(entered);
      var again = send("GET", link, "", "Accept-Language", "ja");
      assertThat(again.statusCode()).isEqualTo(403);
      assertThat(again.body()).contains("kintone-sync setup", "使用済み");
      assertThat(send("GET", "/setup?link=" + "x".repeat(22), "").statusCode()).isEqualTo(403);

      assertThat(json(send("GET", "/api/session", "", "Cookie", session)).toString())
          .contains("\"role\":\"setup\"", "\"canSetUp\":true");
      assertThat(send("GET", "/setup", "", "Cookie", session).statusCode()).isEqualTo(200);
      assertThat(send("POST", "/api/setup/drafts", "{}", "Cookie", session).statusCode())
          .as("without our header")
          .isEqualTo(403);
      assertThat(
              send(
                      "POST",
                      "/api/setup/drafts",
                      "{}",
                      "Cookie",
                      session,
                      "X-Kintone-Sync",
                      "t",
                      "Origin",
                      "http://evil.example")
                  .statusCode())
          .as("of a foreign page")
          .isEqualTo(403);
      assertThat(
              send("POST", "/api/setup/drafts", "{}", "Cookie", session, "X-Kintone-Sync", "t")
                  .statusCode())
          .isEqualTo(200);
    }
    assertThat(Files.readString(home.resolve("logs/kintone-sync.log")))
        .contains("page: POST by setup from 127.0.0.1: /api/setup/drafts");
  }

  @Test
  void aLinkThatIsTooOldIsRefusedAndOnlyItsOwnerCanSeeIt() throws Exception {
    try (var service = new Service(command, Map.of())) {
      awaitPage();
      String link = link();
      List<Path> kept;
      try (var links = Files.list(home.resolve("drafts/links"))) {
        kept = links.toList();
      }
      for (Path one : kept) {
        Files.writeString(one, "2020-01-01T00:00:00Z");
      }
      assertThat(send("GET", link, "").statusCode()).isEqualTo(403);
      if (Files.getFileStore(home).supportsFileAttributeView("posix")) {
        assertThat(
                PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(kept.get(0).getParent())))
            .isEqualTo("rwx------");
      }
    }
  }

  @Test
  void aPasswordOfItsOwnLetsInAndThatOfThePageDoesNot() throws Exception {
    var passwords =
        Map.of("CONSOLE_PASSWORD", "to work with 1", "CONSOLE_SETUP_PASSWORD", "to set up with 2");
    try (var service = new Service(command, passwords)) {
      awaitPage();
      var sessions = new ArrayList<String>();
      for (String password : List.of("to work with 1", "to set up with 2")) {
        sessions.add(cookie(send("POST", "/login", password, "X-Kintone-Sync", "t")));
      }
      assertThat(send("GET", "/api/setup", "").statusCode()).isEqualTo(401);
      assertThat(send("GET", "/api/setup", "", "Cookie", sessions.get(0)).statusCode())
          .isEqualTo(403);
      assertThat(send("GET", "/setup", "", "Cookie", sessions.get(0)).body()).contains("login");
      assertThat(send("GET", "/api/setup", "", "Cookie", sessions.get(1)).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void aLinkHoldsOnThisMachineOnlyAndSoDoesItsSession() throws Exception {
    var here =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
            .findFirst();
    Assumptions.assumeTrue(here.isPresent(), "a machine without a network");
    Files.writeString(
        home.resolve("application.properties"),
        "console.port = " + port + "\nconsole.address = 0.0.0.0\n");
    try (var service = new Service(command, Map.of("CONSOLE_PASSWORD", "to work with 1"))) {
      awaitPage();
      String other = "http://" + here.get().getHostAddress() + ":" + port;
      String link = link();
      assertThat(send("GET", link.replaceFirst("http://[^/]+", other), "").statusCode())
          .isEqualTo(403);
      try (var socket = new Socket(here.get(), port)) { // under our name, but from elsewhere
        String query = link.substring(link.indexOf("/setup"));
        String ask = "GET " + query + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(ask.getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .startsWith("HTTP/1.1 403");
      }
      String session = cookie(send("GET", link, ""));
      assertThat(send("GET", "/api/setup", "", "Cookie", session).statusCode()).isEqualTo(200);
      assertThat(send("GET", other + "/api/setup", "", "Cookie", session).statusCode())
          .isEqualTo(401);
    }
  }
}
