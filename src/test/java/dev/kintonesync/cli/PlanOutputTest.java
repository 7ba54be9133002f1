package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.LogOfProcess;
import dev.kintonesync.journal.OutputFile;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a plan writes beside the terminal is whole or not there, and a full disk is said. */
@LogOfProcess.Started
class PlanOutputTest {
  private static final Path FULL = Path.of("/dev/full");

  @TempDir Path home;

  static boolean isDeviceThere() {
    return Files.exists(FULL);
  }

  @EnabledIf("isDeviceThere")
  @ParameterizedTest
  @ValueSource(strings = {"--out", "--html", "--report", "--csv"})
  void aFullDiskIsSaidInWords(String option) throws Exception {
    Path file = Files.createSymbolicLink(home.resolve("full"), FULL);
    Path rows = Files.writeString(home.resolve("in.csv"), "code,name\nA,Abe\n");
    try (var simulator = Simulator.start()) {
      var app =
          simulator.app(
              "customers",
              """
              {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code",
                        "unique": true},
               "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "name"}}
              """);
      var ended =
          new Command(home)
              .run(
                  Map.of("KINTONE_BASE_URL", simulator.url(), "KINTONE_API_TOKEN", "t"),
                  "plan",
                  rows.toString(),
                  "--app",
                  String.valueOf(app.id()),
                  "--update-key",
                  "code",
                  option,
                  file.toString(),
                  "--lang",
                  "en");

      assertThat(ended.err())
          .contains(file + " cannot be written: there is no space left on the disk.")
          .doesNotContain("unexpected");
      assertThat(ended.exitCode()).isEqualTo(2);
    }
    assertThat(FULL).exists();
  }

  @Test
  void anEarlierFileStaysWhereANewOneCannotBeWritten() throws Exception {
    Path file = Files.writeString(home.resolve("plan.html"), "earlier");

    assertThatThrownBy(
            () ->
                OutputFile.write(
                    file,
                    part -> {
                      Files.writeString(part, "half");
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining(file + " cannot be written: there is no space left on the disk.");

    assertThat(file).hasContent("earlier");
    try (var files = Files.list(home)) {
      assertThat(files).containsExactly(file);
    }
  }

  /** Nothing else in the folder is ours. */
  @Test
  void afterwardsTheSameMayReadItAndWhatElseLiesThereStays() throws Exception {
    Path file = Files.writeString(home.resolve("plan.html"), "earlier");
    Path others = Files.writeString(home.resolve("plan.html.part"), "of somebody");
    var posix = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    var owner = PosixFilePermissions.fromString("rw-------");
    if (posix != null) {
      posix.setPermissions(owner);
    }

    OutputFile.write(file, part -> Files.writeString(part, "new"));

    assertThat(file).hasContent("new");
    assertThat(others).hasContent("of somebody");
    if (posix != null) {
      assertThat(posix.readAttributes().permissions()).isEqualTo(owner);
    }
  }
}
