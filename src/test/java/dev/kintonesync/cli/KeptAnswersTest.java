package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.LogOfProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The answers that a packaged program keeps, asked of real processes. */
@LogOfProcess.Started
class KeptAnswersTest {
  @TempDir static Path kept;

  private record Answered(String out, String classes) {}

  @BeforeAll
  static void keep() throws Exception {
    AnswersKeeper.main(new String[] {kept.resolve("bin/help").toString(), "1.2.3"});
  }

  @Test
  void saysWhatTheProgramWouldSay() throws Exception {
    for (var words :
        List.of(
            List.of("--help"),
            List.of("help", "--lang", "ja"),
            List.of("import", "--help", "--lang=ja"),
            List.of("--lang", "en", "help", "run"),
            List.of("journal", "-h"))) {
      var ended = Command.runAsItIs(Map.of(), withEnglish(words).toArray(String[]::new));
      assertThat(ended.exitCode()).isZero();
      assertThat(answered(withEnglish(words)).out()).as("%s", words).isEqualTo(ended.out());
    }
    assertThat(answered(List.of("-V")).out())
        .startsWith("kintone-sync 1.2.3" + System.lineSeparator() + "Apache Camel ")
        .endsWith("Java " + Runtime.version() + System.lineSeparator());
  }

  @Test
  void touchesNoLibrary() throws Exception {
    for (var words : List.of(List.of("--version"), List.of("help", "import", "--lang=ja"))) {
      var classes = answered(words).classes().lines().toList();
      assertThat(classes)
          .filteredOn(line -> line.contains("dev.kintonesync.cli.Start"))
          .isNotEmpty();
      assertThat(classes).noneMatch(line -> line.matches(".*\\] (picocli|ch\\.qos|org)\\..*"));
    }
  }

  @Test
  void leavesEverythingElseToTheProgram() throws Exception {
    for (var words :
        List.of(
            new String[] {},
            new String[] {"import"},
            new String[] {"help", "imprt"},
            new String[] {"help", "../../x"},
            new String[] {"help", "import", "run"},
            new String[] {"--version", "--bogus"},
            new String[] {"import", "--help", "--bogus"},
            new String[] {"--lang"})) {
      assertThat(KeptAnswers.answer(words, kept.toString())).as(String.join(" ", words)).isFalse();
    }
  }

  private static List<String> withEnglish(List<String> words) {
    var all = new ArrayList<>(words);
    if (words.stream().noneMatch(word -> word.startsWith("--lang"))) {
      all.add("--lang=en");
    }
    return all;
  }

  private static Answered answered(List<String> words) throws Exception {
    Path classes = Files.createTempFile(kept, "classes", ".txt");
    var line = new ArrayList<String>();
    line.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xlog:class+load:file=" + classes,
            "-Dkintone-sync.program=" + kept,
            "-cp",
            System.getProperty("java.class.path"),
            "dev.kintonesync.cli.Start"));
    line.addAll(words);
    var process = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
    return new Answered(out, Files.readString(classes));
  }
}
