package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Promise 3 for a plan that is applied, and for a run that is undone. */
@Order(1) // it waits long
class KilledPlanIT extends KilledPrograms {

  @Test
  void aPlanKilledWhileItIsAppliedGoesOnAndSoDoesWhatTakesItBack() throws IOException {
    String app = simulator.postalCodeApp();
    assertThat(completed(app, TOKYO)).isEqualTo(ROWS);
    Path plan = folder.resolve("plan.json");
    var words = new ArrayList<>(List.of(command(app, edited())));
    words.set(0, "plan");
    words.addAll(List.of("--out", plan.toString()));
    assertThat(installation.run(words.toArray(String[]::new)).exitCode()).isZero();
    int planned = new ObjectMapper().readTree(plan.toFile()).path("changeCount").asInt();
    assertThat(planned).isGreaterThan(1000);
    String[] apply = {"apply", plan.toString(), "--base-url", simulator.url(), "--api-token", "t"};

    killedInTheMidst(1, apply);
    var ended = installation.run(apply);

    assertThat(ended.exitCode()).as(ended.said()).isZero();
    var report = installation.lastReport();
    assertThat(report.path("updated").asInt()).isBetween(1, planned - 1);
    assertThat(report.path("updated").asInt() + report.path("unchanged").asInt())
        .isEqualTo(planned);
    assertThat(revisionsAbove(app, 1)).isEqualTo(planned);
    assertThat(revisionsAbove(app, 2)).as("records updated twice").isZero();
    assertThat(installation.run(apply).exitCode()).as("a plan is applied once").isEqualTo(2);

    int updated = report.path("updated").asInt();
    String[] undo = {
      "undo",
      report.path("run").asText(),
      "--yes",
      "--update-key",
      "postal_code",
      "--base-url",
      simulator.url(),
      "--api-token",
      "t"
    };
    killedInTheMidst(1, undo);
    ended = installation.run(undo);
    assertThat(ended.exitCode()).as(ended.said()).isZero();
    assertThat(revisionsAbove(app, 2)).isEqualTo(updated);
    assertThat(revisionsAbove(app, 3)).as("records taken back twice").isZero();
  }

  /** Each is killed some times, at random points, and then done once, whichever part was done. */
  @Test
  @Tag("sweep")
  void plansAndWhatTakesThemBackAreDoneOnceHoweverOftenTheyAreKilled() throws IOException {
    var random = new Random(20261130);
    List<String> lines = Files.readAllLines(TOKYO);
    List<String> changed = Files.readAllLines(edited());
    Path first = rows(lines, 0, 900);
    Path second = rows(changed, 300, 1200);
    for (int round = 0; round < 6; round++) {
      String app = simulator.postalCodeApp();
      var installed = Installation.withHome(newHome());
      installed
          .with("KINTONE_API_TOKEN", "t")
          .configured(
              """
              kintone.base-url = %s
              kintone.daily-calls = 0
              kintone.records-per-request = 10
              kintone.requests-per-batch = 2
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
      assertThat(installed.run("import", first.toString(), "--job", "codes").exitCode()).isZero();
      Path plan = installed.home().resolve("plan.json");
      assertThat(
              installed
                  .run("plan", second.toString(), "--job", "codes", "--out", plan.toString())
                  .exitCode())
          .isZero();
      var counts = new ObjectMapper().readTree(plan.toFile()).path("counts");
      int added = counts.path("inserted").asInt();
      int updated = counts.path("updated").asInt();
      int removed = counts.path("removed").asInt();
      assertThat(List.of(added, updated, removed)).allMatch(records -> records > 100);

      doneOnce(random, installed, List.of(added, updated, removed), "apply", plan.toString());
      assertThat(simulator.values(app, "postal_code", "areas")).isEqualTo(areas(second));
      assertThat(revisionsAbove(app, 1)).as("round %d", round).isEqualTo(updated);
      assertThat(revisionsAbove(app, 2)).as("updated twice in round %d", round).isZero();
      assertThat(installed.run("apply", plan.toString()).exitCode()).isEqualTo(2);

      assertThat(installed.run("import", first.toString(), "--job", "codes").exitCode()).isZero();
      String run = installed.lastReport().path("run").asText();
      doneOnce(random, installed, List.of(added, updated, removed), "undo", run, "--yes");
      assertThat(simulator.values(app, "postal_code", "areas")).isEqualTo(areas(second));
      assertThat(revisionsAbove(app, 4)).as("taken back twice in round %d", round).isZero();
    }
  }

  /**
   * Kills a command three times and lets it come to its end.
   *
   * @param once how many records it adds, updates and removes in all
   */
  private void doneOnce(Random random, Installation installed, List<Integer> once, String... words)
      throws IOException {
    var before = written();
    int all = once.stream().mapToInt(Integer::intValue).sum();
    for (int kill = 0; kill < 3; kill++) {
      int sofar = sum(written()) - sum(before);
      int until = sum(before) + sofar + random.nextInt(all - sofar + 1);
      try (var program = installed.start(words)) {
        Patience.await().until(() -> program.hasEnded() || sum(written()) >= until);
      }
    }
    var ended = installed.run(words);
    // a command that had come to its end before it was killed says that it has been done
    assertThat(ended.exitCode()).as(ended.said()).isIn(0, 2);
    var after = written();
    for (int i = 0; i < once.size(); i++) {
      assertThat(after.get(i) - before.get(i)).as(ended.said()).isEqualTo(once.get(i));
    }
  }

  private List<Integer> written() {
    return List.of(
        simulator.records("inserted"), simulator.records("updated"), simulator.records("deleted"));
  }

  private static int sum(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).sum();
  }

  private Path rows(List<String> lines, int from, int to) throws IOException {
    var some = new ArrayList<>(List.of(lines.get(0)));
    some.addAll(lines.subList(1 + from, 1 + to));
    return Files.write(fresh("rows.csv"), some);
  }
}
