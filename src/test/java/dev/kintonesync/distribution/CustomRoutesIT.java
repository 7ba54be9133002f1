package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run} with routes of the user's, and with nothing to run. */
class CustomRoutesIT {
  private static final String TICKS =
      """
      - route:
          id: mine
          from:
            uri: timer:mine?repeatCount=1&delay=0
            steps:
              - setBody: { constant: WORD }
              - to: file:FOLDER?fileName=WORD.txt
      """;

  @TempDir Path home;
  private Installation installation;
  private Path custom;

  @BeforeEach
  void install() throws IOException {
    installation = Installation.withHome(home);
    custom = Files.createDirectories(home.resolve("routes/custom"));
  }

  private void route(String word) throws IOException {
    custom(TICKS.replace("WORD", word).replace("FOLDER", home.toString()));
  }

  /** Moved into its place, so that nobody reads half of it. */
  private void custom(String text) throws IOException {
    Path written = Files.writeString(home.resolve("mine.part"), text);
    Files.move(written, custom.resolve("mine.yaml"), StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void aBrokenFileEndsTheRunWithOneSentence() throws IOException {
    custom("- route:\n    id: a\n   from: direct:a\n");

    var ended = installation.run("run");

    assertThat(ended.exitCode()).as(ended.said()).isEqualTo(2);
    assertThat(ended.err().lines().filter(line -> !line.isBlank()))
        .as(ended.said())
        .singleElement()
        .asString()
        .contains(custom.resolve("mine.yaml").toString(), "line 3");
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void aChangedFileIsLoadedAgainWhileItIsDeveloped() throws IOException {
    route("first");
    try (var program = installation.start("run", "--dev")) {
      program.awaitText("mine");
      route("second");
      program.awaitText("reloaded");
      Patience.await().until(() -> Files.exists(home.resolve("second.txt")));
      custom("- rout:\n");
      program.awaitText("mine.yaml, line 1");
      program.terminate();
      var ended = program.ended();
      assertThat(ended.exitCode()).as(ended.said()).isZero();
    }
  }

  @Test
  void withNothingToCheckItSaysWhatToDo() {
    var ended = installation.run("check");

    assertThat(ended.exitCode()).as(ended.said()).isEqualTo(2);
    assertThat(ended.err()).contains("has no jobs", "application.properties", "job.NAME");
  }
}
