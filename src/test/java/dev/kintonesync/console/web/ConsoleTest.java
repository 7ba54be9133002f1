package dev.kintonesync.console.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.console.JobOverview;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Network;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom the page's server answers, and who may act there. */
class ConsoleTest extends ServedDesk {
  private static final String LOGIN =
      "Basic "
          + Base64.getEncoder().encodeToString("any:秘密の言葉 12".getBytes(StandardCharsets.UTF_8));

  /** The status of a request with a Host header that no client library would send. */
  private static String statusUnder(String host, String url) throws IOException {
    int port = URI.create(url).getPort();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      new PrintStream(socket.getOutputStream(), true, StandardCharsets.US_ASCII)
          .print("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.substring(9, 12);
    }
  }

  @Test
  void withoutAPasswordThisMachineMayLookAndNobodyMayAct() throws Exception {
    String url = desk.serve(null);
    var page = get(url, "Accept-Language", "ja,en;q=0.5");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("<html lang=\"ja\">", "ジョブ").doesNotContain("{{");
    assertThat(get(url).body()).contains("<html lang=\"en\">").doesNotContain("{{");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'");
    assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(page.headers().map().keySet()).noneMatch(name -> name.startsWith("camel"));
    assertThat(post(url + "run-now?job=customers", "X-Kintone-Sync", "t").statusCode())
        .isEqualTo(403);
    assertThat(post(url + "dismiss?job=customers&id=0600001", "X-Kintone-Sync", "t").statusCode())
        .isEqualTo(403);
    assertThat(desk.ranNow).isEmpty();
    assertThat(desk.journal.openRejects().of("customers")).hasSize(2);
    assertThat(json(url + "data/overview").path("acts").asBoolean()).isFalse();
  }

  @Test
  void aForeignNameForThisMachineIsNotAnswered() throws Exception {
    String url = desk.serve(null);
    assertThat(statusUnder("evil.example", url)).isEqualTo("403");
    assertThat(statusUnder("127.0.0.1.evil.example", url)).isEqualTo("403");
    assertThat(statusUnder("localhost:1", url)).isEqualTo("200");
  }

  @Test
  void withAPasswordEverythingAsksForItAndForeignPagesCannotAct() throws Exception {
    String url = desk.serve("秘密の言葉 12");
    for (String path : List.of("", "data/overview", "observe/metrics", "rejects?name=x")) {
      assertThat(get(url + path).statusCode()).as(path).isEqualTo(401);
      assertThat(get(url + path, "Authorization", "Basic eDp5").statusCode()).isEqualTo(401);
    }
    String now = url + "run-now?job=customers";
    assertThat(post(now, "Authorization", LOGIN).statusCode()).isEqualTo(403);
    assertThat(
            post(
                    now,
                    "Authorization",
                    LOGIN,
                    "X-Kintone-Sync",
                    "t",
                    "Origin",
                    "http://evil.example")
                .statusCode())
        .isEqualTo(403);
    assertThat(desk.ranNow).isEmpty();
    assertThat(post(now, "Authorization", LOGIN, "X-Kintone-Sync", "t").statusCode())
        .isEqualTo(200);
    assertThat(desk.ranNow).containsExactly("customers");
    String dismiss = url + "dismiss?job=customers&id=0600001";
    assertThat(post(dismiss, "Authorization", LOGIN, "X-Kintone-Sync", "t").statusCode())
        .isEqualTo(200);
    assertThat(post(dismiss, "Authorization", LOGIN, "X-Kintone-Sync", "t").statusCode())
        .isEqualTo(404);
    assertThat(desk.journal.openRejects().of("customers")).hasSize(1);
  }

  @Test
  void allOpenRejectsAreDismissedIfTheyAreAsManyAsThePersonHasSeen() throws Exception {
    String dismiss = desk.serve("秘密の言葉 12") + "dismiss-all?job=customers&count=";
    String[] known = {"Authorization", LOGIN, "X-Kintone-Sync", "t"};
    assertThat(post(dismiss + 3, known).statusCode()).isEqualTo(404);
    assertThat(desk.journal.openRejects().of("customers")).hasSize(2);
    assertThat(post(dismiss + 2, known).statusCode()).isEqualTo(200);
    assertThat(desk.journal.openRejects().of("customers")).isEmpty();
    assertThat(desk.journal.openRejects().dismissed("customers")).hasSize(2);
  }

  @Test
  void aFileIsTakenOnlyFromThoseWhoMayActAndNotOfAnySize() throws Exception {
    String url = desk.serve("秘密の言葉 12");
    String upload = "POST /upload?job=customers&file=mended.csv HTTP/1.1\r\nHost: localhost\r\n";
    String known = upload + "X-Kintone-Sync: t\r\nAuthorization: " + LOGIN + "\r\n";
    String length = "Content-Length: 5\r\n\r\na,b\r\n";
    assertThat(statusOf(url, upload + "X-Kintone-Sync: t\r\n" + length)).isEqualTo("401");
    assertThat(statusOf(url, upload + "Authorization: " + LOGIN + "\r\n" + length))
        .as("of a foreign page")
        .isEqualTo("403");
    assertThat(statusOf(url, known + "Origin: http://evil.example\r\n" + length)).isEqualTo("403");
    assertThat(statusOf(url, known + "Content-Length: 100000001\r\n\r\n")).isEqualTo("413");
    assertThat(statusOf(url, known + "Transfer-Encoding: chunked\r\n\r\n")).isEqualTo("411");
    assertThat(desk.uploaded).isEmpty();
    assertThat(statusOf(url, known + length)).isEqualTo("200");
    assertThat(desk.uploaded).containsExactly("customers mended.csv a,b\r\n");
    assertThat(statusOf(url, known.replace("mended", "..%2Fother") + length)).isEqualTo("422");
    assertThat(desk.uploaded).hasSize(1);
    try (var left = Files.list(home.resolve("runs"))) {
      assertThat(left).noneMatch(file -> file.getFileName().toString().startsWith("upload-"));
    }
  }

  private static String statusOf(String url, String request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(url).getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII)
          .substring(9);
    }
  }

  @Test
  void aTakenPortOrAnOpenAddressIsRefusedInOneSentence() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> Console.serve(setup("127.0.0.1", taken.getLocalPort())))
          .isInstanceOf(UserErrorException.class)
          .hasMessageContaining("port " + taken.getLocalPort() + " of 127.0.0.1 is in use");
    }
    assertThatThrownBy(() -> Console.serve(setup("0.0.0.0", 0)))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("console.password");
  }

  private Console.Setup setup(String address, int port) {
    return new Console.Setup(
        new JobOverview(List::of, 0, desk.journal, home.resolve("runs"), Clock.systemUTC()),
        desk.journal,
        home,
        MessageBundle.ENGLISH,
        address,
        port,
        null,
        null,
        Network.DIRECT,
        job -> false,
        null,
        Clock.systemUTC());
  }
}
