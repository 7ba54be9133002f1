package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.settings.NotificationSettings.Channel;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that end tell people before they do, and end with the same exit code whatever comes. */
@LogOfProcess.Started
class ToldTest {
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code",
                "required": true, "unique": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "name", "maxLength": "20"}}
      """;
  private static final String BAD = "code,name\nA,short\nB," + "long".repeat(20) + "\n";

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
    jobs(post.getSmtp().getPort(), "");
  }

  @AfterEach
  void stop() {
    post.stop();
    simulator.close();
  }

  private void jobs(int mailServer, String more) throws Exception {
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
        %s
        """
            .formatted(simulator.url(), mailServer, app.id(), more));
  }

  private void drop(String rows) throws Exception {
    Files.writeString(Files.createDirectories(home.resolve("inbox")).resolve("in.csv"), rows);
  }

  private Command.Ended run(String... words) {
    String[] all = Arrays.copyOf(words, words.length + 2);
    all[words.length] = "--lang";
    all[words.length + 1] = "en";
    return command.run(Map.of("KINTONE_API_TOKEN", "t"), all);
  }

  private List<String> told() {
    return Arrays.stream(post.getReceivedMessages())
        .map(
            mail -> {
              try {
                return mail.getSubject();
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            })
        .toList();
  }

  private int left() {
    try (var journal = Journal.open(home.resolve("journal"))) {
      return journal.outbox().due(Channel.MAIL.name(), Instant.now().plusSeconds(100_000)).size();
    }
  }

  @Test
  void aRunFromAScheduleTellsOfRejectsAndAfterARetryThatAllIsWell() throws Exception {
    drop(BAD);
    assertThat(run("run", "customers", "--once").exitCode()).isEqualTo(1);
    assertThat(told()).containsExactly("[kintone-sync] customers: some rows were rejected");
    app.add("{\"code\":{\"value\":\"C\"}}");

    String newest;
    try (var runs = Files.list(home.resolve("runs"))) {
      newest = runs.map(one -> one.getFileName().toString()).findFirst().orElseThrow();
    }
    jobs(post.getSmtp().getPort(), "job.customers.map = code=code");
    assertThat(run("retry", newest).exitCode()).isZero();
    assertThat(told().get(1)).isEqualTo("[kintone-sync] customers: recovered");
    assertThat(left()).isZero();
  }

  @Test
  void anImportTellsOfTheJobItIsGivenAndOfNoOther() throws Exception {
    Path file = Files.writeString(home.resolve("in.csv"), BAD);
    var alone = run("import", file.toString(), "--app", "" + app.id(), "--update-key", "code");
    assertThat(alone.exitCode()).as(alone.err()).isEqualTo(1);
    assertThat(told()).isEmpty();
    assertThat(run("import", file.toString(), "--job", "customers").exitCode()).isEqualTo(1);
    assertThat(told()).containsExactly("[kintone-sync] customers: some rows were rejected");
  }

  @Test
  void withoutAMailServerTheRunEndsAsItWouldAndTheNextProgramSendsTheLetter() throws Exception {
    drop(BAD);
    jobs(1, "");
    var ended = run("run", "customers", "--once");
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.err()).contains("notify.mail could not be notified about customers");
    assertThat(left()).isEqualTo(1);

    jobs(post.getSmtp().getPort(), "");
    try (var journal = Journal.open(home.resolve("journal"))) {
      journal.outbox().hold(Channel.MAIL.name(), Instant.now().plusSeconds(100_000), Instant.now());
    }
    assertThat(run("run", "customers", "--once").exitCode()).isZero();
    assertThat(told()).containsExactly("[kintone-sync] customers: some rows were rejected");
  }

  @Test
  void aJobThatCannotBeginIsToldOfOnce() {
    for (int night = 0; night < 2; night++) {
      var ended = command.run(Map.of(), "run", "customers", "--once", "--lang", "en");
      assertThat(ended.exitCode()).isEqualTo(2);
      assertThat(ended.err()).contains("KINTONE_API_TOKEN");
    }
    assertThat(told()).containsExactly("[kintone-sync] customers: the run could not start");
  }

  @Test
  void whatIsMissingToReachPeopleIsRefusedBeforeTheRun() throws Exception {
    drop(BAD);
    Files.writeString(
        home.resolve("application.properties"),
        Files.readString(home.resolve("application.properties"))
            .replaceAll("notify.mail.server = .*", ""));
    var ended = run("run", "customers", "--once");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("notify.mail.server is missing");
    assertThat(app.records()).isEmpty();
  }

  private String planned(String rows) throws Exception {
    Path file = Files.writeString(home.resolve("planned.csv"), rows);
    Path plan = home.resolve("plan.json");
    var ended = run("plan", file.toString(), "--job", "customers", "--out", plan.toString());
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    return plan.toString();
  }

  private List<String> history() {
    try (var journal = Journal.open(home.resolve("journal"))) {
      return journal.runs(100).stream().map(run -> run.run() + " " + run.state()).toList();
    }
  }

  @Test
  void aPlanThatIsAppliedASecondTimeOrARunUndoneTwiceIsAnswerEnoughAtTheTerminal()
      throws Exception {
    String plan = planned("code,name\nA,short\n");
    assertThat(run("apply", plan).exitCode()).isZero();
    var once = history();

    var again = run("apply", plan);

    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.err()).contains("has already been applied, by run");
    assertThat(history()).isEqualTo(once);
    String run = once.get(0).split(" ")[0];
    assertThat(run("undo", run, "--yes").exitCode()).isZero();
    var undone = history();
    for (String how : List.of("--yes", "--plan")) {
      var twice = run("undo", run, how);
      assertThat(twice.exitCode()).isEqualTo(2);
      assertThat(twice.err()).contains("has already been applied, by run");
    }
    assertThat(history()).isEqualTo(undone);
    assertThat(told()).isEmpty();
  }

  @Test
  void aPlanPutsNothingRightOfTheRowsThatAreOpen() throws Exception {
    drop(BAD);
    assertThat(run("run", "customers", "--once").exitCode()).isEqualTo(1);
    String plan = planned("code,name\nC,short\n");

    assertThat(run("apply", plan).exitCode()).isZero();

    assertThat(told()).containsExactly("[kintone-sync] customers: some rows were rejected");
    Files.writeString(home.resolve("in.csv"), "code,name\nB,short\n");
    assertThat(run("import", home.resolve("in.csv").toString(), "--job", "customers").exitCode())
        .isZero();
    assertThat(told().get(1)).isEqualTo("[kintone-sync] customers: recovered");
  }
}
