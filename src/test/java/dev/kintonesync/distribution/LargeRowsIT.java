package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 9 for rows that are large themselves: the packaged program with {@code -Xmx128m}. */
class LargeRowsIT {
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code", "unique": true},
       "note": {"type": "MULTI_LINE_TEXT", "code": "note", "label": "note"}}
      """;

  /** A character of three bytes in UTF-8, as most Japanese ones are. */
  private static final String LETTER = "語";

  @TempDir Path folder;

  @Test
  void rowsOf100KilobytesFitIntoLittleMemory() throws IOException {
    syncs(600, 33_000);
  }

  @Test
  @Tag("sweep")
  void soDoRowsAsLargeAsAFieldMayBe() throws IOException {
    syncs(1_500, 99_000);
  }

  private void syncs(int rows, int letters) throws IOException {
    Path file = folder.resolve("large.csv");
    try (Writer csv = Files.newBufferedWriter(file)) {
      csv.write("code,note\n");
      for (int row = 0; row < rows; row++) {
        csv.write(row + "," + LETTER.repeat(letters) + "\n");
      }
    }
    var installation = Installation.withHome(Files.createDirectory(folder.resolve("home")));
    installation.with("JAVA_OPTS", "-Xmx3g");
    try (var simulator = SimulatorProcess.start(installation)) {
      String app = simulator.app("large", new ObjectMapper().readTree(FIELDS));
      installation.with("JAVA_OPTS", "-Xmx128m");
      String[] words = {
        "import",
        "--base-url",
        simulator.url(),
        "--app",
        app,
        "--api-token",
        "token",
        "--update-key",
        "code",
        file.toString()
      };
      var ended = installation.run(words);
      assertThat(ended.exitCode()).as(ended.said()).isZero();
      assertThat(simulator.records("inserted")).isEqualTo(rows);
      var again = installation.run(words);
      assertThat(again.out()).as(again.said()).contains(" unchanged");
      assertThat(simulator.records("updated")).isZero();
    }
  }
}
