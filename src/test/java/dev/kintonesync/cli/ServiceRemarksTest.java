package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.LogOfProcess;
import dev.kintonesync.Patience;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service says of a source that it reads again and again. */
@LogOfProcess.LookedAt
class ServiceRemarksTest {
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code", "unique": true},
       "paper": {"type": "FILE", "code": "paper", "label": "paper"}}
      """;

  @TempDir Path home;

  @Test
  void whatIsTheSameInEveryRunIsSaidOnceAndStandsInEachReport() throws Exception {
    try (var simulator = Simulator.start()) {
      var source = simulator.app("source", FIELDS);
      source.add("{\"code\": {\"value\": \"A\"}}");
      Files.writeString(
          home.resolve("application.properties"),
          """
          kintone.base-url = %s
          job.copy.app = %d
          job.copy.update-key = code
          job.copy.source = kintone
          job.copy.source.app = %d
          job.copy.schedule = every 1s
          """
              .formatted(simulator.url(), simulator.app("copy", FIELDS).id(), source.id()));
      try (var journal = Journal.open(home.resolve("journal"));
          var service = new Service(new Command(home), Map.of("KINTONE_API_TOKEN", "t"))) {
        Patience.await()
            .alias(service.ended())
            .until(
                () ->
                    journal.runs("copy", 9).stream()
                            .filter(run -> run.finishedAt() != null)
                            .filter(run -> run.remarks().toString().contains("paper"))
                            .count()
                        >= 3);
      }
      assertThat(
              Files.readAllLines(home.resolve("logs/kintone-sync.log")).stream()
                  .filter(line -> line.contains("Attachments are not copied")))
          .hasSize(1);
    }
  }
}
