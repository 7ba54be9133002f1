package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.LogOfProcess;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@LogOfProcess.Started
class HelpTest {
  private static final int SCREEN = 50;
  private static final String WIDE = "[\\u3000-\\u9fff\\uff01-\\uff60]";

  @ParameterizedTest
  @CsvSource({
    "en,",
    "en,apply",
    "en,check",
    "en,demo",
    "en,help",
    "en,import",
    "en,plan",
    "en,rejects",
    "en,retry",
    "en,run",
    "en,runs",
    "en,simulate",
    "en,status",
    "en,undo",
    "ja,",
    "ja,apply",
    "ja,check",
    "ja,demo",
    "ja,help",
    "ja,import",
    "ja,plan",
    "ja,rejects",
    "ja,retry",
    "ja,run",
    "ja,runs",
    "ja,simulate",
    "ja,status",
    "ja,undo"
  })
  void fitsOnAScreenAndShowsAnExample(String language, String command) {
    var ended = help(language, command);
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out().lines()).hasSizeLessThanOrEqualTo(SCREEN);
    assertThat(ended.out().lines())
        .allSatisfy(line -> assertThat(line.replaceAll(WIDE, "xx")).hasSizeLessThanOrEqualTo(80));
    assertThat(ended.out().lines().skip(1)).anyMatch(line -> line.contains("  kintone-sync "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check",
        "demo",
        "import",
        "init",
        "journal",
        "plan",
        "rejects",
        "reload",
        "retry",
        "run",
        "runs",
        "simulate",
        "status"
      })
  void everyOptionIsExplainedInBothLanguages(String command) {
    for (String language : new String[] {"en", "ja"}) {
      assertThat(help(language, command).out().lines())
          .as("a parameter without a word")
          .noneMatch(line -> line.matches(" *\\[?[A-Z|]+\\.*]?(\\.\\.\\.)?]?"));
      assertThat(help(language, command).out().lines().filter(line -> line.contains("--")))
          .as(language)
          .noneMatch(line -> line.matches("\\s+(-h, )?--[a-z-]+(=\\S+)?\\s*"));
    }
  }

  @Test
  void bothLanguagesHaveTheSameKeys() {
    var english = Main.help(Locale.ENGLISH);
    var japanese = Main.help(Locale.JAPANESE);
    assertThat(japanese.keySet()).isEqualTo(english.keySet());
    // a key that is missing in Japanese would be filled in from English
    assertThat(japanese.keySet())
        .filteredOn(key -> !key.endsWith("Heading"))
        .allSatisfy(key -> assertThat(japanese.getString(key)).containsPattern(WIDE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "ja"})
  void withoutACommandFiveLinesSayWhatToDoNext(String language) {
    var ended = Command.runAsItIs(Map.of(), "--lang", language);
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out().lines()).hasSize(5).noneMatch(String::isBlank);
    assertThat(ended.out())
        .contains(
            "kintone-sync demo",
            "kintone-sync init --app 42 --file-path FILE --add",
            "kintone-sync check",
            "kintone-sync run",
            "kintone-sync help",
            Path.of("README.md").toAbsolutePath().toString());
    assertThat(help(language, null).out())
        .contains("demo", "import", "init", "plan", "rejects", "retry", "run", "runs", "simulate");
  }

  @Test
  void helpIsACommandToo() {
    assertThat(Command.runAsItIs(Map.of(), "help", "--lang", "en").out())
        .isEqualTo(Command.runAsItIs(Map.of(), "--help", "--lang", "en").out());
    assertThat(Command.runAsItIs(Map.of(), "help", "import", "--lang", "ja").out())
        .isEqualTo(help("ja", "import").out());
    var unknown = Command.runAsItIs(Map.of(), "help", "imprt", "--lang", "en");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("imprt").doesNotContain("Exception");
  }

  @Test
  void namesTheVersions() {
    var ended = Command.runAsItIs(Map.of(), "--version");
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out()).contains("kintone-sync ", "Apache Camel ", "Java ");
  }

  private static Command.Ended help(String language, String command) {
    String[] words =
        Stream.of(command, "--help", "--lang", language)
            .filter(word -> word != null)
            .toArray(String[]::new);
    return Command.runAsItIs(Map.of(), words);
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "ja"})
  void noExampleAndNoSentenceBelowTheOptionsIsBrokenByTheScreen(String language) {
    for (var command : Main.parser(Locale.forLanguageTag(language)).getSubcommands().values()) {
      String usage = command.getUsageMessage();
      for (String part : command.getCommandSpec().usageMessage().footer()) {
        assertThat(String.format(part).lines()).allMatch(line -> usage.contains(line), usage);
      }
    }
  }
}
