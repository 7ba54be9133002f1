package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Kintone that is not there before the first record. */
class UnreachableTest {
  @TempDir Path folder;

  @Test
  @Timeout(60)
  void isTriedForSecondsAndThenTheImportEndsAsStopped() throws IOException {
    var ended = importing("http://127.0.0.1:" + FreePort.find());
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(3);
    assertThat(ended.err())
        .contains("does not answer: Connect to http://127.0.0.1", "Check the address")
        .doesNotContain("Exception");
    assertThat(ended.err().lines()).hasSize(1);
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void aHostThatDoesNotExistIsNamed() throws IOException {
    var ended = importing("https://no-such-kintone.invalid");
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(3);
    assertThat(ended.err()).contains("https://no-such-kintone.invalid", "does not answer");
    assertThat(ended.err().lines()).hasSize(1);
  }

  private Command.Ended importing(String url) throws IOException {
    var command = new Command(Files.createDirectory(folder.resolve("home")));
    Files.writeString(
        folder.resolve("home").resolve("application.properties"),
        "kintone.patience = 1s\nkintone.retry-delay = 200ms\n");
    Path file = Files.writeString(folder.resolve("customers.csv"), "code,name\nA,a\n");
    return command.run(
        "import",
        file.toString(),
        "--base-url",
        url,
        "--app",
        "1",
        "--api-token",
        "token",
        "--update-key",
        "code",
        "--lang",
        "en");
  }
}
