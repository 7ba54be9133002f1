package dev.kintonesync.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many rows may make one record. */
class GroupedRowsTest {

  @TempDir Path folder;

  @Test
  void tenThousandRowsMakeARecord() {
    List<SourceRecord> records = read("a,1\n", 10_000);

    assertThat(records).hasSize(2);
    assertThat(records.get(0).problem()).isNull();
    assertThat(records.get(0).members()).hasSize(10_000);
  }

  @Test
  void moreRowsThanThatAreOneRejectedRecord() {
    for (int rows : List.of(10_001, 25_000)) {
      List<SourceRecord> records = read("a,1\n", rows);

      assertThat(records).hasSize(2);
      assertThat(records.get(0).problem()).asString().contains("from line 2").contains("10000");
      assertThat(records.get(0).rows()).hasSize(10_001);
      assertThat(records.get(1).problem()).isNull();
    }
  }

  private List<SourceRecord> read(String row, int times) {
    String rows = String.join("", Collections.nCopies(times, row));
    Path file = Samples.file(folder, "key,n\n" + rows + "b,2\n");
    return Samples.read(file, SourceOptions.DEFAULT.withGroupBy("key"));
  }
}
