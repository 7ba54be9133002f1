package dev.kintonesync.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.source.file.SourceFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rows.csv",
        "rows.tsv",
        "rows.json",
        "rows.jsonl",
        "rows.xlsx",
        "rows.html",
        "rows.csv.gz",
        "rows.jsonl.gz",
        "rows.xlsx.gz",
        "rows.zip"
      })
  void aMillionRowsOfEveryFormatAreReadAndRejectedInASmallHeap(String name) throws Exception {
    Path file = folder.resolve(name);
    MillionRows.write(file, ROWS);
    Process reader =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx100m",
                "-cp",
                System.getProperty("java.class.path"),
                MillionRows.class.getName(),
                file.toString(),
                folder.resolve("rejects").toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(reader.getInputStream().readAllBytes(), UTF_8);
    assertThat(reader.waitFor()).as(said).isZero();
    assertThat(said.strip()).isEqualTo(ROWS + " rows, " + ROWS + " again");
  }

  @Test
  void rowsOfAHundredKilobytesAreReadWithoutHoldingThem() throws IOException {
    Path file = file(UTF_8, 10_000, "x".repeat(100_000));
    assertThat(read(file, 10_000)).isLessThan(Duration.ofSeconds(60));
  }

  /** As many rows as such a sheet has room for, and more text than the heap. */
  @Test
  void anOldWorkbookIsReadAndRejectedInASmallHeap() throws Exception {
    Path file = folder.resolve("rows.xls");
    try (var book = new HSSFWorkbook();
        var out = Files.newOutputStream(file)) {
      var sheet = book.createSheet();
      String text = "\u3042".repeat(800);
      for (int i = 0; i < 65_536; i++) {
        sheet.createRow(i).createCell(0).setCellValue(text + i);
      }
      book.write(out);
    }
    assertThat(Files.size(file)).isGreaterThan(100L << 20);
    Process reader =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                HostileFiles.class.getName(),
                folder.resolve("rejects").toString())
            .redirectErrorStream(true)
            .start();
    try (var files = reader.outputWriter(UTF_8)) {
      files.write(file + "\n");
    }
    String said = new String(reader.getInputStream().readAllBytes(), UTF_8);
    assertThat(reader.waitFor()).as(said).isZero();
    assertThat(said.strip()).isEqualTo("65535 rows, 0 of them unreadable");
  }
}
