package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.LogOfProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A run that is taken back leaves what was there before it: over random tables, removals and edits
 * of people in between.
 */
@LogOfProcess.Started
class UndoTest extends Places {
  private static final String UNREAD_FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code",
                "required": true, "unique": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "name"}}
      """;

  /**
   * What people have touched since is left alone; of attachments that are gone from Kintone the
   * field stays as it is.
   */
  @Tag("sweep")
  @ParameterizedTest
  @MethodSource("manySeeds")
  void whatNobodyTouchedSinceIsAsItWasBefore(long seed) throws Exception {
    var random = new Random(seed);
    var place = new Place("touched", FIELDS.replaceFirst("\\}\\s*$", FILE_FIELDS));
    Path attachments = Files.createDirectories(place.home.resolve("files"));
    String[] files = {"a.txt", "b.txt", "c.txt"};
    for (String file : files) {
      Files.writeString(attachments.resolve(file), "content of " + file);
    }
    Files.writeString(
        place.home.resolve("application.properties"),
        "job.customers.attachments-dir = files\njob.customers.attachments = replace\n",
        StandardOpenOption.APPEND);
    place.imports(source("first.jsonl", random, 60, files));
    var before = place.held();
    place.imports(source("second.jsonl", random, 70, files));
    var after = place.held();
    String run = place.newestRun();
    var expected = new TreeMap<>(before);
    before.forEach(
        (key, was) -> {
          JsonNode is = after.get(key);
          String left = is == null ? "" : is.path("files").asText();
          var kept = List.of(left.split(","));
          if (!was.path("files").asText().isEmpty()
              && !kept.containsAll(List.of(was.path("files").asText().split(",")))) {
            expected.put(key, ((ObjectNode) was.deepCopy()).put("files", left));
          }
        });
    for (String key : after.keySet()) {
      int what = random.nextInt(12);
      if (what == 0) {
        place.edit(key, "note", "by hand");
        expected.put(key, ((ObjectNode) after.get(key).deepCopy()).put("note", "by hand"));
      } else if (what == 1) {
        place.delete(key);
        expected.remove(key);
      }
    }
    for (String key : before.keySet()) {
      if (!after.containsKey(key) && random.nextInt(4) == 0) {
        place.app.add("{\"code\":{\"value\":\"%s\"}}".formatted(key));
        expected.put(key, place.held().get(key));
      }
    }

    answersAreLost();
    var undone = place.run("undo", run, "--yes", "--lang", "en");

    assertThat(place.held()).as(undone.out() + undone.err()).isEqualTo(expected);
  }

  @Test
  void aRunThatHasUpdatedWhatNobodyReadIsNotUndone() throws Exception {
    var place = new Place("unread", UNREAD_FIELDS);
    place.by("mode = upsert\njob.customers.engine = native");
    Path file = folder.resolve("in.jsonl");
    Files.writeString(file, rows("A old"));
    place.imports(file);
    Files.writeString(file, rows("A new", "B new"));
    place.imports(file);

    var undone = place.command.run(TOKEN, "undo", place.newestRun(), "--yes", "--lang", "en");

    assertThat(undone.exitCode()).isEqualTo(2);
    assertThat(undone.err()).contains("updated 1 record without reading");
    assertThat(place.run("history", "A", "--job", "customers", "--lang", "en").out())
        .containsPattern("name: \\? \\S+ new");
    assertThat(names(place)).isEqualTo("A new, B new");
  }

  @Test
  void aMapThatNoLongerSuitsTheFormDoesNotStandInTheWay() throws Exception {
    var place = new Place("remapped", UNREAD_FIELDS);
    place.by("mode = upsert");
    Path file = folder.resolve("in.jsonl");
    Files.writeString(file, rows("A old"));
    place.imports(file);
    Files.writeString(file, rows("A new"));
    place.imports(file);
    Files.writeString(
        place.home.resolve("application.properties"),
        "job.customers.map = code=code, name=nmae\n",
        StandardOpenOption.APPEND);

    var undone = place.command.run(TOKEN, "undo", place.newestRun(), "--yes", "--lang", "en");

    assertThat(undone.exitCode()).as(undone.err()).isZero();
    assertThat(undone.out()).contains("0 duplicate keys (last row used)");
    assertThat(names(place)).isEqualTo("A old");
  }

  @Test
  void whatOneRunRemovesAndAddsAnewGetsBackWhatItHeld() throws Exception {
    var place = new Place("anew");
    Path file = folder.resolve("in.jsonl");
    Files.writeString(file, rows("A old", "B old"));
    place.imports(file);
    Files.writeString(
        place.home.resolve("application.properties"),
        """
        job.customers.delete-when = gone=1
        kintone.records-per-request = 1
        kintone.requests-per-batch = 1
        """,
        StandardOpenOption.APPEND);
    Files.writeString(
        file, "{\"code\":\"A\",\"gone\":\"1\"}\n" + rows("B old", "A new").strip() + "\n");
    place.imports(file);
    assertThat(names(place)).isEqualTo("A new, B old");

    var undone = place.run("undo", place.newestRun(), "--yes", "--lang", "en");

    assertThat(names(place)).as(undone.out() + undone.err()).isEqualTo("A old, B old");
  }
}
