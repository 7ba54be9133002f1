package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.settings.Job;
import dev.kintonesync.sync.RunFold;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A polled source whose bad rows stay bad does not fill the disk, and no bad row is lost. */
class PublishedRejectsTest {
  private static final String URL = "jdbc:h2:mem:published-rejects;DATABASE_TO_UPPER=FALSE";

  @TempDir Path home;
  private Rehearsal rehearsal;
  private Connection database;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home);
    database = DriverManager.getConnection(URL);
    sql(
        "CREATE TABLE customers (code VARCHAR, name VARCHAR, changed TIMESTAMP WITH TIME ZONE)",
        "INSERT INTO customers VALUES ('K1', 'Abe', CURRENT_TIMESTAMP)",
        "INSERT INTO customers VALUES ('K2', REPEAT('x', 21), CURRENT_TIMESTAMP)");
  }

  @AfterEach
  void stop() throws Exception {
    rehearsal.close();
    sql("SHUTDOWN");
  }

  @Test
  void runsThatRejectTheSameRowsAgainKeepTheNewestFileAndFolder() throws Exception {
    var job = job("checkpoint = changed");
    var runs = runs(job, 6);

    assertThat(kept("rejects")).containsExactly(file(runs.get(0)), file(runs.get(5)));
    assertThat(kept("runs")).containsExactly(name(runs.get(0)), name(runs.get(5)));
    assertThat(Rehearsal.rejects(runs.get(5)).get(1)).startsWith("K2,xxx");
    assertThat(rehearsal.journal().runs(99)).hasSize(6);
    assertThat(RunFold.of(rehearsal.journal().runs(99), 99))
        .extracting(RunFold::times)
        .containsExactly(5, 1);
  }

  @Test
  void theSameHoldsOfASourceThatIsReadAsAWhole() throws Exception {
    var runs = runs(job(), 4);
    assertThat(kept("rejects")).containsExactly(file(runs.get(0)), file(runs.get(3)));
  }

  @Test
  void aRowWithAnotherReasonOrValueIsToldAnew() throws Exception {
    var job = job("checkpoint = changed");
    var same = runs(job, 2);
    sql("UPDATE customers SET name = REPEAT('y', 21) WHERE code = 'K2'");
    var other = runs(job, 2);
    assertThat(kept("rejects"))
        .containsExactly(
            file(same.get(0)), file(same.get(1)), file(other.get(0)), file(other.get(1)));
  }

  @Test
  void aRowThatIsOnlyTriedAgainKeepsTheFileInWhichItStands() throws Exception {
    sql(
        "UPDATE customers SET changed = DATEADD('DAY', -1, CURRENT_TIMESTAMP) WHERE code = 'K2'",
        "DELETE FROM customers WHERE code = 'K1'");
    var job = job("checkpoint = changed", "overlap = 0");
    var first = rehearsal.runNow(job);
    sql("INSERT INTO customers VALUES ('K1', 'Abe', CURRENT_TIMESTAMP)");
    var second = rehearsal.runNow(job);
    var tried = runs(job, 4);

    assertThat(tried.get(3).report().retried()).isEqualTo(1);
    assertThat(tried.get(3).report().open()).isEqualTo(1);
    assertThat(tried.get(3).report().rejectsFile()).isNull();
    assertThat(kept("rejects")).containsExactly(file(first), file(second));
    assertThat(kept("runs")).hasSize(3).contains(name(first), name(tried.get(3)));
  }

  @Test
  void aFileThatSomebodyHasWrittenToOrPutThereStays() throws Exception {
    var job = job("checkpoint = changed");
    rehearsal.runNow(job);
    var corrected = rehearsal.runNow(job);
    Path mine = Path.of(corrected.report().rejectsFile());
    Files.writeString(mine, Files.readString(mine).replace("xxx", "x"));
    Path note = Files.writeString(home.resolve("rejects/note.txt"), "ask Sato");
    runs(job, 3);
    assertThat(mine).exists();
    assertThat(note).exists();
  }

  private Job job(String... properties) throws IOException {
    var all =
        new ArrayList<>(
            List.of(
                "query = SELECT code, name, changed FROM customers", "map = code=code, name=name"));
    all.addAll(List.of(properties));
    return rehearsal.databaseJob(URL, all.toArray(String[]::new));
  }

  private List<RunResult> runs(Job job, int count) {
    var runs = new ArrayList<RunResult>();
    for (int i = 0; i < count; i++) {
      rehearsal.clock.move(Duration.ofSeconds(8));
      runs.add(rehearsal.runNow(job));
    }
    return runs;
  }

  private static String name(RunResult run) {
    return run.report().run();
  }

  private static String file(RunResult run) {
    return Path.of(run.report().rejectsFile()).getFileName().toString();
  }

  private List<String> kept(String folder) throws IOException {
    try (var files = Files.list(home.resolve(folder))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private void sql(String... statements) throws SQLException {
    try (var statement = database.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
