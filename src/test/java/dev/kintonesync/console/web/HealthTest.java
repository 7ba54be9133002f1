package dev.kintonesync.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import dev.kintonesync.console.JobOverview;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.kintone.Credentials.Login;
import dev.kintonesync.promises.Crossing;
import dev.kintonesync.promises.MovableClock;
import dev.kintonesync.promises.TestAuthority;
import dev.kintonesync.promises.TunnelProxy;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.HttpClientFactory;
import dev.kintonesync.settings.Network;
import dev.kintonesync.simulator.Simulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether all is ready is said soon, whoever hangs, and asked by the way that the jobs go. */
@Order(1) // it waits long
class HealthTest {
  @TempDir private Path home;

  private final MovableClock clock = new MovableClock();
  private final StringBuilder jobs = new StringBuilder();
  private Simulator simulator;
  private Journal journal;

  @BeforeEach
  void open() throws IOException {
    simulator = Simulator.start();
    journal = Journal.open(home.resolve("journal"));
  }

  @AfterEach
  void close() {
    journal.close();
    simulator.close();
  }

  private void job(String name, String url) {
    jobs.append(
        """
        job.%1$s.app = 42
        job.%1$s.update-key = code
        job.%1$s.source = database
        job.%1$s.url = %2$s
        job.%1$s.query = select 1
        """
            .formatted(name, url));
  }

  private Health health(String baseUrl, Network network) throws IOException {
    Files.writeString(
        home.resolve("application.properties"), "kintone.base-url = " + baseUrl + "\n" + jobs);
    var configured =
        Configuration.read(home, Map.of("KINTONE_API_TOKEN", "t"), Map.of()).jobs().stream()
            .map(job -> new JobOverview.Configured(job.name(), job, null))
            .toList();
    return new Health(
        new JobOverview(() -> configured, 0, journal, home.resolve("runs"), clock),
        new HttpClientFactory(network),
        clock);
  }

  private static String text(PageResponse answer) throws IOException {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://127.0.0.1:%d/%s",
        "jdbc:sqlserver://127.0.0.1:%d;databaseName=%s",
        "jdbc:mariadb://127.0.0.1:%d/%s"
      })
  void databasesThatHangAreNotWaitedForLongAndAskedAgainLater(String url) throws Exception {
    var asked = new CopyOnWriteArrayList<Socket>();
    try (var hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var accepting =
          new Thread(
              () -> {
                try {
                  while (true) {
                    asked.add(hanging.accept()); // and never answers
                  }
                } catch (IOException closed) {
                  // the test is over
                }
              });
      accepting.start();
      for (String name : new String[] {"one", "two", "three"}) {
        job(name, url.formatted(hanging.getLocalPort(), name));
      }
      try (var health = health(simulator.url(), Network.DIRECT)) {
        var began = Instant.now();
        var answer = health.check();
        assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(9));
        assertThat(answer.status()).isEqualTo(503);
        assertThat(text(answer)).contains("{\"job\":\"two\",\"kintone\":true,\"source\":false");
        int before = asked.size();
        Patience.await()
            .until(
                () -> {
                  clock.move(Duration.ofMinutes(2));
                  health.check();
                  return asked.size() >= before + 3;
                });
      }
    }
  }

  @Test
  void kintoneIsAskedThroughTheProxyByTheAuthorityThatIsNamed() throws Exception {
    var authority = TestAuthority.ofThisProcess();
    Files.createDirectories(home.resolve("inbox"));
    jobs.append("job.c.app = 42\njob.c.update-key = code\n");
    jobs.append("job.c.source = folder\njob.c.folder = inbox\n");
    try (var kintone = new Crossing(simulator.url(), authority.server(false));
        var proxy = new TunnelProxy("office:open sesame")) {
      var office =
          new Network(
              URI.create(proxy.url()), new Login("office", "open sesame"), null, authority.pem());
      try (var health = health(kintone.url(), office)) {
        assertThat(health.check().status()).isEqualTo(200);
        assertThat(proxy.tunnels()).isEqualTo(1);
      }
      try (var health = health(kintone.url(), Network.DIRECT)) {
        assertThat(text(health.check())).contains("\"kintone\":false");
      }
    }
  }
}
