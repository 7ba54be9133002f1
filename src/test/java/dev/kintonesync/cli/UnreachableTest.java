package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.FreePort;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Kintone that is not there before the first record. */
@LogOfProcess.Started
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

  @ParameterizedTest
  @CsvSource({"check", "plan", "run"})
  void aSourceThatCannotBeReachedIsToldAsThat(String asked) throws Exception {
    var command = new Command(Files.createDirectory(folder.resolve("home")));
    try (var simulator = Simulator.start()) {
      long app =
          simulator
              .app(
                  "customers",
                  """
                  {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "", "unique": true}}
                  """)
              .id();
      String job = "job.%1$s.app = " + app + "\njob.%1$s.update-key = code\n";
      Files.writeString(
          folder.resolve("home").resolve("application.properties"),
          "kintone.base-url = "
              + simulator.url()
              + "\nkintone.retry-delay = 200ms\n"
              + job.formatted("db")
              + "job.db.source = database\njob.db.query = select 1 as \"code\"\n"
              + ("job.db.url = jdbc:h2:tcp://127.0.0.1:" + FreePort.find() + "/shop\n")
              + job.formatted("web")
              + ("job.web.source = api\njob.web.url = http://127.0.0.1:"
                  + FreePort.find()
                  + "/x\n"));
      for (String name : List.of("db", "web")) {
        String[] words =
            asked.equals("run")
                ? new String[] {asked, name, "--once", "--lang", "en"}
                : new String[] {asked, name, "--lang", "en"};

        var ended = command.run(Map.of("KINTONE_API_TOKEN", "t"), words);

        assertThat(ended.out() + ended.err())
            .contains("127.0.0.1", "cannot be reached", "efused", "whether the server is running")
            .doesNotContain("read so far", "read to the end", "API requests");
        assertThat(ended.exitCode()).isEqualTo(asked.equals("check") ? 2 : 3);
      }
    }
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
