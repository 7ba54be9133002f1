package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.kintone.client.api.record.CreateCursorRequest;
import com.kintone.client.api.record.CreateCursorResponseBody;
import com.kintone.client.api.record.GetRecordsByCursorResponseBody;
import dev.kintonesync.simulator.state.Permission;
import dev.kintonesync.simulator.state.SimulatedClock;
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
class CursorTest extends ContractTest {
  private static final String CURSOR = "/k/v1/records/cursor.json";

  private final List<String> opened = new ArrayList<>();

  @BeforeEach
  void addRecords() {
    IntStream.rangeClosed(1, 5)
        .forEach(
            i ->
                records.addRecord(
                    app, of("K", text("A-" + i), "Q", number(Integer.toString(9 - i)))));
  }

  @AfterEach
  void closeCursors() {
    opened.forEach(id -> wire.delete(CURSOR, "{'id':'" + id + "'}"));
  }

  @Test
  void kintonesOwnClientReadsAllPages() {
    CreateCursorResponseBody cursor =
        records.createCursor(
            new CreateCursorRequest()
                .setApp(app)
                .setFields(List.of("K"))
                .setQuery("Q < 8 order by Q asc")
                .setSize(2L));
    List<List<String>> pages = new ArrayList<>();
    GetRecordsByCursorResponseBody page;
    do {
      page = records.getRecordsByCursor(cursor.getId());
      pages.add(page.getRecords().stream().map(r -> r.getSingleLineTextFieldValue("K")).toList());
    } while (page.isNext());

    assertThat(cursor.getTotalCount()).isEqualTo(4);
    assertThat(pages).containsExactly(List.of("A-5", "A-4"), List.of("A-3", "A-2"));
    String unused = records.createCursor(app);
    records.deleteCursor(unused);
    assertGone(next(unused));
  }

  @Test
  void onlyTheFieldsAskedForComeBack() {
    JsonNode page = next(open(",'fields':['Q']")).json();

    assertThat(page.at("/records/0").properties())
        .singleElement()
        .satisfies(cell -> assertThat(cell.getKey()).isEqualTo("Q"));
  }

  @Behaviour(number = 35, evidence = "M8")
  void cursorsAreTenAndEndWithTheirLastPageOrAfterTenIdleMinutes() {
    SimulatedClock clock = kintone.simulator().clock();
    String first = open(",'size':3");
    List<String> others = IntStream.range(0, 9).mapToObj(i -> open(",'size':500")).toList();

    Wire.Answer eleventh = create("");
    assertThat(eleventh.status()).isEqualTo(429);
    assertThat(eleventh.code()).isEqualTo("GAIA_TM12");

    assertThat(next(first).json().path("next").asBoolean()).isTrue();
    assertThat(next(first).json().path("next").asBoolean()).isFalse();
    assertGone(next(first));
    assertGone(wire.delete(CURSOR, "{'id':'" + first + "'}"));

    clock.advance(Duration.ofMinutes(9));
    String late = open(",'size':3");
    clock.advance(Duration.ofMinutes(1));
    assertGone(next(others.get(0)));
    clock.advance(Duration.ofMinutes(8));
    assertThat(next(late).status()).isEqualTo(200);
    clock.advance(Duration.ofMinutes(9));
    assertThat(next(late).json().path("next").asBoolean()).isFalse();
  }

  @Test
  void aCursorThatExpiredMakesRoomForAnother() {
    SimulatedClock clock = kintone.simulator().clock();
    IntStream.range(0, 10).forEach(i -> open(",'size':1"));
    clock.advance(Duration.ofMinutes(10));

    assertThat(create("").status()).isEqualTo(200);
    clock.advance(Duration.ofMinutes(10));
  }

  @Test
  void whoMatchesIsSettledAtTheStartButValuesAreThoseOfTheFetch() {
    String id = open(",'query':'Q >= 7 order by $id asc','size':1");
    List<Long> ids = all().stream().map(record -> record.at("/$id/value").asLong()).toList();
    records.updateRecord(app, ids.get(0), of("Q", number("1")));
    records.deleteRecords(app, List.of(ids.get(1)));
    records.addRecord(app, of("Q", number("9")));

    JsonNode page = next(id).json();
    assertThat(page.at("/records/0/Q/value").asText()).isEqualTo("1");
    assertThat(page.path("next").asBoolean()).isTrue();
    JsonNode last = next(id).json();
    assertThat(last.path("records")).isEmpty();
    assertThat(last.path("next").asBoolean()).isFalse();
  }

  @Test
  void aResultWithoutRecordsHasOneEmptyPage() {
    JsonNode cursor = create(",'query':'Q > 100'").json();
    assertThat(cursor.path("totalCount").asText()).isEqualTo("0");

    JsonNode page = next(cursor.path("id").asText()).json();
    assertThat(page.path("records")).isEmpty();
    assertThat(page.path("next").asBoolean()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        ",'size':0                  | CB_VA01   | size",
        ",'size':501                | CB_VA01   | size",
        ",'query':'limit 5'         | CB_VA01   | query",
        ",'query':'Q > 1 offset 5'  | CB_VA01   | query",
        ",'query':'Q >'             | CB_VA01   | query",
        ",'query':'none = 1'        | GAIA_IQ11 |",
      })
  void whatNoCursorCanBeMadeOfIsRefused(String parameters, String code, String key) {
    Wire.Answer answer = create(parameters);

    assertThat(answer.code()).isEqualTo(code);
    assertThat(answer.errorKeys()).isEqualTo(key == null ? List.of() : List.of(key));
  }

  @Test
  void anAppAndAnIdAreNeeded() {
    assertThat(wire.post(CURSOR, "{}").errorKeys()).containsExactly("app");
    assertThat(wire.get(CURSOR).errorKeys()).containsExactly("id");
    assertThat(wire.delete(CURSOR, "{}").errorKeys()).containsExactly("id");
  }

  @Test
  void aTokenThatMayNotViewTheAppGetsNothing() {
    kintone.simulator().token("adder", app, Permission.ADD);
    Wire adder = kintone.withToken("adder");
    String id = open("");

    assertThat(adder.post(CURSOR, "{'app':" + app + "}").code()).isEqualTo("GAIA_NO01");
    assertThat(adder.get(CURSOR + "?id=" + id).code()).isEqualTo("GAIA_NO01");
    assertThat(adder.delete(CURSOR, "{'id':'" + id + "'}").code()).isEqualTo("GAIA_NO01");
  }

  private Wire.Answer create(String parameters) {
    return wire.post(CURSOR, "{'app':" + app + parameters + "}");
  }

  private String open(String parameters) {
    String id = create(parameters).json().path("id").asText();
    assertThat(id).isNotEmpty();
    opened.add(id);
    return id;
  }

  private static Wire.Answer next(String id) {
    return wire.get(CURSOR + "?id=" + id);
  }

  private static void assertGone(Wire.Answer answer) {
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.code()).isEqualTo("GAIA_CN01");
  }
}
