package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.LogOfProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the READMEs show of the demo is what it prints. */
@LogOfProcess.Started
class DemoOutputTest {
  private static final Pattern SHOWN =
      Pattern.compile("(?s)```console\n\\$ kintone-sync demo[^\n]*\n(.*?)```");

  @TempDir Path home;

  @ParameterizedTest
  @CsvSource({"README.md, en", "README.ja.md, ja"})
  void whatIsShownIsPrinted(String readme, String language) throws Exception {
    var command = new Command(home);
    Path sample = Files.createDirectory(home.resolve("demo"));
    try (var files = Files.newDirectoryStream(Path.of("demo"), Files::isRegularFile)) {
      for (Path file : files) {
        Files.copy(file, sample.resolve(file.getFileName()));
      }
    }

    var ended = command.run("demo", "--once", "--lang", language);

    assertThat(shown(readme)).containsExactlyElementsOf(comparable(ended.out() + ended.err()));
  }

  /** Without what a demo prints that goes on, and in an order that both streams have. */
  private static List<String> shown(String readme) throws IOException {
    var block = SHOWN.matcher(Files.readString(Path.of(readme)));
    assertThat(block.find()).isTrue();
    return comparable(block.group(1).replaceAll("(?m)^.*(:8765/|Ctrl-C).*$", ""));
  }

  private static List<String> comparable(String printed) {
    return Stream.of(printed.split("\n"))
        .filter(line -> !line.isBlank())
        .map(line -> line.replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1"))
        .map(line -> line.replaceAll("\\d{8}-\\d{6}-\\d{3}", "TIME"))
        .map(line -> line.replaceAll("[^\\s：]*/demo/sandbox", "…/demo/sandbox"))
        .sorted()
        .toList();
  }
}
