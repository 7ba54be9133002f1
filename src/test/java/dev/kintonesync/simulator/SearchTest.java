package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.kintone.client.model.record.Record;
import dev.kintonesync.simulator.state.DomainSettings;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Text searches: an index that follows writes, and gives up when it finds too much. */
class SearchTest extends ContractTest {

  @AfterEach
  void calm() {
    kintone.simulator().settings(DomainSettings.DEFAULTS.with("deployMs", 0));
    kintone.simulator().clock().reset();
  }

  private int hits(String query) {
    return records.getRecords(app, query).size();
  }

  @Behaviour(number = 38, evidence = "M6,M8")
  void aTextSearchLagsBehindWritesAndStopsAtItsLimit() {
    Simulator simulator = kintone.simulator();
    long id = records.addRecord(app, of("K", text("K1"), "T", text("old")));
    simulator.settings(simulator.settings().with("likeLagMs", 5_000));
    records.updateRecord(app, id, of("T", text("new")));
    long fresh = records.addRecord(app, of("K", text("K2"), "T", text("new")));
    assertThat(hits("T like \"old\"")).isEqualTo(1);
    assertThat(hits("T like \"new\"")).isZero();
    assertThat(hits("T = \"new\"")).isEqualTo(2);
    assertThat(hits("K in (\"K2\")")).isEqualTo(1);
    assertThat(hits("$id = " + fresh)).isEqualTo(1);
    simulator.clock().advance(Duration.ofSeconds(6));
    assertThat(hits("T like \"old\"")).isZero();
    assertThat(hits("T like \"new\"")).isEqualTo(2);

    simulator.settings(simulator.settings().with("likeLagMs", 0).with("searchLimit", 10));
    List<Record> many = IntStream.range(0, 20).mapToObj(i -> of("T", text("many"))).toList();
    records.addRecords(app, many);
    Wire.Answer cut =
        wire.get("/k/v1/records.json?app=" + app + "&totalCount=true&query=T%20like%20%22many%22");
    assertThat(cut.status()).isEqualTo(200);
    assertThat(cut.json().path("records")).hasSize(10);
    assertThat(cut.header("X-Cybozu-Warning"))
        .isEqualTo("Filter aborted because of too many search results");
    assertThat(wire.get("/k/v1/records.json?app=" + app).header("X-Cybozu-Warning")).isEmpty();
  }

  @Test
  void eachChangeMayLagADifferentWhile() {
    Simulator simulator = kintone.simulator();
    simulator.settings(simulator.settings().with("likeLagSpreadMs", 1_000_000));
    List<Record> many = IntStream.range(0, 100).mapToObj(i -> of("T", text("drawn"))).toList();
    records.addRecords(app, many);
    simulator.clock().advance(Duration.ofSeconds(500));
    assertThat(hits("T like \"drawn\" limit 500")).isBetween(10, 90);
    simulator.clock().advance(Duration.ofSeconds(501));
    assertThat(hits("T like \"drawn\" limit 500")).isEqualTo(100);
  }

  @Test
  void aSearchOfACursorIsCutToo() {
    Simulator simulator = kintone.simulator();
    simulator.settings(simulator.settings().with("searchLimit", 1));
    records.addRecords(app, List.of(of("T", text("many")), of("T", text("many"))));
    Wire.Answer cursor =
        wire.post(
            "/k/v1/records/cursor.json",
            "{'app':" + app + ",'query':'T like \\'many\\''}".replace("\\'", "\\\""));
    assertThat(cursor.json().path("totalCount").asText()).isEqualTo("1");
    assertThat(cursor.header("X-Cybozu-Warning")).isNotEmpty();
  }
}
