package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.simulator.http.RecordedRequest;
import dev.kintonesync.sync.RunState;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one run may ask of a Kintone that other people work in. */
class GoodCitizenTest {
  @TempDir Path home;

  private static String[] rows(int count, String name) {
    return Stream.concat(
            Stream.of("code,name"), IntStream.range(0, count).mapToObj(i -> "K" + i + "," + name))
        .toArray(String[]::new);
  }

  private static List<RecordedRequest> requests(Rehearsal rehearsal, String line) {
    return rehearsal.simulator.requests().stream()
        .filter(request -> request.line().equals(line))
        .toList();
  }

  @Test
  void requestsStayWithinKintonesSizes() throws Exception {
    try (var rehearsal = new Rehearsal(home)) {
      rehearsal.report(rows(5000, "old"));
      rehearsal.report(rows(5000, "new"));

      assertThat(requests(rehearsal, "POST bulkRequest"))
          .isNotEmpty()
          .allSatisfy(
              request ->
                  assertThat(request.body().path("requests"))
                      .hasSizeLessThanOrEqualTo(20)
                      .allSatisfy(
                          part ->
                              assertThat(part.path("payload").path("records"))
                                  .hasSizeLessThanOrEqualTo(100)));
      assertThat(requests(rehearsal, "GET records"))
          .allSatisfy(
              request -> assertThat(keys(request.body().path("query"))).isLessThanOrEqualTo(500));
    }
  }

  private static int keys(JsonNode query) {
    return query.asText().split("\", \"", -1).length;
  }

  @Test
  void noMoreThanItsReadersAndWritersAreInFlight() throws Exception {
    try (var rehearsal =
        new Rehearsal(
            home,
            Map.of(
                "kintone.records-per-request", "10",
                "kintone.requests-per-batch", "1",
                "kintone.keys-per-lookup", "2",
                "kintone.max-writers", "2",
                "kintone.max-readers", "3"))) {
      rehearsal.report(rows(10, "old"));
      rehearsal.simulator.settings(rehearsal.simulator.settings().with("latencyMs", 30));

      rehearsal.report(rows(400, "new"));

      int peak = rehearsal.simulator.statistics().path("peakRunning").asInt();
      assertThat(peak).isBetween(3, 5);
    }
  }

  @Test
  void aKintoneThatIsBusyIsAskedAgainWithPauses() throws Exception {
    try (var rehearsal = new Rehearsal(home, Map.of("kintone.retry-delay", "50ms"))) {
      rehearsal
          .simulator
          .faults()
          .add(Fault.error(429, "GAIA_TO04").on("POST", "records.json").times(3));

      var run = rehearsal.sync(rows(20, "n"));

      assertThat(run.report().state()).isEqualTo(RunState.COMPLETED);
      assertThat(run.report().requests().retries()).isEqualTo(3);
      var posts = requests(rehearsal, "POST records");
      assertThat(posts).hasSize(4);
      for (int i = 1; i < posts.size(); i++) {
        assertThat(posts.get(i).time())
            .as("the pause before attempt " + (i + 1))
            .isAfter(posts.get(i - 1).time().plusMillis(20));
      }
    }
  }

  @Test
  void callsAreCountedAsKintoneCountsThem() throws Exception {
    try (var rehearsal = new Rehearsal(home)) {
      rehearsal.report(rows(2500, "old"));
      rehearsal.report(rows(2500, "new"));

      long counted =
          rehearsal
              .simulator
              .statistics()
              .path("calls")
              .path(String.valueOf(rehearsal.app.id()))
              .asLong();
      long ours =
          rehearsal.journal().runs(2).stream().mapToLong(run -> run.requests().counted()).sum();
      assertThat(ours).isEqualTo(counted);
    }
  }
}
