package dev.kintonesync.source.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.Checkpoint;
import dev.kintonesync.source.Overlap;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceBounds;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.text.CharWindow;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in the answers of an API becomes rows as it is, or is said to be of no use. */
class ApiSourceTest {
  private static final URI URL = URI.create("https://core.example.com/api/customers?tenant=4");
  private static final ZoneId JAPAN = ZoneId.of("Asia/Tokyo");
  private static final Instant NOW = Instant.parse("2026-04-23T06:31:05Z");
  private static final ApiSource.Opening ALL =
      new ApiSource.Opening(null, null, Long.MAX_VALUE, List.of(), SourceBounds.DEFAULT);

  private static ApiQuery query(String pointer) {
    return query(pointer, null);
  }

  private static ApiQuery query(String pointer, String checkpoint) {
    return new ApiQuery(
        URL,
        pointer,
        new Paging(Paging.Kind.NONE, "page", 1, null, 500, null, null, Paging.Last.EMPTY),
        checkpoint,
        checkpoint == null ? null : "since",
        new Overlap(Duration.ofMinutes(10), 100L));
  }

  private static ApiSource.Opened open(ApiQuery query, InputStream body, Charset charset) {
    return open(query, ALL, body, charset, new ArrayList<>());
  }

  private static ApiSource.Opened open(
      ApiQuery query,
      ApiSource.Opening opening,
      InputStream content,
      Charset charset,
      List<URI> asked) {
    return new ApiSource(
            query,
            (address, tag, body) -> {
              asked.add(address);
              try {
                body.take(content, charset);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              return new ApiSource.Answered(address, false, null, null);
            })
        .open(opening, NOW, JAPAN);
  }

  private static InputStream utf8(String json) {
    return new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
  }

  private static List<SourceRecord> rows(ApiSource.Opened opened) {
    var rows = new ArrayList<SourceRecord>();
    try (var reader = opened.reader()) {
      reader.forEachRemaining(rows::add);
      assertThat(reader.bytesRead()).isEqualTo(reader.totalBytes());
    }
    return rows;
  }

  @Test
  void valuesAreWhatTheyAreInAJsonFile() {
    var opened =
        open(
            query("/a~1b/0/rows"),
            utf8(
                """
                {"x": [{"no": 1}], "a/b": [{"rows": [
                  {"code": "表", "n": 12345678901234567890.10, "e": 1e400, "t": true, "z": null,
                   "list": ["a", 1], "table": [{"value": {"item": {"value": "x"}}}]},
                  {"other": "only here", "code": "B"}]}], "y": {"rows": []}}
                """),
            null);
    assertThat(opened.reader().columns())
        .containsExactly("code", "n", "e", "t", "z", "list", "table", "other");
    var rows = rows(opened);
    assertThat(rows).hasSize(2).allMatch(row -> row.problem() == null);
    assertThat(rows.get(0).values())
        .containsEntry("code", "表")
        .containsEntry("n", new BigDecimal("12345678901234567890.10"))
        .containsEntry("e", new BigDecimal("1E+400"))
        .containsEntry("t", true)
        .containsEntry("z", null)
        .containsEntry("table", List.of(Map.of("value", Map.of("item", Map.of("value", "x")))));
    assertThat(rows.get(1).values()).doesNotContainKey("n");
    assertThat(rows.get(1).position()).isEqualTo(new Position(2, 0));
  }

  @Test
  void aBadRowHarmsNoOther() {
    String json =
        "[{\"a\": 1}, 7, {\"a\": 1, \"a\": 2}, {\"a\": \"\\ud800\"}, {\"a\": \""
            + "x".repeat(CharWindow.LONGEST)
            + "\"}, [], null, {\"a\": \"\\ud83d\\ude00\"}]";
    var rows = rows(open(query(null), utf8(json), null));
    assertThat(rows)
        .extracting(row -> row.problem() == null)
        .containsExactly(true, false, false, false, false, false, false, true);
    assertThat(rows.get(7).values()).containsEntry("a", "😀");
    assertThat(rows.get(4).problem().code()).isEqualTo("row-too-long");
  }

  @Test
  void theEncodingIsTheOneThatTheAnswerNames() {
    var sjis = Charset.forName("windows-31j");
    byte[] bytes = "[{\"a\": \"表示①\"}]".getBytes(sjis);
    assertThat(rows(open(query(null), new ByteArrayInputStream(bytes), sjis)).get(0).values())
        .containsEntry("a", "表示①");
    byte[] utf16 = "[{\"a\": \"表示①\"}]".getBytes(StandardCharsets.UTF_16);
    assertThat(rows(open(query(null), new ByteArrayInputStream(utf16), null)).get(0).values())
        .containsEntry("a", "表示①");
    assertThatThrownBy(() -> open(query(null), new ByteArrayInputStream(bytes), null))
        .isInstanceOf(BrokenAnswerException.class);
    assertThatThrownBy(
            () ->
                open(
                    query(null),
                    new ByteArrayInputStream(new byte[] {'[', '"', (byte) 0xff, '"', ']'}),
                    sjis))
        .isInstanceOf(BrokenAnswerException.class)
        .hasMessageContaining("windows-31j");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[{\"a\": 1}", "[{\"a\": 1}, {\"a\": \"x", "[{\"a\": 1},", "{\"x\": ["})
  void whatIsCutOffMayBeAskedForAgain(String json) {
    assertThatThrownBy(() -> open(query(null), utf8(json), null))
        .isInstanceOf(UncheckedIOException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[{\"a\": 1}, oops]", "<html>", "[] []", "[{\"a\" 1}]", "{}", "7", "{\"a\": [1]}"})
  void whatIsOfNoUseIsSaidToBe(String json) {
    assertThatThrownBy(() -> open(query(null), utf8(json), null))
        .isInstanceOf(BrokenAnswerException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"rows\": []}", "{\"rows\": null}"})
  void anAnswerWithoutRowsHasTheColumnsThatAreExpected(String json) {
    var opening =
        new ApiSource.Opening(null, null, Long.MAX_VALUE, List.of("code"), SourceBounds.DEFAULT);
    var opened = open(query("/rows"), opening, utf8(json), null, new ArrayList<>());
    assertThat(opened.reader().columns()).containsExactly("code");
    assertThat(rows(opened)).isEmpty();
  }

  @Test
  void theCheckpointIsTheGreatestValueThatIsNotInTheFuture() {
    assertThat(reached("3", "12.5", "7")).isEqualTo("NUMBER 12.5");
    assertThat(reached("\"2026-04-22\"", "\"2026-04-23\"", "\"2026-04-24\""))
        .isEqualTo("DATE 2026-04-23");
    assertThat(reached("\"2026-04-23 15:31:04\"", "\"2026-04-23T15:31:06\""))
        .isEqualTo("LOCAL 2026-04-23T15:31:04");
    assertThat(reached("\"2026-04-23T06:31:04.5Z\"", "\"2026-04-23T15:31:05+0900\"", "null"))
        .isEqualTo("MOMENT 2026-04-23T15:31:05+09:00");
    assertThat(reached("\"17\"", "\"5\"")).isEqualTo("NUMBER 17");
    assertThatThrownBy(() -> reached("\"yesterday\"")).isInstanceOf(UserErrorException.class);
    assertThatThrownBy(() -> reached("1", "\"2026-04-22\"")).isInstanceOf(UserErrorException.class);
    assertThatThrownBy(() -> open(query(null, "v"), utf8("[{\"w\": {\"v\": 1}}]"), null))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("No row");
  }

  private static String reached(String... values) {
    String json =
        "[" + String.join(",", Arrays.stream(values).map(v -> "{\"v\": " + v + "}").toList()) + "]";
    var opened = open(query(null, "v"), utf8(json), null);
    opened.reader().close();
    return String.valueOf(opened.reached());
  }

  @Test
  void theNextPollBeginsAtTheCheckpointLessTheOverlap() {
    var since = new Checkpoint(Checkpoint.Kind.NUMBER, new BigDecimal("1000"));
    var asked = new ArrayList<URI>();
    var opening =
        new ApiSource.Opening(since, null, Long.MAX_VALUE, List.of(), SourceBounds.DEFAULT);
    open(query(null, "v"), opening, utf8("[{\"v\": 1}]"), null, asked).reader().close();
    assertThat(asked).containsExactly(URI.create(URL + "&since=900"));
  }

  @Test
  @Tag("sweep")
  void rowsAreNotHeldInMemory() {
    // more than the heap of the tests holds
    long rows = 0;
    try (var reader = open(query(null), endless(6000), null).reader()) {
      while (reader.hasNext()) {
        assertThat(reader.next().values()).hasSize(2);
        rows++;
      }
    }
    assertThat(rows).isEqualTo(6000);
  }

  /** A list of so many rows of 100 KB. */
  private static InputStream endless(int rows) {
    byte[] row =
        ("{\"a\": 1, \"b\": \"" + "x".repeat(100_000) + "\"}").getBytes(StandardCharsets.UTF_8);
    Iterator<byte[]> parts =
        IntStream.rangeClosed(0, 2 * rows)
            .mapToObj(
                i -> i == 0 ? utf("[") : i == 2 * rows ? utf("]") : i % 2 == 1 ? row : utf(","))
            .iterator();
    return new SequenceInputStream(
        new Enumeration<>() {
          @Override
          public boolean hasMoreElements() {
            return parts.hasNext();
          }

          @Override
          public InputStream nextElement() {
            return new ByteArrayInputStream(parts.next());
          }
        });
  }

  private static byte[] utf(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Property(tries = 500)
  void anyBytesAreRowsOrOfNoUse(@ForAll @Size(max = 200) byte[] bytes) {
    assertThatSomethingIsSaid(bytes);
  }

  @Property(tries = 500)
  void aChangedByteIsARowOrOfNoUse(@ForAll byte other, @ForAll int at) {
    byte[] bytes =
        utf("[{\"code\": \"表\", \"n\": 1.50, \"list\": [1, {\"a\": null}]}, {\"b\": true}]");
    bytes[Math.floorMod(at, bytes.length)] = other;
    assertThatSomethingIsSaid(bytes);
  }

  private static void assertThatSomethingIsSaid(byte[] bytes) {
    try {
      rows(open(query(null), new ByteArrayInputStream(bytes), null))
          .forEach(
              row ->
                  assertThat(row.problem() == null)
                      .isEqualTo(!row.values().isEmpty() || row.rows().get(0).get(0).equals("{}")));
    } catch (BrokenAnswerException | UncheckedIOException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
