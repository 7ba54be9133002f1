package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Names, columns and values that would forge a line of the log or move the cursor of a terminal are
 * shown harmless wherever people read them, and stay what they are where programs do.
 */
@LogOfProcess.Started
@DisabledOnOs(OS.WINDOWS)
class ForeignTextTest {
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code", "unique": true},
       "rank": {"type": "DROP_DOWN", "code": "rank", "label": "rank",
                "options": {"A": {"label": "A", "index": "0"}}}}
      """;

  private static final String ATTACK =
      "\n2026-01-01T00:00:00.000 ERROR [main] forged\r\u001b[2J\u001b]0;x\u0007\u009b31m\u202etxt";

  /** Everything that has no shape, save for line ends. */
  private static final Pattern HARMFUL =
      Pattern.compile(
          "[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u206f]");

  @TempDir Path home;
  private final GreenMail post = new GreenMail(ServerSetup.SMTP.dynamicPort());
  private Simulator simulator;
  private SimulatedApp app;
  private Command command;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start();
    app = simulator.app("customers", FIELDS);
    command = new Command(home);
    post.start();
    Files.writeString(
        home.resolve("application.properties"),
        """
        kintone.base-url = %s
        notify.mail = it@example.com
        notify.mail.server = 127.0.0.1:%d
        notify.mail.security = none
        job.customers.app = %d
        job.customers.update-key = code
        job.customers.source = folder
        job.customers.folder = inbox
        """
            .formatted(simulator.url(), post.getSmtp().getPort(), app.id()));
  }

  @AfterEach
  void stop() {
    post.stop();
    simulator.close();
  }

  private void drop(String name, String text) throws IOException {
    Files.writeString(Files.createDirectories(home.resolve("inbox")).resolve(name), text);
  }

  private Command.Ended run(String... words) {
    var all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--lang", "en"));
    return command.run(Map.of("KINTONE_API_TOKEN", "t"), all.toArray(String[]::new));
  }

  private static String quoted(String field) {
    return '"' + field.replace("\"", "\"\"") + '"';
  }

  @Test
  void nothingIsForgedWhereverAPersonReadsIt() throws Exception {
    drop("bad row" + ATTACK + ".csv", "code,rank\nA," + quoted("B" + ATTACK) + "\n");
    drop("bad column" + ATTACK + ".csv", "code," + quoted("nmae" + ATTACK) + "\nA,1\n");
    var seen = new ArrayList<String>();
    for (var ended :
        List.of(
            run("plan", "customers", "--verbose"),
            run("plan", "customers", "--key", "A"),
            run("run", "customers", "--once", "--verbose"),
            run("runs"),
            run("status"),
            run("rejects", "customers"))) {
      seen.add(ended.out());
      seen.add(ended.err());
    }
    LoggerFactory.getLogger(getClass())
        .error("a library says {}", ATTACK, new IOException("said" + ATTACK));
    for (Path file : written()) {
      seen.add(Files.readString(file));
    }
    for (var mail : post.getReceivedMessages()) {
      seen.add(mail.getSubject());
      seen.add(String.valueOf(mail.getContent()).replace("\r\n", "\n"));
    }
    assertThat(seen).anyMatch(text -> text.contains("bad row\\n2026-01-01")).hasSizeGreaterThan(15);
    assertThat(String.join("\n", seen)).contains("\\x1b[2J", "\\x9b31m\\u202etxt", "nmae\\n");
    for (String text : seen) {
      assertThat(text.replace("\tat ", "    at ").replaceAll("(?m)^\t", "    "))
          .doesNotContainPattern(HARMFUL)
          .doesNotContainPattern("(?m)^2026-01-01T00:00:00.000 ERROR");
    }
  }

  /** The files that people read: the logs, and what stands beside a file that failed. */
  private List<Path> written() throws IOException {
    try (var files = Files.walk(home)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> String.valueOf(file.getFileName()).matches("(?s).*\\.(log|txt)"))
          .toList();
    }
  }

  @Test
  void programsReadWhatIsTrue() throws Exception {
    String name = "bad" + ATTACK + ".csv";
    drop(name, "code,rank\nA,B\n");
    run("run", "customers", "--once");
    var ended = run("runs", "--json");
    assertThat(ended.out()).doesNotContainPattern(HARMFUL);
    var runs = new ObjectMapper().readTree(ended.out());
    assertThat(runs.get(0).path("source").asText()).endsWith(name);
  }

  @Test
  void aFileThatIsNoTableIsNotQuoted() throws Exception {
    String secret = "eyJhbGciOiJIUzI1NiJ9." + "c2VjcmV0".repeat(20);
    drop("token.csv", secret + "\nx\n");
    var ended = run("run", "customers", "--once");
    assertThat(ended.err()).contains(secret.substring(0, 60) + "…");
    for (Path file : written()) {
      assertThat(Files.readString(file)).doesNotContain(secret.substring(0, 61));
    }
    assertThat(ended.err() + ended.out()).doesNotContain(secret.substring(0, 61));
    for (var mail : post.getReceivedMessages()) {
      assertThat(String.valueOf(mail.getContent())).doesNotContain(secret.substring(0, 61));
    }
  }
}
