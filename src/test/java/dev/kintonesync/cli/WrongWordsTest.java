package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.LogOfProcess;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.sync.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a command says of words that it cannot follow: its own sentences, in both languages. */
@LogOfProcess.Started
class WrongWordsTest {
  @TempDir Path home;
  private Command command;

  @BeforeEach
  void start() throws IOException {
    command = new Command(home);
    Files.writeString(
        home.resolve("application.properties"),
        """
        kintone.base-url = https://example.cybozu.com
        job.customers.app = 1
        job.customers.update-key = code
        job.customers.source = folder
        job.customers.folder = inbox
        """);
  }

  private void refused(String english, String japanese, String... words) {
    refusedIn("en", english, words);
    refusedIn("ja", japanese, words);
  }

  private void refusedIn(String language, String sentence, String... words) {
    var spoken = new ArrayList<>(List.of(words));
    spoken.addAll(List.of("--lang", language));
    var ended = command.run(Map.of("KINTONE_API_TOKEN", "t"), spoken.toArray(String[]::new));
    assertThat(ended.err().strip()).isEqualTo(sentence);
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void aValueThatAnOptionDoesNotTake() {
    refused(
        "--limit: \"abc\" is not a whole number.",
        "--limit：「abc」は整数ではありません。",
        "plan",
        "customers",
        "--limit",
        "abc");
    refused(
        "--format: \"xml\" is not one of: text, csv, json.",
        "--format：「xml」は指定できません。次のいずれかを指定してください：text, csv, json",
        "plan",
        "customers",
        "--format",
        "xml");
    refused(
        "--once takes no value, but was given \"maybe\".",
        "--once に値「maybe」は指定できません。--once だけを指定してください。",
        "run",
        "customers",
        "--once=maybe");
  }

  @Test
  void aFileThatIsNoPlan() throws IOException {
    Path table = Files.writeString(home.resolve("c2.csv"), "code,name\nA,Abe\n");
    refused(
        table + " is not a plan document. Make one with: kintone-sync plan FILE --out plan.json",
        table + " は計画ファイルではありません。kintone-sync plan FILE --out plan.json で作成したファイルを指定してください。",
        "apply",
        table.toString());
    Path other = Files.writeString(home.resolve("other.json"), "{\"name\": \"x\"}");
    assertThat(command.run("apply", other.toString(), "--lang", "en").err())
        .startsWith(other + " is not a plan document.");
    Path cut =
        Files.writeString(
            home.resolve("cut.json"), "{\n\"schema\": \"kintone-sync/plan\",\n\"chang");
    refused(
        cut
            + " is not a complete plan: it breaks off or is damaged in line 3."
            + " Make it again with plan --out.",
        cut + " は完全な計画ファイルではありません（3 行目で途切れているか、壊れています）。plan --out で作り直してください。",
        "apply",
        cut.toString());
  }

  @Test
  void anAppFileThatIsNotThere() {
    Path nowhere = home.resolve("nix.json");
    refused(
        "There is no file " + nowhere + ". Check the path.",
        "ファイル " + nowhere + " が見つかりません。パスを確認してください。",
        "simulate",
        "--app-file",
        nowhere.toString());
  }

  @Test
  void nothingIsNamed() {
    refused(
        "Name the file or job to plan, for example: kintone-sync plan customers.csv",
        "計画するファイルまたはジョブを指定してください。例：kintone-sync plan customers.csv",
        "plan");
    refused(
        "Name the job or file to compare with its app, for example:"
            + " kintone-sync reconcile customers.csv --job customers",
        "アプリと照合するジョブまたはファイルを指定してください。例：kintone-sync reconcile customers.csv --job customers",
        "reconcile");
  }

  @Test
  void aJobThatIsNotThereInTheHistory() throws IOException {
    String properties = home.resolve("application.properties").toString();
    for (String asking : List.of("runs", "rejects")) {
      refused(
          "There is no job custmers in " + properties + ". Did you mean customers?",
          properties + " にジョブ custmers はありません。customers の間違いではありませんか。",
          asking,
          "custmers");
      for (String known : List.of("customers", "import")) {
        var ended = command.run(asking, known, "--lang", "en");
        assertThat(ended.exitCode()).as(ended.err()).isZero();
      }
    }
  }

  @Test
  void aJobThatIsGoneHasItsHistoryStill() throws IOException {
    try (var journal = Journal.open(home.resolve("journal"))) {
      var report = Report.refused("20261122-023114-customers", "customers", Instant.now(), "no");
      journal.begun(report);
      journal.ended(report);
    }
    Path file = home.resolve("application.properties");
    Files.writeString(file, Files.readString(file).replace("job.customers.", "job.suppliers."));
    for (String asking : List.of("runs", "rejects")) {
      var ended = command.run(asking, "customers", "--lang", "en");
      assertThat(ended.exitCode()).as(ended.err()).isZero();
    }
  }
}
