package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that read a real PostgreSQL, by a schedule and by hand, killed in the middle. */
class DatabaseIT {
  private static final int ROWS = 5_000;

  @TempDir Path folder;

  @Test
  void aRunKilledInTheMiddleIsCompletedByTheNextAndTheCheckpointGoesOnOnlyThen() throws Exception {
    var installation = Installation.withHome(Files.createDirectory(folder.resolve("home")));
    try (var postgres = EmbeddedPostgres.builder().setPGStartupWait(Patience.LIMIT).start();
        var simulator = SimulatorProcess.start(installation)) {
      sql(
          postgres,
          "CREATE TABLE codes (id BIGSERIAL PRIMARY KEY, changed TIMESTAMPTZ DEFAULT now())",
          "INSERT INTO codes (id) SELECT nextval('codes_id_seq') FROM generate_series(1, 5000)",
          "UPDATE codes SET changed = now() - INTERVAL '1 day' - id / 10 * INTERVAL '1 s'");
      String app = simulator.postalCodeApp();
      configure(installation, postgres, simulator.url(), app);

      simulator.answersWrites(2);
      try (var program = installation.start("run")) {
        Patience.await().until(() -> simulator.records("inserted") > 200);
      }
      assertThat(simulator.size(app)).isBetween(200, ROWS - 1);
      simulator.answersAll();

      try (var program = installation.start("run")) {
        program.awaitText("5,000 read");
        program.terminate();
        assertThat(program.ended().exitCode()).isZero();
      }
      assertThat(simulator.size(app)).isEqualTo(ROWS);
      assertThat(simulator.revisionsAbove(app, 1)).as("records written twice").isZero();

      sql(postgres, "INSERT INTO codes VALUES (9999999, now())");
      var once = installation.run("run", "codes", "--once");
      assertThat(once.exitCode()).as(once.said()).isZero();
      assertThat(once.out()).contains(" read: 1 inserted, 0 updated");
      assertThat(once.said()).doesNotContain("not-to-be-seen");
    }
  }

  private static void configure(
      Installation installation, EmbeddedPostgres postgres, String url, String app)
      throws IOException {
    installation
        .with("KINTONE_API_TOKEN", "t")
        .with("SOURCE_PASSWORD_CODES", "not-to-be-seen")
        .configured(
            """
            kintone.base-url = %s
            job.codes.app = %s
            job.codes.update-key = postal_code
            job.codes.source = database
            job.codes.url = jdbc:postgresql://localhost:%d/postgres
            job.codes.username = postgres
            job.codes.query = SELECT lpad(id::text, 7, '0') AS postal_code, id, changed \\
              FROM codes
            job.codes.map = postal_code=postal_code
            job.codes.checkpoint = changed
            job.codes.unique = id
            job.codes.schedule = every 1h
            """
                .formatted(url, app, postgres.getPort()));
  }

  private static void sql(EmbeddedPostgres postgres, String... statements) throws SQLException {
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
