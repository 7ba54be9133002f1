package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.LogOfProcess;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code retry} runs the rejected rows of one run by what its job says today. */
@LogOfProcess.Started
class RetryTest {
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code",
                "required": true, "unique": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "name", "maxLength": "20"}}
      """;

  @TempDir Path home;
  private Simulator simulator;
  private SimulatedApp app;
  private Command command;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start();
    app = simulator.app("customers", FIELDS);
    command = new Command(home);
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private void job(String mode) throws Exception {
    Files.writeString(
        home.resolve("application.properties"),
        """
        kintone.base-url = %s
        job.customers.app = %d
        job.customers.update-key = code
        job.customers.source = folder
        job.customers.folder = inbox
        job.customers.mode = %s
        """
            .formatted(simulator.url(), app.id(), mode));
  }

  private Command.Ended run(String... words) {
    return command.run(Map.of("KINTONE_API_TOKEN", "t"), words);
  }

  private String newestRun() throws Exception {
    try (var runs = Files.list(home.resolve("runs"))) {
      return runs.map(run -> run.getFileName().toString())
          .sorted()
          .reduce((a, b) -> b)
          .orElseThrow();
    }
  }

  @Test
  void onlyTheRejectedRowsRunAndByTodaysRules() throws Exception {
    job("update");
    app.add("{\"code\":{\"value\":\"A\"},\"name\":{\"value\":\"old\"}}");
    Path inbox = Files.createDirectories(home.resolve("inbox"));
    Files.writeString(inbox.resolve("in.csv"), "code,name\nA,new\nB,new\n");
    assertThat(run("run", "customers", "--once", "--lang", "en").exitCode()).isEqualTo(1);
    assertThat(app.values("code")).containsExactly("A");
    app.add("{\"code\":{\"value\":\"C\"},\"name\":{\"value\":\"by others\"}}");

    job("upsert");
    var ended = run("retry", newestRun(), "--lang", "en");

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out()).startsWith("1 read: 1 inserted");
    assertThat(app.values("code")).containsExactlyInAnyOrder("A", "B", "C");
  }

  @Test
  void whatIsStillWrongIsRejectedAgain() throws Exception {
    job("update");
    Path inbox = Files.createDirectories(home.resolve("inbox"));
    Files.writeString(inbox.resolve("in.csv"), "code,name\nB,new\n");
    run("run", "customers", "--once");

    var ended = run("retry", newestRun(), "--lang", "en");

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.out()).contains("1 rejected");
  }

  @Test
  void anUnknownRunAndOneWithoutRejectsAreSaid() throws Exception {
    job("upsert");
    Path inbox = Files.createDirectories(home.resolve("inbox"));
    Files.writeString(inbox.resolve("in.csv"), "code,name\nA,new\n");
    run("run", "customers", "--once");

    assertThat(run("retry", "20200101-000000-x", "--lang", "en").err())
        .contains("The run history has no run 20200101-000000-x");
    var none = run("retry", newestRun(), "--lang", "en");
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("has no rejected rows");
  }

  @Test
  void aRowWithoutAReadableKeyIsSaidToBeClosedByNoLaterRow() throws Exception {
    job("upsert");
    Path inbox = Files.createDirectories(home.resolve("inbox"));
    Files.writeString(inbox.resolve("in.csv"), "code,name\nA,%s\n,n\n".formatted("n".repeat(99)));
    run("run", "customers", "--once");

    String said = "1 of them has no readable key";
    assertThat(run("status", "--lang", "en").out()).contains("open rejected rows: 2", said);
    assertThat(run("rejects", "--lang", "en").out()).contains("customers: 2 open", said);
    String listed = run("rejects", "customers", "--lang", "en").out();
    assertThat(listed).containsOnlyOnce("Its key cannot be read, so no later row closes it");
    String id = listed.replaceAll("(?s).*rejects dismiss customers \"(#[^\"]*)\".*", "$1");
    assertThat(run("rejects", "dismiss", "customers", id).exitCode()).isZero();
    assertThat(run("status", "--lang", "en").out())
        .contains("open rejected rows: 1")
        .doesNotContain("no readable key");
  }

  @Test
  void withoutOpenRejectsThatIsSaid() throws Exception {
    job("upsert");

    assertThat(run("rejects", "--lang", "en").err()).contains("There are no open rejected rows.");
    assertThat(run("rejects", "customers", "--lang", "en").err()).contains("customers");
    var dismissed = run("rejects", "dismiss", "customers", "A", "--lang", "en");
    assertThat(dismissed.exitCode()).isEqualTo(2);
    assertThat(run("rejects", "one", "two", "--lang", "en").exitCode()).isEqualTo(2);
  }
}
