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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise 3 for jobs that keep what Kintone was last seen to have. */
@Order(1) // it waits long
class KilledSnapshotIT extends KilledPrograms {

  @Test
  void aSnapshotHidesNothingThatKilledRunsHaveWrittenWithoutLookups() throws IOException {
    killedWithASnapshot(2, "native");
  }

  @ParameterizedTest
  @Tag("sweep")
  @ValueSource(strings = {"lookup", "native"})
  void aSnapshotHidesNothingThatManyKilledRunsHaveWritten(String engine) throws IOException {
    killedWithASnapshot(20, engine);
  }

  /**
   * Two versions of a file in turns, many runs of them killed: what a killed run has written is
   * seen by the next one, whichever version that has.
   */
  private void killedWithASnapshot(int kills, String engine) throws IOException {
    String app = simulator.postalCodeApp();
    var installed = Installation.withHome(newHome());
    Path inbox = Files.createDirectories(installed.home().resolve("inbox"));
    installed
        .with("KINTONE_API_TOKEN", "t")
        .configured(
            """
            kintone.base-url = %s
            kintone.daily-calls = 0
            kintone.records-per-request = 10
            kintone.requests-per-batch = 2
            kintone.keys-per-lookup = 20
            job.codes.app = %s
            job.codes.update-key = postal_code
            job.codes.source = folder
            job.codes.folder = inbox
            job.codes.diff = snapshot
            job.codes.engine = %s
            """
                .formatted(simulator.url(), app, engine));
    // few enough for each to be looked at that was saved in the last minutes, which here all were
    var versions = List.of(beginning(TOKYO, 900), beginning(edited(), 900));
    var random = new Random(20261129);
    int fewestLookUps = Integer.MAX_VALUE;
    for (int kill = 0; kill < kills; kill++) {
      Path input = inbox.resolve("codes.csv");
      Files.copy(versions.get(random.nextInt(2)), input, StandardCopyOption.REPLACE_EXISTING);
      int before = simulator.records("inserted") + simulator.records("updated");
      int records = random.nextInt(900);
      try (var program = installed.start("run", "codes", "--once")) {
        Patience.await()
            .until(
                () ->
                    program.hasEnded()
                        || simulator.records("inserted") + simulator.records("updated") - before
                            >= records);
      }
      Path last = versions.get(random.nextInt(2));
      Files.copy(last, input, StandardCopyOption.REPLACE_EXISTING);

      var ended = installed.run("run", "codes", "--once");

      assertThat(ended.exitCode()).as(ended.said()).isZero();
      assertThat(simulator.values(app, "postal_code", "areas"))
          .as("kill %d", kill)
          .isEqualTo(areas(last));
      int lookUps = installed.lastReport().path("requests").path("keyLookups").asInt();
      fewestLookUps = Math.min(fewestLookUps, lookUps);
    }
    assertThat(fewestLookUps)
        .as("900 keys by 20 are 45, unless a snapshot was used")
        .isLessThan(20);
  }

  private Path beginning(Path file, int rows) throws IOException {
    return Files.write(fresh("beginning.csv"), Files.readAllLines(file).subList(0, 1 + rows));
  }
}
