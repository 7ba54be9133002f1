package dev.kintonesync.simulator.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Records that are held as bytes are what was stored, to the last bit. */
class StoredRecordTest {
  private static final Instant CREATED = Instant.parse("2026-01-02T03:04:00Z");
  private static final Instant UPDATED = Instant.parse("1000-01-01T00:00:00Z");

  private static StoredRecord record(Object... cells) {
    return new StoredRecord(7, Long.MAX_VALUE, "佐藤", CREATED, "sato", UPDATED, cells);
  }

  @Test
  void everyShapeOfAValueIsReadAsItWasStored() {
    StoredFile file =
        new StoredFile("K", "名前.txt", "text/plain", "x".getBytes(StandardCharsets.UTF_8));
    Object[] cells = {
      null,
      "",
      "plain",
      "é",
      "東京",
      "half a pair: \ud83d",
      "x".repeat(70_000),
      new BigDecimal("0"),
      new BigDecimal("-1.50"),
      new BigDecimal("1E+9"),
      new BigDecimal(Long.MIN_VALUE),
      new BigDecimal("123456789012345678901234567890.12345678901"),
      new BigDecimal("-123456789012345678901234567890"),
      LocalDate.of(9999, 12, 31),
      LocalDate.of(1000, 1, 1),
      LocalTime.of(23, 59),
      Instant.parse("9999-12-31T23:59:00Z"),
      Instant.parse("2026-01-02T03:04:05.123456789Z"),
      List.of("a", "", "日本"),
      List.of(file, file)
    };
    assertThat(record(cells).cells()).containsExactly(cells);
    TableRow row = new TableRow(Long.MAX_VALUE, cells);
    StoredRecord nested = record("before", List.of(row, new TableRow(1, new Object[0])), "after");
    assertThat(nested.cells()).startsWith("before").endsWith("after");
    List<?> rows = (List<?>) nested.cells()[1];
    assertThat(rows).hasSize(2);
    assertThat(((TableRow) rows.get(0)).id()).isEqualTo(Long.MAX_VALUE);
    assertThat(((TableRow) rows.get(0)).cells()).containsExactly(cells);
    assertThat(((TableRow) rows.get(1)).cells()).isEmpty();
  }

  @Test
  void whoWroteItAndWhenStandsBesideTheValues() {
    StoredRecord record = record();
    assertThat(record.id()).isEqualTo(7);
    assertThat(record.revision()).isEqualTo(Long.MAX_VALUE);
    assertThat(record.creator()).isEqualTo("佐藤");
    assertThat(record.created()).isEqualTo(CREATED);
    assertThat(record.modifier()).isEqualTo("sato");
    assertThat(record.updated()).isEqualTo(UPDATED);
    assertThat(record.cells()).isEmpty();
  }

  @Test
  void anIndexKnowsWhatAMapWouldKnow() {
    Random random = new Random(1);
    Map<Integer, Long> map = new HashMap<>();
    UniqueIndex index = new UniqueIndex();
    for (int i = 0; i < 100_000; i++) {
      int key = random.nextInt(500) * 0x10000; // many that want the same places
      Long held = map.remove(key);
      if (held == null) {
        long id = 1 + i;
        map.put(key, id);
        index.put(key, id);
      } else {
        index.remove(key, held);
      }
      int asked = random.nextInt(500) * 0x10000;
      assertThat(
              index.<Long>find(asked, id -> map.getOrDefault(asked, 0L) == id ? (Long) id : null))
          .isEqualTo(map.get(asked));
    }
  }
}
