package dev.kintonesync.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("sweep")
class MillionRowsTest {

  private static final int ROWS = 1_000_000;

  @TempDir Path folder;

  private Path file(Charset charset, int rows, String cell) throws IOException {
    Path file = folder.resolve("million.csv");
    try (BufferedWriter out = Files.newBufferedWriter(file, charset)) {
      out.write("番号,名前,住所,数\r\n");
      for (int i = 0; i < rows; i++) {
        out.write(i + ",株式会社" + i + ",\"東京都、" + cell + "\"," + i % 7 + "\r\n");
      }
    }
    return file;
  }

  /** Reads all rows and returns how long it took. */
  private static Duration read(Path file, long rows) {
    Instant begun = Instant.now();
    long seen = 0;
    long sum = 0;
    try (SourceReader reader = SourceFile.open(file, SourceOptions.DEFAULT)) {
      while (reader.hasNext()) {
        SourceRecord record = reader.next();
        assertThat(record.problem()).isNull();
        sum += Long.parseLong(String.valueOf(record.values().get("番号")));
        seen++;
      }
      assertThat(reader.position()).isEqualTo(new Position(rows, rows + 1));
      assertThat(reader.bytesRead()).isEqualTo(reader.totalBytes());
    }
    assertThat(seen).isEqualTo(rows);
    assertThat(sum).isEqualTo(rows * (rows - 1) / 2);
    return Duration.between(begun, Instant.now());
  }

  @Test
  void aMillionRowsAreReadInSeconds() throws IOException {
    for (String name : new String[] {"UTF-8", "windows-31j"}) {
      Path file = file(Charset.forName(name), ROWS, "千代田区");
      assertThat(read(file, ROWS)).as(name).isLessThan(Duration.ofSeconds(20));
    }
  }

  @Test
  void rowsOfAHundredKilobytesAreReadWithoutHoldingThem() throws IOException {
    Path file = file(UTF_8, 10_000, "x".repeat(100_000));
    assertThat(read(file, 10_000)).isLessThan(Duration.ofSeconds(60));
  }
}
