package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.LogOfProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A plan that is applied does what the run would have done, which can be taken back: over modes,
 * random tables and edits of people in between.
 */
@LogOfProcess.Started
@Order(1) // it waits long
class PlanApplyTest extends Places {
  @ParameterizedTest
  @ValueSource(longs = 1)
  void anAppliedPlanIsTheRunAndAnUndoneRunIsNone(long seed) throws Exception {
    var random = new Random(seed);
    Path first = source("first.jsonl", random, 60);
    boolean repeats = seed % 2 != 0;
    Path second = source("second.jsonl", random, 70, repeats);
    var runs = new Place("runs");
    var plans = new Place("plans");
    runs.imports(first);
    plans.imports(first);
    var before = runs.held();
    assertThat(plans.held()).isEqualTo(before);
    String mode = MODES.get(Math.floorMod(seed, MODES.size()));
    for (var place : List.of(runs, plans)) {
      if (repeats) {
        place.byBatchesOf(1, mode); // in a batch only the last row of a key counts
      } else {
        place.by(mode);
      }
    }
    runs.imports(second);
    var after = runs.held();
    assertThat(after).as(mode).isNotEqualTo(before);

    Path plan = folder.resolve("plan.json");
    plans.run("plan", second.toString(), "--job", "customers", "--out", plan.toString());
    assertThat(plans.held()).isEqualTo(before);
    answersAreLost();
    var applied = plans.run("apply", plan.toString(), "--lang", "en");

    assertThat(plans.held()).as(applied.out() + applied.err()).isEqualTo(after);
    assertThat(applied.out()).contains(" 0 rejected");
    JsonNode document = JSON.readTree(plan.toFile());
    assertThat(document.path("changes")).hasSize(document.path("changeCount").asInt());
    assertThat(document.path("rejects")).isNotEmpty();

    String run = runs.newestRun();
    answersAreLost();
    var undone = runs.run("undo", run, "--yes", "--lang", "en");
    assertThat(runs.held()).as(undone.out() + undone.err()).isEqualTo(before);
    assertThat(undone.out()).contains(" 0 rejected");
    String undo = runs.newestRun();
    assertThat(undo).isNotEqualTo(run);
    runs.run("undo", undo, "--yes", "--lang", "en");
    assertThat(runs.held()).isEqualTo(after);
  }

  @Tag("sweep")
  @ParameterizedTest
  @MethodSource("manySeeds")
  void soItIsWhateverTheData(long seed) throws Exception {
    anAppliedPlanIsTheRunAndAnUndoneRunIsNone(seed);
  }

  @Test
  void whatPeopleChangedSinceIsLeftAloneAndListed() throws Exception {
    var place = new Place("edits");
    Path file = folder.resolve("in.jsonl");
    Files.writeString(file, rows("A old", "B old", "C old", "D old"));
    place.imports(file);
    Files.writeString(file, rows("A new", "B new", "D old", "E new", "F new"));
    Path plan = folder.resolve("plan.json");
    place.run("plan", file.toString(), "--job", "customers", "--out", plan.toString());
    place.edit("B", "note", "by hand");
    place.edit("C", "note", "by hand");
    place.app.add("{\"code\":{\"value\":\"E\"},\"name\":{\"value\":\"mine\"}}");

    var applied = place.run("apply", plan.toString(), "--lang", "en");

    assertThat(applied.exitCode()).isEqualTo(1);
    assertThat(names(place)).isEqualTo("A new, B old, C old, D old, E mine, F new");
    assertThat(applied.out()).startsWith("5 read: 1 inserted, 1 updated, 0 unchanged");
    var again = place.command.run(TOKEN, "apply", plan.toString(), "--lang", "en");
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.err()).contains("has already been applied, by run");

