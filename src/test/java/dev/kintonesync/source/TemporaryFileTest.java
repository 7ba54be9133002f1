package dev.kintonesync.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What a process has left behind that was killed goes, and nothing else. */
class TemporaryFileTest {
  private static final int PROCESS = 2;
  private static final int HOST = 3;
  private static final int SPACE = 4;
  private static final int TOKEN = 5;

  private final List<Path> made = new ArrayList<>();

  @AfterEach
  void remove() throws IOException {
    for (Path file : made) {
      Files.deleteIfExists(file);
    }
  }

  @Test
  void theFilesOfAProcessGoWhenItIsGoneAndNotBefore() throws IOException {
    try (var process = UnpackingProcess.start()) {
      TemporaryFile.removeLeftBehind();
      assertThat(process.file()).exists();
      assertThat(process.folder().resolve("stdin")).exists();

      process.kill();
      TemporaryFile.removeLeftBehind();
      assertThat(process.file()).doesNotExist();
      assertThat(process.folder()).doesNotExist();
    }
  }

  @Test
  void ourOwnFilesStay() throws IOException {
    Path own = TemporaryFile.create();
    made.add(own);
    TemporaryFile.removeLeftBehind();
    assertThat(own).exists();
  }

  /** In a container that begins anew a program often has the number that it had before. */
  @Test
  void theFilesOfAnEarlierProcessWithOurNumberGo() throws IOException {
    Path earlier = likeOurs(TOKEN, "00000000");
    TemporaryFile.removeLeftBehind();
    assertThat(earlier).doesNotExist();
  }

  @Test
  void whatAnotherComputerMadeStaysHoweverOldItIs() throws IOException {
    Path there = old(likeOurs(HOST, "0"));
    TemporaryFile.removeLeftBehind();
    assertThat(there).exists();
  }

  @Test
  void whatAnotherContainerMadeStaysForADay() throws IOException {
    Path fresh = likeOurs(SPACE, "1");
    Path old = old(likeOurs(SPACE, "1"));
    TemporaryFile.removeLeftBehind();
    assertThat(fresh).exists();
    assertThat(old).doesNotExist();
  }

  @Test
  void namesThatAreNotOursStay() throws IOException {
    Path longAgo = old(likeOurs(PROCESS, "9999999999999999999999"));
    Path foreign = old(Files.createTempFile("kintone-sync-notes-", ".tmp"));
    made.add(foreign);
    TemporaryFile.removeLeftBehind();
    assertThat(longAgo).exists();
    assertThat(foreign).exists();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aLinkGoesAndWhatItLeadsToStays() throws IOException {
    Path target = Files.createTempDirectory("target");
    Path kept = Files.writeString(target.resolve("kept"), "");
    Path link = likeOurs(TOKEN, "00000000");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, target);
    made.addAll(List.of(kept, target));
    TemporaryFile.removeLeftBehind();
    assertThat(kept).exists();
    assertThat(Files.isSymbolicLink(link)).isFalse();
  }

  /** An empty file whose name is as ours, but for one of its parts. */
  private Path likeOurs(int part, String value) throws IOException {
    Path own = TemporaryFile.create();
    made.add(own);
    String[] parts = own.getFileName().toString().split("-");
    parts[part] = value;
    Path like = own.resolveSibling(String.join("-", parts));
    made.add(like);
    return Files.createFile(like);
  }

  private static Path old(Path file) throws IOException {
    return Files.setLastModifiedTime(
        file, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
  }
}
