package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.AtOnce;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.Patience;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command that waits for the run history says so, and that it goes on. */
@LogOfProcess.LookedAt
class JournalWaitTest {
  @TempDir Path home;

  /** Another process, which holds the right to open the journal until its input ends. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] words) throws IOException {
      try (var lock = FileChannel.open(Path.of(words[0]), StandardOpenOption.WRITE)) {
        lock.lock();
        Files.createFile(Path.of(words[1]));
        System.in.transferTo(OutputStream.nullOutputStream());
      }
    }
  }

  @Test
  void aWaitForTheRunHistoryIsToldWithItsEnd() throws Exception {
    Path journal = Files.createDirectories(home.resolve("journal"));
    Path opening = Files.createFile(journal.resolve("journal.opening"));
    Path holds = home.resolve("holds");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var holder =
        new ProcessBuilder(
                java,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                opening.toString(),
                holds.toString())
            .inheritIO()
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .start();
    try {
      Patience.await().until(() -> Files.exists(holds));
      var command = new Command(home);
      var ended = AtOnce.ask(() -> command.run(Map.of(), "runs", "--lang", "en"));
      Path log = home.resolve("logs").resolve("kintone-sync.log");
      Patience.await()
          .until(
              () ->
                  Files.exists(log)
                      && Files.readString(log).contains("Waiting for the run history database"));
      assertThat(ended).isNotDone();
      holder.getOutputStream().close();

      assertThat(ended.get().err())
          .containsSubsequence("Waiting for the run history database", "Continues after waiting");
      assertThat(ended.get().exitCode()).isZero();
    } finally {
      holder.destroy();
    }
  }
}
