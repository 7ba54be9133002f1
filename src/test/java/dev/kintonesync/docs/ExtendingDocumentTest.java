package dev.kintonesync.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.kintonesync.camel.KintoneSync;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.message.Catalogue;
import dev.kintonesync.settings.Configuration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The route that {@code docs/extending.md} shows does what the document says. */
class ExtendingDocumentTest {
  @TempDir Path home;

  @Test
  void theExampleFetchesAFileIntoTheFolder() throws IOException {
    byte[] customers = "code,name\nA,Abe\n".getBytes(StandardCharsets.UTF_8);
    var core = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    core.createContext(
        "/export/customers.csv",
        exchange -> {
          exchange.sendResponseHeaders(200, customers.length);
          exchange.getResponseBody().write(customers);
          exchange.close();
        });
    core.start();
    Path inbox = home.resolve("inbox");
    String example =
        Document.of("docs/extending.md")
            .block("yaml")
            .replace("https://core.example.com", "http://127.0.0.1:" + core.getAddress().getPort())
            .replace("/data/inbox/customers", inbox.toString())
            .replace("0 30 2 * * ?", "* * * * * ?");
    Path routes = home.resolve("routes");
    for (String folder : List.of("", "core")) {
      copy(Path.of("routes").resolve(folder), routes.resolve(folder));
    }
    Files.createDirectory(routes.resolve("custom"));
    Files.writeString(routes.resolve("custom").resolve("fetch-customers.yaml"), example);

    try (var journal = Journal.open(home.resolve("journal"));
        var started = KintoneSync.start(setup(routes, journal))) {
      assertThat(started.active()).isEmpty();
      Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> !whole(inbox).isEmpty());
    } finally {
      core.stop(0);
    }
    assertThat(whole(inbox).get(0)).hasBinaryContent(customers);
  }

  private KintoneSync.Setup setup(Path routes, Journal journal) {
    return new KintoneSync.Setup(
        routes,
        home,
        Configuration.read(home, Map.of(), Map.of()).settings(),
        journal,
        Catalogue.ENGLISH,
        Clock.systemUTC(),
        Map.of(),
        finished -> {},
        said -> {},
        true);
  }

  private static List<Path> whole(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".csv")).sorted().toList();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.newDirectoryStream(from, "*.yaml")) {
      for (Path file : files) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}
