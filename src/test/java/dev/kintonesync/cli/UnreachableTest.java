package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Kintone that is not there before the first record. */
class UnreachableTest {
  @TempDir Path folder;

  @Test
  void isTriedForSecondsAndThenTheImportEndsAsStopped() throws IOException {
    var begun = Instant.now();
    var ended = importing("http://127.0.0.1:" + freePort());
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(3);
    assertThat(ended.err())
        .contains("does not answer: Connect to http://127.0.0.1", "Check the address")
        .doesNotContain("Exception");
    assertThat(ended.err().lines()).hasSize(1);
    assertThat(ended.out()).isEmpty();
    assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(15));
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

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
