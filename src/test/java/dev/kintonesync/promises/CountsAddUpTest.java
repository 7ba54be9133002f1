package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.sync.RunState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * read = inserted + updated + unchanged + superseded + rejected + unprocessed, whatever happens.
 */
class CountsAddUpTest {
  @TempDir Path home;

  private static void assertAddUp(JsonNode report) {
    long sum = 0;
    for (String outcome :
        List.of("inserted", "updated", "unchanged", "superseded", "rejected", "unprocessed")) {
      sum += report.path(outcome).asLong();
    }
    assertThat(report.path("read").asLong()).as(report.toPrettyString()).isEqualTo(sum);
  }

  @Test
  void everyOutcomeAtOnceIsCountedOnce() throws Exception {
    try (var rehearsal = new Rehearsal(home)) {
      rehearsal.sync("code,name", "A,same", "B,old");

      var run =
          rehearsal.sync(
              "code,name", "A,same", "B,new", "C,first", "C,last", ",n", "D,n,surplus", "E,n");

      var report = rehearsal.writtenReport(run);
      assertAddUp(report);
      assertThat(report.path("read").asInt()).isEqualTo(7);
      assertThat(report.path("inserted").asInt()).isEqualTo(2);
      assertThat(report.path("updated").asInt()).isEqualTo(1);
      assertThat(report.path("unchanged").asInt()).isEqualTo(1);
      assertThat(report.path("superseded").asInt()).isEqualTo(1);
      assertThat(report.path("rejected").asInt()).isEqualTo(2);
    }
  }

  @Test
  void whatAStoppedRunDidNotSettleIsUnprocessed() throws Exception {
    try (var rehearsal =
        new Rehearsal(
            home, Map.of("kintone.records-per-request", "5", "kintone.requests-per-batch", "2"))) {
      var lines = new ArrayList<>(List.of("code,name"));
      for (int i = 0; i < 300; i++) {
        lines.add("K" + i + ",n");
      }
      rehearsal
          .simulator
          .faults()
          .add(Fault.error(403, "GAIA_NO01").on("POST", "bulkRequest.json").after(4));

      var run = rehearsal.sync(lines.toArray(String[]::new));

      assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
      var report = rehearsal.writtenReport(run);
      assertAddUp(report);
      assertThat(report.path("unprocessed").asInt()).isPositive();
      assertThat(report.path("inserted").asInt()).isEqualTo(rehearsal.app.size());
    }
  }
}
