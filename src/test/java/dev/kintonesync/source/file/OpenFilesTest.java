package dev.kintonesync.source.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class OpenFilesTest {
  @TempDir Path folder;

  /** A program that receives files opens and closes others all the time. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aFileIsSeenWhateverElseItsProgramOpensAndCloses() throws Exception {
    Path file = folder.resolve("slow.csv");
    Path other = Files.createFile(folder.resolve("other.csv"));
    var ends = new AtomicBoolean();
    var busy =
        new Thread(
            () -> {
              while (!ends.get()) {
                try {
                  Files.newInputStream(other).close();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }
            });
    // what is opened and closed gets lower numbers than the file, and so is looked at before it
    var lower = Files.newInputStream(other);
    try (var writer = Files.newOutputStream(file)) {
      lower.close();
      busy.start();
      writer.write('x');
      for (int look = 0; look < 200; look++) {
        assertThat(OpenFiles.in(folder).has(file)).as("look %d", look).isTrue();
      }
    } finally {
      ends.set(true);
      busy.join();
    }
    assertThat(OpenFiles.in(folder).has(file)).isFalse();
  }

  @Test
  void theOptionOfWindowsIsKnownToEveryJava() {
    assertThat(OpenFiles.unlessWritten()).hasToString("NOSHARE_WRITE");
  }
}
