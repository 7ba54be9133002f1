package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.simulator.state.DomainSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two clients who want the same: one gets it, the other is told. */
class RaceTest extends ContractTest {

  @AfterEach
  void calm() {
    kintone.simulator().settings(DomainSettings.DEFAULTS.with("deployMs", 0));
  }

  private static <T> List<T> together(List<Callable<T>> calls) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(calls.size());
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> result : threads.invokeAll(calls)) {
        results.add(result.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void ofTwoWritersWithOneRevisionOneLoses() throws Exception {
    long id = add("K1");
    Callable<Wire.Answer> write =
        () -> update("[{'id':" + id + ",'revision':1,'record':{'T':{'value':'x'}}}]");
    List<Wire.Answer> answers = together(List.of(write, write));
    assertThat(answers).extracting(Wire.Answer::status).containsOnlyOnce(200);
    assertThat(answers)
        .filteredOn(answer -> answer.status() != 200)
        .extracting(Wire.Answer::code)
        .containsAnyOf("GAIA_CO02", "GAIA_DA02");
    assertThat(only("$revision").asText()).isEqualTo("2");
  }

  @Test
  void writersWhoMeetAtARecordGetALockError() throws Exception {
    Simulator simulator = kintone.simulator();
    long id = add("K1");
    Callable<Wire.Answer> write = () -> update("[{'id':" + id + ",'record':{}}]");
    List<Wire.Answer> answers = List.of();
    int written = 0;
    // they meet when the second comes while the first is under way, which may take a busy machine
    for (int millis = 500; millis <= 16_000 && answers.stream().allMatch(RaceTest::isDone); ) {
      simulator.settings(simulator.settings().with("latencyMs", millis));
      answers = together(List.of(write, write));
      written += (int) answers.stream().filter(RaceTest::isDone).count();
      millis *= 2;
    }
    assertThat(answers).extracting(Wire.Answer::status).containsExactlyInAnyOrder(200, 400);
    assertThat(answers).extracting(Wire.Answer::code).contains("GAIA_DA02");
    assertThat(only("$revision").asText()).isEqualTo(String.valueOf(1 + written));
    simulator.settings(simulator.settings().with("latencyMs", 0));
    assertThat(write.call().status()).as("free again").isEqualTo(200);
  }

  private static boolean isDone(Wire.Answer answer) {
    return answer.status() == 200;
  }

  @Test
  void ofTwoInsertsOfOneValueOneLoses() throws Exception {
    Callable<Wire.Answer> insert = () -> addAll("[{'K':{'value':'K1'}}]");
    List<Wire.Answer> answers = together(List.of(insert, insert));
    assertThat(answers).extracting(Wire.Answer::status).containsExactlyInAnyOrder(200, 400);
    assertThat(all()).hasSize(1);
  }
}
