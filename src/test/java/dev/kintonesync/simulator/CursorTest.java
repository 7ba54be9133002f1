package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.kintone.client.KintoneClient;
import com.kintone.client.KintoneClientBuilder;
import com.kintone.client.api.record.CreateCursorRequest;
import com.kintone.client.api.record.CreateCursorResponseBody;
import com.kintone.client.api.record.GetRecordsByCursorResponseBody;
import dev.kintonesync.simulator.state.Permission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records fetched page by page: {@code records/cursor.json}. */
class CursorTest {
  private static final String CURSOR = "/k/v1/records/cursor.json";

  private Simulator simulator;
  private SimulatedApp app;
  private Wire wire;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start();
    wire = Wire.withToken(simulator.url(), "any");
    app =
        simulator.app(
            "a",
            """
            {"K":{"type":"SINGLE_LINE_TEXT","code":"K"},"Q":{"type":"NUMBER","code":"Q"}}""");
    app.add(
        IntStream.rangeClosed(1, 5)
            .mapToObj(i -> "{\"K\":{\"value\":\"A-%d\"},\"Q\":{\"value\":%d}}".formatted(i, 9 - i))
            .toArray(String[]::new));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @Test
  void kintonesOwnClientReadsAllPages() throws Exception {
    try (KintoneClient kintone =
        KintoneClientBuilder.create(simulator.url()).authByApiToken("any").build()) {
      CreateCursorResponseBody cursor =
          kintone
              .record()
              .createCursor(
                  new CreateCursorRequest()
                      .setApp(app.id())
                      .setFields(List.of("K"))
                      .setQuery("Q < 8 order by Q asc")
                      .setSize(2L));
      List<List<String>> pages = new ArrayList<>();
      GetRecordsByCursorResponseBody page;
      do {
        page = kintone.record().getRecordsByCursor(cursor.getId());
        pages.add(page.getRecords().stream().map(r -> r.getSingleLineTextFieldValue("K")).toList());
      } while (page.isNext());

      assertThat(cursor.getTotalCount()).isEqualTo(4);
      assertThat(pages).containsExactly(List.of("A-5", "A-4"), List.of("A-3", "A-2"));
      String unused = kintone.record().createCursor(app.id());
      kintone.record().deleteCursor(unused);
      assertThat(wire.get(CURSOR + "?id=" + unused).code()).isEqualTo("GAIA_CN01");
    }
  }

  @Test
  void onlyTheFieldsAskedForComeBack() {
    String id = open("'fields':['Q']");

    assertThat(wire.get(CURSOR + "?id=" + id).json().at("/records/0").properties())
        .singleElement()
        .satisfies(cell -> assertThat(cell.getKey()).isEqualTo("Q"));
  }

  @Behaviour(number = 35, evidence = "M8")
  void cursorsAreTenAndEndWithTheirLastPageOrAfterTenIdleMinutes() {
    String first = open("'size':3");
    List<String> others = IntStream.range(0, 9).mapToObj(i -> open("'size':500")).toList();

    Wire.Answer eleventh = wire.post(CURSOR, "{'app':1}");
    assertThat(eleventh.status()).isEqualTo(429);
    assertThat(eleventh.code()).isEqualTo("GAIA_TM12");

    assertThat(wire.get(CURSOR + "?id=" + first).json().path("next").asBoolean()).isTrue();
    assertThat(wire.get(CURSOR + "?id=" + first).json().path("next").asBoolean()).isFalse();
    assertGone(wire.get(CURSOR + "?id=" + first));
    assertGone(wire.delete(CURSOR, "{'id':'" + first + "'}"));

    simulator.clock().advance(Duration.ofMinutes(9).plusSeconds(30));
    String late = open("'size':3");
    simulator.clock().advance(Duration.ofSeconds(30));
    assertGone(wire.get(CURSOR + "?id=" + others.get(0)));
    simulator.clock().advance(Duration.ofMinutes(9));
    assertThat(wire.get(CURSOR + "?id=" + late).status()).isEqualTo(200);
    simulator.clock().advance(Duration.ofMinutes(9));
    assertThat(wire.get(CURSOR + "?id=" + late).json().path("next").asBoolean()).isFalse();
  }

