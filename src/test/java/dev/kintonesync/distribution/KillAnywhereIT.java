package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Promise 3: kill it anywhere, start it again: same final state, nothing lost, nothing twice. Real
 * processes, killed after a seen number of written records.
 */
@Order(1) // it waits long
class KillAnywhereIT extends KilledPrograms {

  @Test
  void anImportKilledWhileItInsertsIsCompletedByTheNext() throws IOException {
    String app = simulator.postalCodeApp();

    killedInTheMidst(1, app, TOKYO);
    killedInTheMidst(4, app, TOKYO);

    assertThat(completed(app, TOKYO)).isEqualTo(ROWS);
    assertThat(simulator.size(app)).isEqualTo(ROWS);
    assertThat(revisionsAbove(app, 1)).as("records written twice").isZero();
  }

  @Test
  void anImportKilledWhileItUpdatesIsCompletedByTheNext() throws IOException {
    String app = simulator.postalCodeApp();
    assertThat(completed(app, TOKYO)).isEqualTo(ROWS);
    Path edited = edited();

    killedInTheMidst(1, app, edited);

    assertThat(completed(app, edited)).isEqualTo(ROWS);
    assertThat(simulator.size(app)).isEqualTo(ROWS);
    assertThat(revisionsAbove(app, 2)).as("records updated twice").isZero();
    assertThat(simulator.value(app, "postal_code = \"1000000\"", "areas")).endsWith("（改）");
  }

  @Test
  void aWatchedFileThatWasBeingReadIsThereAfterTheKillAndGoesToDoneWithTheNextStart()
      throws IOException {
    String app = simulator.postalCodeApp();
    var watching = Installation.withHome(newHome());
    Path inbox = Files.createDirectories(watching.home().resolve("inbox"));
    watching
        .with("KINTONE_API_TOKEN", "t")
        .configured(
            """
            kintone.base-url = %s
            job.codes.app = %s
            job.codes.update-key = postal_code
            job.codes.source = folder
            job.codes.folder = inbox
            """
                .formatted(simulator.url(), app));
    Files.copy(TOKYO, inbox.resolve("codes.csv"), StandardCopyOption.REPLACE_EXISTING);

    int before = simulator.records("inserted");
    simulator.answersWrites(1);
    try (var program = watching.start("run")) {
      awaitWritten("inserted", before + 1);
      program.close();
    }
    simulator.answersAll();
    assertThat(inbox.resolve("codes.csv")).exists();

    try (var program = watching.start("run")) {
      Patience.await().until(() -> !Files.exists(inbox.resolve("codes.csv")));
      program.terminate();
      assertThat(program.ended().exitCode()).isZero();
    }
    assertThat(simulator.size(app)).isEqualTo(ROWS);
    assertThat(revisionsAbove(app, 1)).isZero();
    try (var done = Files.list(inbox.resolve("done"))) {
      assertThat(done).hasSize(1);
    }
    var reports = watching.reports();
    assertThat(reports).hasSize(2);
    assertThat(reports.get(0).path("state").asText()).isEqualTo("stopped");
    assertThat(reports.get(0).path("unprocessed").asInt()).isPositive();
    assertThat(reports.get(0).path("read").asInt()).isGreaterThanOrEqualTo(2000);
  }

  @Test
  void aMirrorKilledWhileItRemovesIsCompletedByTheNext() throws IOException {
    String app = simulator.postalCodeApp();
    var mirror = Installation.withHome(newHome());
    Path inbox = Files.createDirectories(mirror.home().resolve("inbox"));
    mirror
        .with("KINTONE_API_TOKEN", "t")
        .configured(
            """
            kintone.base-url = %s
            job.codes.app = %s
            job.codes.update-key = postal_code
            job.codes.source = folder
            job.codes.folder = inbox
            job.codes.mode = mirror
            job.codes.mirror.scope = $id > 0
            job.codes.mirror.missing = delete
            job.codes.mirror.max-missing = off
            """
                .formatted(simulator.url(), app));
    List<String> lines = Files.readAllLines(TOKYO);
    Files.copy(TOKYO, inbox.resolve("all.csv"));
    assertThat(mirror.run("run", "codes", "--once").exitCode()).isZero();
    Path half = inbox.resolve("half.csv");
    Files.write(half, lines.subList(0, 1 + ROWS / 2));

    int before = simulator.records("deleted");
    simulator.answersWrites(1);
    try (var program = mirror.start("run", "codes", "--once")) {
      awaitWritten("deleted", before + 100);
      program.close();
    }
    simulator.answersAll();
    assertThat(half).exists();
    assertThat(simulator.size(app)).isBetween(ROWS / 2 + 1, ROWS - 100);

    assertThat(mirror.run("run", "codes", "--once").exitCode()).isZero();
    assertThat(simulator.size(app)).isEqualTo(ROWS / 2);
    assertThat(simulator.records("deleted") - before).isEqualTo(ROWS - ROWS / 2);
    assertThat(revisionsAbove(app, 1)).isZero();
  }

  /** Fifty kills at random points, each followed by the next until one completes. */
  @Test
  @Tag("sweep")
  void fiftyKillsAtRandomPointsLoseNothingAndDoubleNothing() throws IOException {
    var random = new Random(20261122);
    int kills = 0;
    while (kills < 50) {
      String app = simulator.postalCodeApp();
      int inThisApp = 1 + random.nextInt(4);
      for (int i = 0; i < inThisApp && kills < 50; i++, kills++) {
        killedAfter(random.nextInt(ROWS - simulator.size(app) + 1), app, TOKYO);
      }
      assertThat(completed(app, TOKYO)).isEqualTo(ROWS);
      assertThat(simulator.size(app)).isEqualTo(ROWS);
      assertThat(revisionsAbove(app, 1)).isZero();
    }
  }

  /** Kills an import when so many records more are written than before it; 0: at its start. */
  private void killedAfter(int records, String app, Path file) {
    int before = simulator.records("inserted") + simulator.records("updated");
    try (var program = installation.start(command(app, file))) {
      Patience.await()
          .until(
              () ->
                  program.hasEnded()
                      || simulator.records("inserted") + simulator.records("updated") - before
                          >= records);
    }
  }

  private void awaitWritten(String how, int records) {
    Patience.await().until(() -> simulator.records(how) >= records);
  }
}
