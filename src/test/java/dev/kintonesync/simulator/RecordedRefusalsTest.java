package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.simulator.state.Directory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is refused has the codes, keys and words that were recorded on a real Kintone. */
class RecordedRefusalsTest extends ContractTest {
  private static final Path FILE = Path.of("src/test/resources/simulator/refusals.tsv");
  private static final Pattern RANGE = Pattern.compile("\\[1\\.\\.(\\d+)]");
  private static final Pattern REPEATED = Pattern.compile("\\[([^\\[\\]]+)\\*(\\d+)]");
  private static final Pattern LETTERS = Pattern.compile("x\\*(\\d+)");

  @Override
  String fields() {
    String fields = FIELDS.strip();
    return fields.substring(0, fields.length() - 1)
        + ",'M':{'type':'NUMBER','code':'M','maxValue':'64'}}";
  }

  @Behaviour(number = 68, evidence = "J5")
  void refusalsHaveTheCodesKeysAndWordsThatWereRecorded() throws IOException {
    long id = records.addRecord(app, of("K", text("one"), "Q", number("1")));
    SoftAssertions softly = new SoftAssertions();
    for (String line : Files.readAllLines(FILE)) {
      if (line.startsWith("#")) {
        continue;
      }
      String[] cells = filled(line, id).split("\t");
      String[] call = cells[0].split(" ");
      Wire.Answer answer =
          wire.sendRaw(
              call[0], "/k/v1/" + call[1] + ".json", written(cells[1]), "Accept-Language", "en");
      softly.assertThat(answer.code()).as(line).isEqualTo(cells[2]);
      if (cells[3].startsWith("{")) {
        softly.assertThat(messages(answer)).as(line).isEqualTo(errors(cells[3]));
      } else {
        softly.assertThat(answer.message()).as(line).isEqualTo(cells[3]);
      }
    }
    softly.assertAll();
  }

  private String filled(String line, long id) {
    return line.replace("$app", Long.toString(app)).replace("$id", Long.toString(id));
  }

  /** A body with its lists and long texts in full. */
  private static String written(String body) {
    String ranges =
        RANGE
            .matcher(body)
            .replaceAll(
                range ->
                    IntStream.rangeClosed(1, Integer.parseInt(range.group(1)))
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(",", "[", "]")));
    String lists =
        REPEATED
            .matcher(ranges)
            .replaceAll(
                list ->
                    IntStream.range(0, Integer.parseInt(list.group(2)))
                        .mapToObj(i -> list.group(1))
                        .collect(Collectors.joining(",", "[", "]")));
    return LETTERS
        .matcher(lists)
        .replaceAll(letters -> "x".repeat(Integer.parseInt(letters.group(1))));
  }

  private static Map<String, List<String>> messages(Wire.Answer answer) {
    Map<String, List<String>> messages = new TreeMap<>();
    for (String key : answer.errorKeys()) {
      messages.put(key, answer.messages(key).stream().sorted().toList());
    }
    return messages;
  }

  private static Map<String, List<String>> errors(String json) {
    Map<String, List<String>> errors = new TreeMap<>();
    for (Map.Entry<String, JsonNode> error : Wire.parsed(json).properties()) {
      errors.put(
          error.getKey(),
          IntStream.range(0, error.getValue().size())
              .mapToObj(i -> error.getValue().get(i).asText())
              .toList());
    }
    return errors;
  }

  @AfterEach
  void forgetUsers() {
    kintone.simulator().directory().clear();
  }

  @Test
  void aMentionOfNobodyAndTheCommentOfSomebodyElseAreRefusedInRecordedWords() {
    long id = add("K1");
    kintone.simulator().directory().register(Directory.Kind.USER, "sato", "Sato");
    String comment = "{'app':%d,'record':%d,'comment':%s}";
    Wire.Answer nobody =
        wire.send(
            "POST",
            "/k/v1/record/comment.json",
            comment.formatted(
                app, id, "{'text':'x','mentions':[{'code':'NONEXISTENT_USER','type':'USER'}]}"),
            "Accept-Language",
            "en");
    assertThat(nobody.code()).isEqualTo("GAIA_IL26");
    assertThat(nobody.message()).isEqualTo("The specified user (code：NONEXISTENT_USER) not found.");

    String posted =
        wire.post("/k/v1/record/comment.json", comment.formatted(app, id, "{'text':'x'}"))
            .json()
            .path("id")
            .asText();
    Wire.Answer other =
        Wire.withPassword(kintone.url(), "sato", "x")
            .send(
                "DELETE",
                "/k/v1/record/comment.json",
                comment.formatted(app, id, posted),
                "Accept-Language",
                "en");
    assertThat(other.code()).isEqualTo("GAIA_RE03");
    assertThat(other.message())
        .isEqualTo(
            "Cannot delete the comment (ID: %s). The comment was posted by someone other than you."
                .formatted(posted));
  }
}
