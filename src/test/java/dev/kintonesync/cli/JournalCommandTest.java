package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.FreePort;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.JournalKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands with a run history in PostgreSQL. */
@LogOfProcess.Started
class JournalCommandTest {
  private static final Map<String, String> SECRET =
      Map.of("JOURNAL_PASSWORD", "s3cret", "KINTONE_API_TOKEN", "t");

  @TempDir Path home;
  private Command command;

  @BeforeEach
  void home() throws IOException {
    command = new Command(home);
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "check", "runs", "rejects"})
  void oneThatIsNotReachedIsToldInOneSentence(String word) throws IOException {
    properties("jdbc:postgresql://127.0.0.1:" + FreePort.find() + "/sync");
    var ended = command.run(SECRET, word, "--lang", "en");
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(2);
    assertThat(ended.err().lines()).hasSize(1);
    assertThat(ended.err())
        .contains("cannot be reached: Connection refused", "Check that PostgreSQL is running")
        .doesNotContain("Exception", "s3cret");
    assertThat(home.resolve("journal")).doesNotExist();
  }

  @Test
  void aCopyIsToldInCountsAndThenUsed() throws IOException {
    Journal.open(home.resolve("journal")).close();
    properties(JournalKind.POSTGRESQL.location(home).url());
    var copied = command.run(SECRET, "journal", "copy", "--lang", "en");
    assertThat(copied.exitCode()).as(copied.err()).isZero();
    assertThat(copied.out()).contains("Copied 0 runs, 0 checkpoints and 0 open rejected rows");
    var runs = command.run(SECRET, "runs", "--lang", "en");
    assertThat(runs.exitCode()).as(runs.err()).isZero();
  }

  @Test
  void withoutATargetOrAnActionItSaysWhatToWrite() throws IOException {
    assertThat(command.run("journal", "copy", "--lang", "en").err())
        .contains("journal.url is not set");
    assertThat(command.run("journal", "--lang", "en").err()).contains("kintone-sync journal copy");
  }

  @Test
  void aPasswordInTheAddressIsRefusedWithoutBeingShown() throws IOException {
    properties("jdbc:postgresql://db/sync?password=s3cret");
    var ended = command.run("status", "--lang", "en");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("contains a user name or password").doesNotContain("s3cret");
  }

  @Test
  void aRunThatCannotBeginBeforeItsLeaseIsOverIsOver() throws Exception {
    properties(JournalKind.POSTGRESQL.location(home).url());
    assertThat(command.run(SECRET, "runs", "--lang", "en").exitCode()).isZero();
    try (var journal = JournalKind.POSTGRESQL.connect(home);
        var statement = journal.createStatement()) {
      statement.execute(
          """
          CREATE FUNCTION takes_too_long() RETURNS TRIGGER LANGUAGE plpgsql
          AS 'BEGIN DELETE FROM node; RETURN NEW; END'
          """);
      statement.execute(
          "CREATE TRIGGER slow BEFORE INSERT ON run FOR EACH ROW EXECUTE FUNCTION"
              + " takes_too_long()");
      Files.createDirectories(home.resolve("inbox"));
      Files.writeString(home.resolve("inbox").resolve("codes.csv"), "code\nA1\n");
      var ended = command.run(SECRET, "run", "customers", "--once", "--lang", "en");
      assertThat(ended.exitCode()).as(ended.out()).isEqualTo(2);
      assertThat(ended.err()).contains("was not heard of for longer than cluster.lease");
      assertThat(home.resolve("inbox").resolve("codes.csv")).exists();
      assertThat(home.resolve("runs")).isEmptyDirectory();
      try (var rows = statement.executeQuery("SELECT name FROM run")) {
        assertThat(rows.next()).as("a run is known").isFalse();
      }
    }
  }

  private void properties(String url) throws IOException {
    Files.writeString(
        home.resolve("application.properties"),
        """
        kintone.base-url = http://127.0.0.1:1
        journal.url = %s
        journal.username = postgres
        job.customers.app = 1
        job.customers.update-key = code
        job.customers.source = folder
        job.customers.folder = inbox
        """
            .formatted(url));
  }
}
