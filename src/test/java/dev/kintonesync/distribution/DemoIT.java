package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code demo}, started by a link to a copy of the distribution with a name of any kind. */
class DemoIT {
  @TempDir Path folder;

  @Test
  void showsEachOutcomeWatchesAFolderAndEndsOnCtrlC() throws IOException {
    var copy = Installation.copied(folder.resolve("kintone 同期"));
    Path link =
        Files.createSymbolicLink(
            folder.resolve("link"), Path.of("kintone 同期", "bin", "kintone-sync"));
    try (var demo = copy.startedBy(link).start("demo")) {
      demo.awaitText("Ctrl-C to stop");
      Path inbox = copy.home().resolve("demo/sandbox/inbox");
      Files.write(inbox.resolve("one.csv"), List.of("postal_code,areas", "9990000,架空町"));
      demo.awaitText("1 read: 1 inserted");
      demo.interrupt();
      var ended = demo.ended();

      assertThat(ended.exitCode()).as(ended.said()).isZero();
      assertThat(ended.out().lines())
          .containsExactly(
              "3,911 read: 3,911 inserted, 0 updated, 0 unchanged,"
                  + " 0 duplicate keys (last row used), 0 rejected, 0 unprocessed",
              "4,094 read: 178 inserted, 41 updated, 3,870 unchanged,"
                  + " 2 duplicate keys (last row used), 3 rejected, 0 unprocessed",
              "4,094 read: 0 inserted, 0 updated, 4,089 unchanged,"
                  + " 2 duplicate keys (last row used), 3 rejected, 0 unprocessed");
      assertThat(ended.err())
          .contains("Rejected rows, with reasons: " + inbox.resolve("rejects"))
          .contains(" reads, 0 inserts, 0 updates")
          .doesNotContain("\r", "\tat ");
    }
    assertThat(Files.readString(copy.home().resolve("logs/kintone-sync.log")))
        .contains(" INFO ")
        .doesNotContain(" WARN ", " ERROR ");
    assertThat(copy.reports())
        .extracting(report -> report.path("state").asText())
        .containsExactly(
            "completed", "completed-with-rejects", "completed-with-rejects", "completed");
  }
}
