package dev.kintonesync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How outcomes and requests are counted, over batches and for a run. */
class RunCountersTest {

  private static SourceRecord row(long row) {
    return new SourceRecord(new Position(row, row + 1), Map.of(), List.of(), null);
  }

  private static SyncRecord record(long row) {
    return new SyncRecord(row(row), "K" + row, Map.of());
  }

  private static Reject reject(long row) {
    return new Reject(row(row), "K" + row, null, MessageCode.ROW_LEFT_OUT.with());
  }

  @Test
  void aBatchThatWasNeverPlannedAddsUpToo() {
    var batch =
        new Batch(
            1,
            List.of(record(1), record(2)),
            List.of(reject(3)),
            4,
            List.of(row(5), row(6), row(7)),
            5,
            Batch.Kind.SOURCE);

    var result = batch.unprocessed();

    assertThat(result.counts()).isEqualTo(new Counts(15, 0, 0, 8, 4, 1, 2));
    assertThat(result.counts().addUp()).isTrue();
    assertThat(result.unprocessed()).containsExactly("K1", "K2");
  }

  @Test
  void onlyTheSourceOfTheRunIsCounted() {
    var retried =
        new Batch(1, List.of(record(1)), List.of(reject(2)), 0, List.of(), 0, Batch.Kind.RETRIED);

    assertThat(retried.read()).isZero();
    assertThat(retried.unprocessed().counts()).isEqualTo(Counts.NONE);
    assertThat(Batch.ofMissing(1, List.of("K1")).unprocessed().counts()).isEqualTo(Counts.NONE);
    var talk = Talk.of("upsert, retried", "K1 name=A").playsOn(2);
    assertThat(talk.result().counts()).isEqualTo(Counts.NONE);
    assertThat(talk.result().changes()).hasSize(1);
  }

  @Test
  void countsThatDoNotAddUpAreSettledAsUnprocessed() {
    var counts = new Counts(10, 1, 2, 3, 0, 1, 0);

    assertThat(counts.addUp()).isFalse();
    assertThat(counts.settledUp()).isEqualTo(new Counts(10, 1, 2, 3, 0, 1, 3));
    assertThat(new Counts(1, 1, 1, 0, 0, 0, 5).settledUp())
        .isEqualTo(new Counts(2, 1, 1, 0, 0, 0, 0));
    assertThat(counts.plus(counts)).isEqualTo(new Counts(20, 2, 4, 6, 0, 2, 0));
    assertThat(new Counts(28, 1, 2, 4, 5, 7, 9).addUp()).isTrue();
  }

  @Test
  void theBatchesOfARunAreAdded() {
    var counters = new RunCounters();
    counters.add(
        Talk.of("upsert, missing = delete", "K1 name=A", "K2 name=B", "K3 name=C", "K4 flagged")
            .holds("K2 by=sato name=A", "K3 name=C", "K4 name=D")
            .playsOn(2)
            .result());
    counters.add(
        Talk.of("upsert", "K5 name=B")
            .holds("K5 name=A")
            .sends("PUT #5 r1 name=B")
            .hears("GAIA_CO02")
            .holds("K5 r2 by=sato name=C")
            .playsOn(2)
            .result());
    counters.missing(7);

    assertThat(counters.counts()).isEqualTo(new Counts(5, 1, 2, 1, 0, 0, 0, 1));
    assertThat(counters.overEdits()).isEqualTo(2);
    assertThat(counters.conflicts()).isEqualTo(1);
    assertThat(counters.missing()).isEqualTo(8);
    assertThat(counters.removed()).isEqualTo(1);
  }

  @Test
  void requestsAreCountedByWhatTheyDoAlsoInsideOfABulkRequest() {
    var talk =
        Talk.of("upsert, missing = delete", "K1 name=A", "K2 name=B", "K3 flagged")
            .holds("K2 name=A", "K3 name=A")
            .asks("? K1 K2 K3");
    var lookUp = talk.asked().get(0);
    var writes = talk.hears().nextWrites();
    var bulk = writes.stream().reduce(KintoneRequest::and).orElseThrow();
    var counters = new RunCounters();
    counters.add(lookUp, false);
    counters.add(lookUp, true);
    counters.add(bulk, false);
    counters.add(writes.get(0), false);

    var requests = counters.requests();
    assertThat(requests.keyLookups()).isEqualTo(2);
    assertThat(requests.posts()).isEqualTo(2);
    assertThat(requests.puts()).isEqualTo(1);
    assertThat(requests.deletes()).isEqualTo(1);
    assertThat(requests.bulkRequests()).isEqualTo(1);
    assertThat(requests.retries()).isEqualTo(1);
    assertThat(requests.counted()).isEqualTo(6);
  }
}
