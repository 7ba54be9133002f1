package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench/run} still measures; its figures are nobody's promise here. */
class BenchmarkIT {
  @TempDir private Path folder;

  @Test
  void measuresTheProgramAlone() throws Exception {
    assumeTrue(started("--help").waitFor() == 0, "there is no Python 3");

    var run = started("--rows", "2000", "--times", "1", "--workload", "changed", "--alone");

    assertThat(run.waitFor(10, TimeUnit.MINUTES)).isTrue();
    String said = Files.readString(folder.resolve("said"));
    assertThat(run.exitValue()).as(said).isZero();
    assertThat(said)
        .containsPattern(
            "\\| changed: 2,000 rows, 1 % changed.* \\| kintone-sync \\| 1 \\| .* 20 \\|");
  }

  private Process started(String... options) throws IOException {
    String[] words = new String[options.length + 2];
    words[0] = "python3";
    words[1] = "bench/run";
    System.arraycopy(options, 0, words, 2, options.length);
    try {
      return new ProcessBuilder(words)
          .redirectErrorStream(true)
          .redirectOutput(folder.resolve("said").toFile())
          .start();
    } catch (IOException e) {
      return new ProcessBuilder("false").start(); // no such program
    }
  }
}
