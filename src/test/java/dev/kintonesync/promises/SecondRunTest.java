package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second run of anything writes nothing: random forms, random values in all their spellings. */
class SecondRunTest {
  private static final int FORMS = 25;
  private static final int RECORDS = 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> TYPES =
      List.of(
          "SINGLE_LINE_TEXT",
          "MULTI_LINE_TEXT",
          "RICH_TEXT",
          "NUMBER",
          "CHECK_BOX",
          "RADIO_BUTTON",
          "MULTI_SELECT",
          "DROP_DOWN",
          "DATE",
          "TIME",
          "DATETIME",
          "LINK",
          "USER_SELECT",
          "ORGANIZATION_SELECT",
          "GROUP_SELECT");

  @TempDir Path home;

  @Test
  void aSecondRunOfAnythingWritesNothing() throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    try (var rehearsal = new Rehearsal(home)) {
      for (int round = 0; round < FORMS; round++) {
        var form = form(random);
        var app = rehearsal.simulator.app("form " + round, form.toString());
        Path first = rows(form, random, round + "-1");
        Path second = rows(form, random, round + "-2");

        for (Path file : List.of(first, second)) {
          String what = "seed " + seed + ", form " + form + ", rows " + Files.readString(file);
          var written = rehearsal.syncInto(app, file).report().counts();
          assertThat(written.rejected()).as(what).isZero();
          assertThat(written.inserted() + written.updated()).as(what).isPositive();

          rehearsal.forgetRequests();
          var again = rehearsal.syncInto(app, file).report().counts();
          assertThat(again.unchanged()).as(what).isEqualTo(RECORDS);
          assertThat(rehearsal.writes()).as(what).isEmpty();
        }
      }
    }
  }

  private static ObjectNode form(Random random) {
    var form = JSON.createObjectNode();
    field(form, "code", "SINGLE_LINE_TEXT", random).put("unique", true);
    for (int i = 0; i < 1 + random.nextInt(8); i++) {
      field(form, "f" + i, TYPES.get(random.nextInt(TYPES.size())), random);
    }
    if (random.nextBoolean()) {
      var table = form.putObject("t").put("type", "SUBTABLE").put("code", "t").put("label", "t");
      var fields = table.putObject("fields");
      for (int i = 0; i < 1 + random.nextInt(4); i++) {
        field(fields, "t" + i, TYPES.get(random.nextInt(TYPES.size())), random);
      }
    }
    return form;
  }

  private static ObjectNode field(ObjectNode form, String code, String type, Random random) {
    var field = form.putObject(code).put("type", type).put("code", code).put("label", code);
    if (List.of("CHECK_BOX", "RADIO_BUTTON", "MULTI_SELECT", "DROP_DOWN").contains(type)) {
      var options = field.putObject("options");
      for (String option : List.of("赤", "青", "1")) {
        options.putObject(option).put("label", option).put("index", "" + options.size());
      }
    } else if (type.equals("LINK")) {
      field.put("protocol", "WEB");
    } else if (List.of("DATE", "TIME", "DATETIME").contains(type) && random.nextBoolean()) {
      field.put("defaultNowValue", true);
    }
    return field;
  }

  private Path rows(ObjectNode form, Random random, String name) throws Exception {
    var lines = new ArrayList<String>();
    for (int i = 0; i < RECORDS; i++) {
      var row = JSON.createObjectNode().put("code", "K" + i);
      for (var field : form.properties()) {
        String type = field.getValue().path("type").asText();
        if (type.equals("SUBTABLE")) {
          var table = row.putArray(field.getKey());
          for (int j = 0; j < random.nextInt(4); j++) {
            var cells = table.addObject();
            for (var cell : field.getValue().path("fields").properties()) {
              value(cells, cell.getKey(), cell.getValue().path("type").asText(), random);
            }
          }
        } else if (!field.getKey().equals("code") && random.nextInt(8) > 0) {
          value(row, field.getKey(), type, random);
        }
      }
      lines.add(row.toString());
    }
    return Files.write(home.resolve(name + ".jsonl"), lines, StandardCharsets.UTF_8);
  }

  private static void value(ObjectNode row, String code, String type, Random random) {
    if (random.nextInt(6) == 0) {
      if (random.nextBoolean()) {
        row.putNull(code);
      } else {
        row.put(code, "");
      }
      return;
    }
    switch (type) {
      case "SINGLE_LINE_TEXT" ->
          row.put(code, one(random, "a", " b ", "か\u3099", "😀", "001", "が"));
      case "MULTI_LINE_TEXT" -> row.put(code, one(random, "a\nb", "a\r\nb", " a\n", "\n"));
      case "RICH_TEXT" -> row.put(code, one(random, "<b>x</b>", "x<br />y", "a &amp; b"));
      case "NUMBER" ->
          row.put(
              code,
              one(
                  random,
                  "1",
                  "1.0",
                  "-0",
                  "0.50",
                  "1e3",
                  "1,234",
                  "△5",
                  "１２",
                  "1.23456789",
                  "¥7",
                  "123456789012",
                  "" + random.nextInt()));
      case "CHECK_BOX", "MULTI_SELECT" -> {
        ArrayNode chosen = row.putArray(code);
        for (int i = 0; i < random.nextInt(4); i++) {
          chosen.add(one(random, "赤", "青", "1"));
        }
      }
      case "RADIO_BUTTON", "DROP_DOWN" -> row.put(code, one(random, "赤", "青", "1"));
      case "DATE" -> row.put(code, one(random, "2026/1/2", "20260102", "令和8年1月2日", "R8.1.2"));
      case "TIME" -> row.put(code, one(random, "9:05", "09:05:59", "23:59"));
      case "DATETIME" ->
          row.put(
              code,
              one(
                  random,
                  "2026/1/2 9:05",
                  "2026-01-02T09:05:59.9+09:00",
                  "2026-01-02T00:05:00Z",
                  "2026-01-02",
                  "令和8年1月2日 9:05"));
      case "LINK" -> row.put(code, one(random, "https://example.com/?a=b#c", "http://例え.jp/"));
      default -> {
        ArrayNode entities = row.putArray(code);
        for (int i = 0; i < random.nextInt(3); i++) {
          String entity = one(random, "sato", "suzuki", "tanaka");
          if (random.nextBoolean()) {
            entities.add(entity);
          } else {
            entities.addObject().put("code", entity).put("name", "名前");
          }
        }
      }
    }
  }

  private static String one(Random random, String... values) {
    return values[random.nextInt(values.length)];
  }
}
