package dev.kintonesync.camel.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.sync.Batch;
import dev.kintonesync.sync.Reject;
import dev.kintonesync.sync.SyncRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When a batch of twenty records is full, and what goes together in it. */
class BatchFillingTest {
  private final BatchFilling filling =
      new BatchFilling(new BatchFilling.Sizes(20, 8, 1_000, Long.MAX_VALUE));

  private int known;

  private void known(int rows) {
    for (int i = 0; i < rows; i++) {
      filling.confirm("K" + known++, 1);
    }
  }

  private void open(String... keys) {
    for (String key : keys) {
      filling.put(new SyncRecord(source(), key, Map.of()), 1);
    }
  }

  private static SourceRecord source() {
    return new SourceRecord(new Position(1, 1), Map.of(), List.of(), null);
  }

  private boolean isDoneWith(String key) {
    return filling.isDoneWith(new SyncRecord(source(), key, Map.of()));
  }

  private static SyncRecord naming(String... fields) {
    var values = new HashMap<String, JsonNode>();
    for (String field : fields) {
      values.put(field, TextNode.valueOf("x"));
    }
    return new SyncRecord(source(), "A", values);
  }

  private Batch batch() {
    return filling.batch(1, Batch.Kind.SOURCE);
  }

  @Test
  void aBatchIsFullWithAsManyRecordsAsAreSentTogether() {
    for (int i = 0; i < 20; i++) {
      assertThat(filling.isFull()).isFalse();
      open("O" + i);
    }
    assertThat(filling.isFull()).isTrue();
  }

  @Test
  void recordsThatAreKnownFillTenTimesAsMuch() {
    known(199);
    assertThat(filling.isFull()).isFalse();
    known(1);
    assertThat(filling.isFull()).isTrue();
    assertThat(batch().confirmed()).isEqualTo(200);
  }

  @Test
  void atTheEndOfAStretchATenthIsEnough() {
    known(5);
    open("A");
    known(14);
    assertThat(filling.isFull()).as("one of twenty").isFalse();
    open("B");
    assertThat(filling.isFull()).as("in the midst of a stretch").isFalse();
    known(19);
    assertThat(filling.isFull()).isTrue();
    assertThat(batch().records()).extracting(SyncRecord::key).containsExactly("A", "B");
  }

  @Test
  void manyRecordsToBePlannedDoNotWaitForTheEndOfTheStretch() {
    known(19);
    open("A");
    for (int i = 0; i < 18; i++) {
      open("O" + i);
    }
    assertThat(filling.isFull()).isFalse();
    open("B");
    assertThat(filling.isFull()).isTrue();
  }

  @Test
  void whatHasHadARecordInAnEarlierStretchIsForAnotherBatch() {
    open("A");
    assertThat(isDoneWith("A")).as("it is superseded").isFalse();
    known(19);
    assertThat(isDoneWith("A")).isTrue();
    assertThat(isDoneWith("K0")).isFalse();
  }

  @Test
  void whatWasRejectedInAnEarlierStretchIsForAnotherBatchToo() {
    filling.reject(new Reject(source(), "A", null, MessageCode.KEY_STANDS_BEFORE.with("A")), 1);
    filling.reject(new Reject(source(), null, null, MessageCode.KEY_STANDS_BEFORE.with("A")), 1);
    assertThat(isDoneWith("A")).isFalse();
    known(18);
    assertThat(isDoneWith("A")).isTrue();
  }

  @Test
  void aRecordSupersedesThoseOfItsOwnStretch() {
    filling.confirm("A", 1);
    filling.confirm("A", 1);
    open("A");
    assertThat(batch().superseded()).isEqualTo(2);
    known(17);
    filling.confirm("K0", 1);
    assertThat(batch().superseded()).as("K0 is of an earlier stretch").isEqualTo(2);
    assertThat(batch().confirmed()).isEqualTo(18);
  }

  /** How many records of ten characters fit, each of this weight. */
  private static int openUntilFull(long bytes, long weight, long each) {
    var filling = new BatchFilling(new BatchFilling.Sizes(20, 8, bytes, weight));
    var row = new SourceRecord(new Position(1, 1), Map.of(), List.of(List.of("123456789")), null);
    int rows = 0;
    while (!filling.isFull()) {
      filling.put(new SyncRecord(row, "O" + rows++, Map.of()), each);
    }
    return rows;
  }

  private static int heavy(long weight) {
    return openUntilFull(Long.MAX_VALUE, weight, 10);
  }

  private static int longTexts(long bytes) {
    return openUntilFull(bytes, Long.MAX_VALUE, 0);
  }

  @Test
  void aHeavyBatchEndsWithALookupInsteadOfALessThanHalfFullOne() {
    assertThat(heavy(119)).isEqualTo(8);
    assertThat(heavy(120)).as("half a lookup more").isEqualTo(12);
    assertThat(heavy(160)).as("two lookups of eight").isEqualTo(16);
    assertThat(heavy(199)).isEqualTo(16);
    assertThat(heavy(200)).as("as many as are sent together").isEqualTo(20);
  }

  @Test
  void soDoesOneOfLongTexts() {
    assertThat(longTexts(119)).isEqualTo(8);
    assertThat(longTexts(120)).isEqualTo(12);
  }

  @Test
  void recordsTooHeavyForALookupAreFewer() {
    assertThat(heavy(79)).isEqualTo(8);
    assertThat(heavy(31)).isEqualTo(4);
  }

  @Test
  void muchTextFillsABatchAsWell() {
    filling.confirm("A", 999);
    assertThat(filling.isFull()).isFalse();
    filling.confirm("B", 1);
    assertThat(filling.isFull()).isTrue();
  }

  @Test
  void aRecordThatNamesFewerFieldsDoesNotReplaceOneBeforeIt() {
    filling.put(naming("name", "amount"), 1);
    assertThat(filling.isDoneWith(naming("amount"))).isTrue();
    assertThat(filling.isDoneWith(naming("name", "amount", "rank"))).isFalse();
    assertThat(filling.isDoneWith(new SyncRecord(source(), "A", Map.of(), true, null)))
        .as("its record is removed")
        .isFalse();
  }
}