  @Test
  void aCursorThatExpiredMakesRoomForAnother() {
    IntStream.range(0, 10).forEach(i -> open("'size':1"));
    simulator.clock().advance(Duration.ofMinutes(10));

    assertThat(wire.post(CURSOR, "{'app':1}").status()).isEqualTo(200);
  }

  @Test
  void whoMatchesIsSettledAtTheStartButValuesAreThoseOfTheFetch() {
    String id = open("'query':'Q >= 7 order by $id asc','size':1");
    wire.put("/k/v1/record.json", "{'app':1,'id':1,'record':{'Q':{'value':1}}}");
    wire.delete("/k/v1/records.json", "{'app':1,'ids':[2]}");
    wire.post("/k/v1/record.json", "{'app':1,'record':{'Q':{'value':9}}}");

    JsonNode page = wire.get(CURSOR + "?id=" + id).json();
    assertThat(page.at("/records/0/Q/value").asText()).isEqualTo("1");
    assertThat(page.path("next").asBoolean()).isTrue();
    JsonNode last = wire.get(CURSOR + "?id=" + id).json();
    assertThat(last.path("records")).isEmpty();
    assertThat(last.path("next").asBoolean()).isFalse();
  }

  @Test
  void aResultWithoutRecordsHasOneEmptyPage() {
    JsonNode cursor = wire.post(CURSOR, "{'app':1,'query':'Q > 100'}").json();
    assertThat(cursor.path("totalCount").asText()).isEqualTo("0");

    JsonNode page = wire.get(CURSOR + "?id=" + cursor.path("id").asText()).json();
    assertThat(page.path("records")).isEmpty();
    assertThat(page.path("next").asBoolean()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                  | CB_VA01   | app",
        "{'app':1,'size':0}                  | CB_VA01   | size",
        "{'app':1,'size':501}                | CB_VA01   | size",
        "{'app':1,'query':'limit 5'}         | CB_VA01   | query",
        "{'app':1,'query':'Q > 1 offset 5'}  | CB_VA01   | query",
        "{'app':1,'query':'Q >'}             | CB_VA01   | query",
        "{'app':1,'query':'none = 1'}        | GAIA_IQ11 |",
        "{'app':99}                          | GAIA_AP01 |",
      })
  void whatNoCursorCanBeMadeOfIsRefused(String body, String code, String key) {
    Wire.Answer answer = wire.post(CURSOR, body);

    assertThat(answer.code()).isEqualTo(code);
    assertThat(answer.errorKeys()).isEqualTo(key == null ? List.of() : List.of(key));
  }

  @Test
  void anIdIsNeeded() {
    assertThat(wire.get(CURSOR).errorKeys()).containsExactly("id");
    assertThat(wire.delete(CURSOR, "{}").errorKeys()).containsExactly("id");
  }

  @Test
  void aTokenThatMayNotViewTheAppGetsNothing() {
    simulator.token("adder", app.id(), Permission.ADD);
    simulator.token("viewer", app.id(), Permission.VIEW);
    Wire adder = Wire.withToken(simulator.url(), "adder");
    String id =
        Wire.withToken(simulator.url(), "viewer")
            .post(CURSOR, "{'app':1}")
            .json()
            .path("id")
            .asText();

    assertThat(adder.post(CURSOR, "{'app':1}").code()).isEqualTo("GAIA_NO01");
    assertThat(adder.get(CURSOR + "?id=" + id).code()).isEqualTo("GAIA_NO01");
    assertThat(adder.delete(CURSOR, "{'id':'" + id + "'}").code()).isEqualTo("GAIA_NO01");
  }

  private String open(String parameters) {
    JsonNode answer = wire.post(CURSOR, "{'app':1," + parameters + "}").json();
    assertThat(answer.path("id").asText()).isNotEmpty();
    return answer.path("id").asText();
  }

  private static void assertGone(Wire.Answer answer) {
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.code()).isEqualTo("GAIA_CN01");
  }
}
