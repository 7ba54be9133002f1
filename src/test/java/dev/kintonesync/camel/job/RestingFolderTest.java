package dev.kintonesync.camel.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestingFolderTest {
  private static final Instant NOW = Instant.parse("2026-04-01T00:00:00Z");

  @TempDir Path folder;
  private RestingFolder resting;

  @BeforeEach
  void lookInto() throws IOException {
    resting = new RestingFolder(folder, Clock.fixed(NOW, ZoneOffset.UTC));
    lookedAt(NOW.minusSeconds(60), false);
  }

  private void lookedAt(Instant time, boolean waits) throws IOException {
    Files.setLastModifiedTime(folder, FileTime.from(time));
    resting.looked(resting.now(), waits);
  }

  @Test
  void aFolderInWhichNothingHappensRests() {
    assertThat(resting.rests()).isTrue();
    assertThat(resting.rests()).isTrue();
  }

  @Test
  void aFileThatComesEndsTheRest() throws IOException {
    Files.createFile(folder.resolve("rows.csv"));
    assertThat(resting.rests()).isFalse();
  }

  @Test
  void aFileThatGetsAnotherNameEndsTheRest() throws IOException {
    Files.createFile(folder.resolve("rows.csv.filepart"));
    lookedAt(NOW.minusSeconds(60), false);
    Files.move(folder.resolve("rows.csv.filepart"), folder.resolve("rows.csv"));
    assertThat(resting.rests()).isFalse();
  }

  @Test
  void whereSomethingWaitsNothingRests() throws IOException {
    lookedAt(NOW.minusSeconds(60), true);
    assertThat(resting.rests()).isFalse();
  }

  /** A file that came just after the look may have left the time as it was. */
  @Test
  void whatHasJustChangedIsLookedAtAgain() throws IOException {
    lookedAt(NOW.minusMillis(1_900), false);
    assertThat(resting.rests()).isFalse();
  }

  @Test
  void aFolderThatKeepsNoTimeIsLookedAtAllTheSame() throws IOException {
    Files.createFile(folder.resolve("rows.csv"));
    Files.setLastModifiedTime(folder, FileTime.from(NOW.minusSeconds(60)));
    int left = 0;
    while (resting.rests()) {
      left++;
    }
    assertThat(left).isEqualTo(9);
    assertThat(resting.rests()).isTrue();
  }

  @Test
  void aFolderThatIsOutOfReachIsLookedAt() throws IOException {
    Files.delete(folder);
    assertThat(resting.rests()).isFalse();
    resting.looked(resting.now(), false);
    assertThat(resting.rests()).isFalse();
  }
}
