package dev.kintonesync.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import dev.kintonesync.FreePort;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.Patience;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of a database, with and without a schedule, which a command runs beside the service. */
@LogOfProcess.Started
class RunsOnRequestTest {
  private static final Map<String, String> TOKEN = Map.of("KINTONE_API_TOKEN", "t");
  private static final String URL = "jdbc:h2:mem:on-request";
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "c", "unique": true}}
      """;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path home;

  private final GreenMail post = new GreenMail(ServerSetup.SMTP.dynamicPort());
  private Simulator simulator;
  private SimulatedApp app;
  private Connection database;
  private Command command;
  private int port;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start();
    app = simulator.app("items", FIELDS);
    var other = simulator.app("others", FIELDS);
    post.start();
    database = DriverManager.getConnection(URL);
    execute("create table item as select 'K' || x as code from system_range(1, 300)");
    command = new Command(home);
    port = FreePort.find();
    Files.writeString(
        home.resolve("application.properties"),
        """
        kintone.base-url = %s
        console.port = %d
        notify.mail = it@example.com
        notify.mail.server = 127.0.0.1:%d
        notify.mail.security = none
        job.items.app = %d
        job.items.update-key = code
        job.items.source = database
        job.items.url = %s
        job.items.query = select code as "code" from item
        job.items.mode = mirror
        job.items.mirror.missing = delete
        """
                .formatted(simulator.url(), port, post.getSmtp().getPort(), app.id(), URL)
            + """
            job.nightly.app = %1$d
            job.nightly.update-key = code
            job.nightly.source = database
            job.nightly.url = %2$s
            job.nightly.query = select code as "code" from gone
            job.nightly.schedule = daily 02:30
            job.behind.app = %1$d
            job.behind.update-key = code
            job.behind.source = database
            job.behind.url = %2$s
            job.behind.query = select code as "code" from item
            job.behind.after = nightly
            """
                .formatted(other.id(), URL),
        UTF_8);
  }

  @AfterEach
  void stop() throws Exception {
    database.close();
    post.stop();
    simulator.close();
  }

  private void execute(String sql) throws Exception {
    try (var statement = database.createStatement()) {
      statement.execute(sql);
    }
  }

  private Command.Ended run(String... words) {
    return command.run(TOKEN, words);
  }

  private JsonNode status() throws Exception {
    return JSON.readTree(run("status", "--json").out()).path(0);
  }

  @Test
  void aGuardIsToldWithALinkAndAPersonMayLetItPass() throws Exception {
    try (var service = new Service(command, TOKEN)) {
      Patience.await().until(() -> status().path("onRequest").asBoolean());
      assertThat(run("status", "--lang", "en").out())
          .as(service.ended())
          .contains("items: OK, runs when somebody starts it\n", "\n    Runs only when somebody");
      assertThat(run("run", "items", "--once").exitCode()).isZero();
      execute("delete from item where length(code) < 3 or code like '%5'");

      assertThat(run("run", "items", "--once", "--lang", "en").exitCode()).isEqualTo(3);
      var blocked = status();
      assertThat(blocked.path("state").asText()).isEqualTo("needs-you");
      assertThat(blocked.path("guard").asText()).isEqualTo("max-missing");
      assertThat(run("status", "--lang", "en").out())
          .contains("items: needs you\n", "run items --once --accept max-missing")
          .doesNotContain("retry by itself");
      assertThat(GreenMailUtil.getBody(post.getReceivedMessages()[0]))
          .contains("http://127.0.0.1:" + port + "/#job/items");

      assertThat(run("run", "items", "--once", "--accept", "max-missing").exitCode()).isZero();
      assertThat(status().path("state").asText()).isEqualTo("idle");
      assertThat(app.records()).hasSizeLessThan(280);
    }
  }

  @Test
  void whatIsToldOfADatabaseIsTrueOfItsSchedule() throws Exception {
    try (var service = new Service(command, TOKEN)) {
      Patience.await()
          .untilAsserted(
              () ->
                  assertThat(run("status", "behind", "--lang", "en").out())
                      .as(service.ended())
                      .contains("behind: OK, runs after each run of nightly\n"));
      var ended = run("run", "nightly", "--once", "--lang", "en");
      assertThat(ended.exitCode()).isEqualTo(2);
      assertThat(ended.err()).contains("database").doesNotContain("File ");
      assertThat(run("status", "nightly", "--lang", "en").out())
          .contains("nightly: needs you\n", "retries at its next scheduled time")
          .doesNotContain("the file");
      post.waitForIncomingEmail(1);
      assertThat(GreenMailUtil.getBody(post.getReceivedMessages()[0]))
          .contains("retries at its next scheduled time", "run nightly --once")
          .doesNotContain("the file", "folder");
    }
  }
}
