package dev.kintonesync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecordSnapshotTest {
  private static long values(int number) {
    return RecordSnapshot.hash(Map.of("name", TextNode.valueOf("v" + number)));
  }

  /** Beside a map that does the same. */
  @Test
  void itHoldsWhatWasKeptLastAndNotForgotten() throws IOException {
    var random = new Random(7);
    var snapshot = new RecordSnapshot(bytes -> true);
    var expected = new HashMap<String, Integer>();
    for (int i = 0; i < 100_000; i++) {
      String key = "K" + random.nextInt(40_000);
      if (random.nextInt(4) == 0) {
        snapshot.forget(key);
        expected.remove(key);
      } else {
        snapshot.keep(key, values(i), String.valueOf(i + 1), i % 9);
        expected.put(key, i);
      }
    }
    var bytes = new ByteArrayOutputStream();
    snapshot.write(new DataOutputStream(bytes));
    var read =
        RecordSnapshot.read(
                new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())), more -> true)
            .orElseThrow();

    assertThat(read.size()).isEqualTo(expected.size());
    assertThat(read.isChanged()).isFalse();
    assertThat(bytes.size()).isEqualTo(Long.BYTES + 24 * expected.size());
    for (int key = 0; key < 40_000; key++) {
      Integer number = expected.get("K" + key);
      assertThat(read.holds("K" + key, values(number == null ? 0 : number)))
          .isEqualTo(number != null);
      assertThat(read.holds("K" + key, values(-1))).isFalse();
    }
  }

  @Test
  void recordsOfOtherRevisionsAndRecentOnesThatAreGoneAreForgotten() {
    var snapshot = new RecordSnapshot(bytes -> true);
    for (int id = 1; id <= 6; id++) {
      snapshot.keep("K" + id, values(id), String.valueOf(id), 1);
    }

    snapshot.forgetMoved(Map.of(2L, 2L, 3L, 1L, 5L, 1L), 4);

    for (int id = 1; id <= 6; id++) {
      assertThat(snapshot.holds("K" + id, values(id))).as("K" + id).isEqualTo(id != 2 && id != 6);
    }
    assertThat(snapshot.isChanged()).isTrue();
  }

  @Test
  void itKeepsNoMoreThanItMay() {
    var left = new AtomicLong(2 * 112);
    var snapshot =
        new RecordSnapshot(
            bytes -> {
              boolean free = left.get() >= bytes;
              left.addAndGet(free ? -bytes : 0);
              return free;
            });
    for (int id = 1; id <= 3; id++) {
      snapshot.keep("K" + id, values(id), String.valueOf(id), 1);
    }
    assertThat(snapshot.size()).as("each in a bucket of four").isEqualTo(2);
    assertThat(snapshot.holds("K3", values(3))).isFalse();
    snapshot.clear();
    for (int id = 1; id <= 3; id++) {
      snapshot.keep("K" + id, values(id), String.valueOf(id), 1);
    }
    assertThat(snapshot.size()).as("what was cleared is free").isEqualTo(2);
    snapshot.keep("K1", values(9), "1", 2);
    assertThat(snapshot.holds("K1", values(9))).isTrue();
    assertThat(snapshot.holds("K1", values(1))).isFalse();
  }

  @Test
  void aFileThatDoesNotFitIntoTheMemoryOrIsNotInOrderIsNotRead() throws IOException {
    var snapshot = new RecordSnapshot(bytes -> true);
    for (int id = 1; id <= 5_000; id++) {
      snapshot.keep("K" + id, values(id), String.valueOf(id), 1);
    }
    var bytes = new ByteArrayOutputStream();
    snapshot.write(new DataOutputStream(bytes));
    byte[] file = bytes.toByteArray();

    var asked = new ArrayList<Long>();
    assertThat(RecordSnapshot.read(in(file), asked::add)).isPresent();
    assertThat(asked).containsExactly(5_000 * 40L);
    assertThat(RecordSnapshot.read(in(file), more -> false)).isEmpty();
    System.arraycopy(file, file.length - 24, file, 3_000 * 24, 24);
    assertThatThrownBy(() -> RecordSnapshot.read(in(file), more -> true))
        .isInstanceOf(IOException.class);
  }

  private static DataInputStream in(byte[] file) {
    return new DataInputStream(new ByteArrayInputStream(file));
  }

  @Test
  void whatDoesNotFitIntoAnEntryIsForgotten() {
    var snapshot = new RecordSnapshot(bytes -> true);
    snapshot.keep("K", values(1), "1", 1);
    snapshot.keep("K", values(1), "1", 1L << 24);
    assertThat(snapshot.holds("K", values(1))).isFalse();
    snapshot.keep("K", values(1), String.valueOf(1L << 40), 1);
    assertThat(snapshot.size()).isZero();
  }

  /** Values whose texts, one after the other, are the same. */
  @Test
  void valuesAreToldApartByTheirFieldsKindsAndBorders() throws IOException {
    var snapshot = new RecordSnapshot(bytes -> true);
    snapshot.keep("K", json("{'a': '1', 'b': '2'}"), "1", 1);
    assertThat(snapshot.holds("K", json("{'a': '1', 'b': '2'}"))).isTrue();
    for (String other :
        List.of(
            "{'a': '1', 'c': '2'}",
            "{'a': '1'}",
            "{'a': 1, 'b': '2'}",
            "{'a': '12', 'b': ''}",
            "{'a': '', 'b': '12'}",
            "{'a': ['1'], 'b': '2'}",
            "{'a': '1b=1:2'}",
            "{'a': '', 'b': '2', '1': ''}",
            "{'a': null, 'b': '2'}")) {
      assertThat(snapshot.holds("K", json(other))).as(other).isFalse();
    }
  }

  private static long json(String text) throws IOException {
    var values = new LinkedHashMap<String, JsonNode>();
    new ObjectMapper()
        .readTree(text.replace('\'', '"'))
        .properties()
        .forEach(value -> values.put(value.getKey(), value.getValue()));
    return RecordSnapshot.hash(values);
  }
}