    String run = place.newestRun();
    place.edit("A", "note", "by hand");
    var planned = place.run("undo", run, "--plan", "--lang", "en");
    assertThat(names(place)).isEqualTo("A new, B old, C old, D old, E mine, F new");
    assertThat(planned.out()).contains("has changed since the plan was made");
    var asked = place.command.run(TOKEN, "undo", run, "--lang", "en");
    assertThat(asked.exitCode()).isEqualTo(2);
    assertThat(asked.err()).contains("--yes");
    var undone = place.run("undo", run, "--yes", "--lang", "en");
    assertThat(undone.exitCode()).isEqualTo(1);
    assertThat(names(place)).isEqualTo("A new, B old, C old, D old, E mine");
  }

  @Test
  void ofRowsWithOneKeyThePlanHasWhatTheyComeTo() throws Exception {
    var runs = new Place("runs");
    var plans = new Place("plans");
    Path file = folder.resolve("in.jsonl");
    Files.writeString(file, rows("A old", "B old", "C old", "D old", "E old", "F old", "G old"));
    runs.imports(file);
    plans.imports(file);
    var before = runs.held();
    runs.byBatchesOf(1, "mode = upsert");
    plans.byBatchesOf(1, "mode = upsert");
    Files.writeString(
        file,
        rows("A new", "B old", "C one", "I one")
            + gone("D", "E", "F", "K")
            + rows("A old", "B new", "C two", "E two", "F two", "G new", "I two", "J one")
            + gone("F", "G", "J")
            + rows("C three", "E three"));
    var ran = runs.imports(file);
    var after = runs.held();
    assertThat(names(runs)).isEqualTo("A old, B new, C three, E three, I two");

    Path plan = folder.resolve("plan.json");
    var planned =
        plans.run(
            "plan",
            file.toString(),
            "--job",
            "customers",
            "--out",
            plan.toString(),
            "--lang",
            "en");
    JsonNode document = JSON.readTree(plan.toFile());
    var changes = new ArrayList<String>();
    document
        .path("changes")
        .forEach(
            change ->
                changes.add(
                    change.path("change").asText()
                        + " "
                        + change.path("key").asText()
                        + word(change.at("/fields/name/before"))
                        + word(change.at("/fields/name/after"))));
    assertThat(changes)
        .containsExactlyInAnyOrder(
            "update B old new",
            "update C old three",
            "insert I two",
            "remove D old",
            "remove E old",
            "insert E three",
            "remove F old",
            "remove G old");
    String counts = ran.out().lines().findFirst().orElseThrow();
    assertThat(counts).startsWith("21 read: ");
    assertThat(planned.out()).contains(counts);
    var applied = plans.run("apply", plan.toString(), "--lang", "en");
    assertThat(plans.held()).as(applied.out() + applied.err()).isEqualTo(after);
    assertThat(applied.exitCode()).isZero();
    var compared = plans.run("reconcile", file.toString(), "--job", "customers", "--lang", "en");
    assertThat(compared.out()).contains("no difference");

    plans.run("undo", plans.newestRun(), "--yes", "--lang", "en");
    assertThat(plans.held()).isEqualTo(before);
  }

  private static String word(JsonNode value) {
    return value.isMissingNode() ? "" : " " + value.asText();
  }

  private static String gone(String... keys) {
    var lines = new StringBuilder();
    for (String key : keys) {
      lines.append("{\"code\":\"%s\",\"gone\":\"1\"}%n".formatted(key));
    }
    return lines.toString();
  }

  @Test
  void filesAreUploadedByApplyAndWhatIsGoneIsNamedBeforeItIsTakenBack() throws Exception {
    var place = new Place("files", FIELDS.replaceFirst("\\}\\s*$", FILE_FIELDS));
    Path files = Files.createDirectories(place.home.resolve("files"));
    for (String name : List.of("a.txt", "b.txt", "c.txt")) {
      Files.writeString(files.resolve(name), "content of " + name);
    }
    Files.writeString(
        place.home.resolve("application.properties"),
        "job.customers.attachments-dir = files\njob.customers.attachments = replace\n",
        StandardOpenOption.APPEND);
    Path file = folder.resolve("in.jsonl");
    String row = "{\"code\":\"%s\",\"files\":[%s],\"rows\":[{\"scan\":[%s],\"line\":\"%s\"}]}%n";
    Files.writeString(
        file,
        row.formatted("A", "\"a.txt\"", "\"a.txt\"", "old")
            + row.formatted("B", "\"a.txt\"", "", "old"));
    place.imports(file);
    var before = List.of("A a.txt old a.txt", "B a.txt old ");
    assertThat(attached(place)).isEqualTo(before);
    Files.writeString(
        file,
        row.formatted("A", "\"a.txt\",\"b.txt\"", "\"a.txt\"", "new")
            + row.formatted("B", "\"c.txt\"", "\"b.txt\"", "new"));

    Path plan = folder.resolve("plan.json");
    place.run("plan", file.toString(), "--job", "customers", "--out", plan.toString());
    assertThat(attached(place)).isEqualTo(before);
    var applied = place.run("apply", plan.toString(), "--lang", "en");

    assertThat(applied.exitCode()).as(applied.out() + applied.err()).isZero();
    assertThat(attached(place)).containsExactly("A a.txt,b.txt new a.txt", "B c.txt new b.txt");

    var undone = place.run("undo", place.newestRun(), "--yes", "--lang", "en");
    assertThat(undone.err()).contains("1 attachment is no longer in Kintone", "B files: a.txt");
    assertThat(undone.exitCode()).as(undone.out() + undone.err()).isZero();
    assertThat(attached(place)).containsExactly("A a.txt old a.txt", "B c.txt old ");
  }

  /** Key, files, and the line and the files of the row of a table, for each record. */
  private static List<String> attached(Place place) {
    var attached = new ArrayList<String>();
    for (JsonNode cells : place.app.records()) {
      JsonNode row = cells.at("/rows/value/0/value");
      attached.add(
          cells.at("/code/value").asText()
              + " "
              + fileNames(cells.at("/files/value"))
              + " "
              + row.at("/line/value").asText()
              + " "
              + fileNames(row.at("/scan/value")));
    }
    return attached.stream().sorted().toList();
  }
}
