package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.journal.OpenReject;
import dev.kintonesync.settings.Job;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rejected row of a source that is not read again is tried again until it is applied. */
class RejectedRowIsNotForgottenTest {
  private static final String TOO_LONG = "x".repeat(21);

  @TempDir Path home;
  private Rehearsal rehearsal;
  private Connection database;
  private Job job;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home);
    String url = "jdbc:h2:mem:" + home.getFileName() + ";DB_CLOSE_DELAY=-1";
    database = DriverManager.getConnection(url);
    sql(
        "CREATE TABLE customer (code VARCHAR, name VARCHAR, changed BIGINT, id BIGINT PRIMARY"
            + " KEY)");
    job =
        rehearsal.databaseJob(
            url,
            "query = SELECT code, name, changed, id FROM customer",
            "checkpoint = changed",
            "unique = id",
            "overlap = 0",
            "map = CODE=code, NAME=name");
  }

  @AfterEach
  void stop() throws Exception {
    rehearsal.close();
    sql("SHUTDOWN");
    database.close();
  }

  private void sql(String statement) throws SQLException {
    try (var each = database.createStatement()) {
      each.execute(statement);
    }
  }

  private void row(int id, int changed, String code, String name) throws SQLException {
    sql("MERGE INTO customer VALUES ('" + code + "', '" + name + "', " + changed + ", " + id + ")");
  }

  private RunResult run() {
    return rehearsal.application().runner().runWaiting(job).get(0);
  }

  private List<OpenReject> open() {
    return rehearsal.journal().openRejects().of("customers");
  }

  @Test
  void itIsTriedAgainUntilItIsApplied() throws Exception {
    row(1, 1, "A", "good");
    row(2, 2, "B", TOO_LONG);
    row(3, 3, "C", "good");
    var first = run().report();
    assertThat(first.counts().rejected()).isEqualTo(1);
    assertThat(first.remarks().toString()).doesNotContain("not copied", "CHANGED", "ID");
    assertThat(first.open()).isEqualTo(1);
    assertThat(open()).singleElement().satisfies(row -> assertThat(row.key()).isEqualTo("B"));

    var second = run().report();
    assertThat(second.retried()).isEqualTo(1);
    assertThat(second.open()).isEqualTo(1);
    assertThat(second.counts().rejected()).as("of the rows that were read").isZero();
    assertThat(open()).singleElement().satisfies(row -> assertThat(row.tried()).isEqualTo(1));
    assertThat(rehearsal.held("name")).containsOnlyKeys("A", "C");

    rehearsal.changeForm(
        "PUT",
        """
        {"app": 1, "properties": {"name": {"type": "SINGLE_LINE_TEXT", "code": "name",
          "label": "name", "maxLength": "40"}}}
        """);
    var third = run().report();
    assertThat(third.retried()).isEqualTo(1);
    assertThat(third.open()).isZero();
    assertThat(open()).isEmpty();
    assertThat(rehearsal.held("name")).containsEntry("B", TOO_LONG);

    assertThat(run().report().retried()).isZero();
  }

  @Test
  void aNewerRowOfItsKeyOvertakesIt() throws Exception {
    row(1, 1, "B", TOO_LONG);
    run();

    row(1, 2, "B", "shorter");
    var report = run().report();

    assertThat(rehearsal.held("name")).containsEntry("B", "shorter");
    assertThat(report.retried()).isEqualTo(1);
    assertThat(report.open()).isZero();
    assertThat(open()).isEmpty();
  }

  @Test
  void aNewerRowThatIsReadWithItOvertakesIt() throws Exception {
    row(1, 1, "B", TOO_LONG);
    row(2, 2, "B", "newer");
    var report = run().report();

    assertThat(report.counts().rejected()).isEqualTo(1);
    assertThat(report.counts().inserted()).isEqualTo(1);
    assertThat(report.open()).isZero();
    assertThat(open()).isEmpty();
    rehearsal.changeForm(
        "PUT",
        """
        {"app": 1, "properties": {"name": {"type": "SINGLE_LINE_TEXT", "code": "name",
          "label": "name", "maxLength": "40"}}}
        """);
    assertThat(run().report().retried()).isZero();
    assertThat(rehearsal.held("name")).containsEntry("B", "newer");
  }

  @Test
  void aNewerRowThatIsRejectedStaysOpenBehindOneThatIsApplied() throws Exception {
    row(1, 1, "B", TOO_LONG);
    run();
    row(1, 1, "B", "older");
    row(2, 2, "B", "older");
    row(3, 3, "B", TOO_LONG);
    var report = run().report();

    assertThat(report.open()).isEqualTo(1);
    assertThat(open()).singleElement().satisfies(row -> assertThat(row.key()).isEqualTo("B"));
    assertThat(rehearsal.held("name")).containsEntry("B", "older");
  }

  @Test
  void aRowThatIsDismissedIsTriedNoMore() throws Exception {
    row(1, 1, "B", TOO_LONG);
    run();

    rehearsal.journal().openRejects().close("customers", List.of("B"));

    assertThat(run().report().retried()).isZero();
  }

  @Test
  void aDismissedRowStaysSoUntilItsContentChanges() throws Exception {
    row(1, 1, "B", TOO_LONG);
    run();
    assertThat(rehearsal.journal().openRejects().dismiss("customers", "B")).isTrue();

    var again = run().report();
    assertThat(again.counts().rejected())
        .as("the row at the checkpoint is read again")
        .isEqualTo(1);
    assertThat(again.open()).isZero();
    assertThat(open()).isEmpty();
    assertThat(run().report().retried()).isZero();

    row(1, 1, "B", TOO_LONG + "y");
    var changed = run().report();
    assertThat(changed.open()).isEqualTo(1);
    assertThat(open()).singleElement().satisfies(row -> assertThat(row.key()).isEqualTo("B"));
  }

  @Test
  void aRowWithoutAKeyIsKeptAsWell() throws Exception {
    row(1, 1, "", "nobody");
    run();
    assertThat(run().report().open()).as("it is read again, and is the same row").isEqualTo(1);

    var report = run().report();

    assertThat(report.retried()).isEqualTo(1);
    assertThat(open()).singleElement().satisfies(row -> assertThat(row.id()).startsWith("#"));
  }
}
