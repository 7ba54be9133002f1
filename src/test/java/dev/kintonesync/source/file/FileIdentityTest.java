package dev.kintonesync.source.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileIdentityTest {

  @TempDir Path folder;

  @Test
  void aFileThatDidNotChangeIsTheSame() {
    Path file = Samples.file(folder, "a\n1\n");
    assertThat(FileIdentity.of(file)).isEqualTo(FileIdentity.of(file));
  }

  @Test
  void growingTouchingAndRewritingAreSeen() throws IOException {
    Path file = Samples.file(folder, "a\n1\n");
    FileTime time = Files.getLastModifiedTime(file);
    FileIdentity before = FileIdentity.of(file);

    Files.writeString(file, "a\n2\n");
    Files.setLastModifiedTime(file, time);
    assertThat(FileIdentity.of(file)).isNotEqualTo(before);

    Files.writeString(file, "a\n1\n");
    Files.setLastModifiedTime(file, FileTime.fromMillis(time.toMillis() + 1000));
    assertThat(FileIdentity.of(file)).isNotEqualTo(before);

    Files.writeString(file, "3\n", StandardOpenOption.APPEND);
    Files.setLastModifiedTime(file, time);
    assertThat(FileIdentity.of(file)).isNotEqualTo(before);
  }

  @Test
  void aFileThatIsGoneIsRefused() {
    assertThatThrownBy(() -> FileIdentity.of(folder.resolve("gone.csv")))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("There is no file");
  }
}
