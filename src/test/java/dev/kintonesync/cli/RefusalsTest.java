package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.kintonesync.LogOfProcess;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import dev.kintonesync.simulator.state.Permission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What cannot begin is refused in one sentence that says what to do, in both languages, with exit
 * code 2, and nothing is written.
 */
@LogOfProcess.Started
class RefusalsTest {
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "コード", "unique": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "名前"}}
      """;

  private static final Map<String, String> TOKEN = Map.of("KINTONE_API_TOKEN", "right-token");

  @TempDir Path folder;

  private Simulator simulator;
  private SimulatedApp app;
  private Command command;
  private Path file;

  @BeforeEach
  void start() throws IOException {
    simulator = Simulator.start();
    app = simulator.app("customers", FIELDS);
    simulator.token("right-token", app.id(), Permission.VIEW, Permission.ADD, Permission.EDIT);
    simulator.token("blind-token", app.id(), Permission.ADD, Permission.EDIT);
    command = new Command(Files.createDirectory(folder.resolve("home")));
    file = Files.writeString(folder.resolve("customers.csv"), "code,name\nA,a\n");
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @Test
  void anAppThatIsNotThere() {
    refused("There is no app 4711", "アプリ 4711 はありません", importing("--app", "4711"));
  }

  @Test
  void aWrongToken() {
    refused("does not belong to app", "のものではありません", importing("--api-token", "wrong-token"));
  }

  @Test
  void aTokenThatMayNotView() {
    refused("may not read app", "閲覧権限がありません", importing("--api-token", "blind-token"));
  }

  @Test
  void aTokenThatMayOnlyView() {
    simulator.token("viewer-token", app.id(), Permission.VIEW);
    var ended = command.run(importing("--api-token", "viewer-token"));
    assertThat(ended.exitCode()).as("found out by the first write").isEqualTo(2);
    assertThat(ended.err()).contains("may not write to app", "permission to add and edit");
    assertThat(app.size()).isZero();
  }

  @Test
  void aJournalThatIsDamagedOrEmptied() throws IOException {
    refused("There is no app 4711", "アプリ 4711 はありません", importing("--app", "4711"));
    Path journal = folder.resolve("home/journal/journal.mv.db");
    for (String damage : List.of("another kind of file", "")) {
      Files.writeString(journal, damage);
      refused(journal + " is damaged or is another kind of file", "別の場所へ移してください", importing());
      assertThat(journal).as("never replaced").hasContent(damage);
    }
    Files.delete(journal);
    assertThat(command.run(importing()).exitCode()).as("a new one begins").isZero();
  }

  @Test
  void aUserWithoutAPassword() {
    String[] words = without(importing("--username", "sato"), "--api-token", "right-token");
    refused("--username is set, but no password", "--username はありますが", words);
  }

  @Test
  void aWrongPassword() {
    simulator.directory().registerUser("sato", "sato", "right-password");
    String[] words =
        without(
            importing("--username", "sato", "--password", "wrong-password"),
            "--api-token",
            "right-token");
    refused("login name and password", "パスワードが違います", words);
  }

  @Test
  void aKeyFieldThatIsNotThere() {
    refused("no field with the code cdoe", "cdoe", importing("--update-key", "cdoe"));
  }

  @Test
  void aKeyFieldThatIsNotUnique() {
    refused("Prohibit duplicate values", "重複", importing("--update-key", "name"));
  }

  @Test
  void aColumnThatIsNoField() throws IOException {
    Files.writeString(file, "code,nmae\nA,a\n");
    refused("no field with the code or label nmae", "nmae", importing());
  }

  @Test
  void noUpdateKey() {
    refused("--update-key", "--update-key", without(importing(), "--update-key", "code"));
  }

  @Test
  void noApp() {
    refused("No app is given", "書き込み先のアプリ", without(importing(), "--app", app()));
  }

  @Test
  void noAddress() {
    refused(
        "No Kintone address is given", "接続先", without(importing(), "--base-url", simulator.url()));
  }

  @Test
  void noToken() {
    refused(
        "There is no API token",
        "API トークンがありません",
        without(importing(), "--api-token", "right-token"));
  }

  @Test
  void noFile() {
    refused("Name the file", "ファイルを指定", without(importing(), file.toString()));
  }

  @Test
  void aFileThatIsNotThere() throws IOException {
    Files.delete(file);
    refused("There is no file " + file, "見つかりません", importing());
  }

  @Test
  void aFolderInPlaceOfAFile() {
    String[] words = without(importing("--file-path", folder.toString()), file.toString());
    refused("is a folder", "フォルダー", words);
  }

  @Test
  void twoFiles() {
    refused("Two files", "2 つ", importing("--file-path", "other.csv"));
    refused("other.csv is not expected here", "余分な引数 other.csv", importing("other.csv"));
  }

  @Test
  void aFileThatIsNoCsv() throws IOException {
    Files.writeString(file, "%PDF-1.7\n%\u00e2\u00e3\n1 0 obj\n");
    refused("PDF", "PDF", importing());
  }

  @Test
  void anEncodingThatIsNotKnown() {
    refused(
        "--encoding: There is no encoding named ebcdic",
        "ebcdic",
        importing("--encoding", "ebcdic"));
  }

  @Test
  void anAppThatIsNoNumber() {
    refused("--app: abc is not an id", "--app", importing("--app", "abc"));
    refused("--app has no value", "--app に値がありません", importing("--app", ""));
  }

  @Test
  void aPropertyMisspelt() throws IOException {
    properties("kintone.base-ulr = https://example.cybozu.com");
    refused(
        "line 1: there is no property kintone.base-ulr. Did you mean kintone.base-url",
        "kintone.base-url",
        importing());
  }

  @Test
  void anOptionMisspelt() {
    refused(
        "no option --updatekey. Did you mean --update-key",
        "--updatekey というオプションはありません",
        importing("--updatekey", "code"));
    refused("no option --bogus", "--bogus というオプションはありません", importing("--bogus"));
  }

  @Test
  void anOptionWithoutItsValueOrTwice() {
    refused("--map needs a value", "--map には値が必要です", importing("--map"));
    refused("--job is given twice", "--job が 2 回", importing("--job", "a", "--job", "b"));
  }

  @Test
  void aCommandThatIsNotThere() {
    refused("There is no command improt", "improt というコマンドはありません", "improt");
  }

  @Test
  void aLanguageThatWeDoNotSpeak() {
    var ended = command.run("run", "--lang", "fr");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("--lang", "en, ja");
  }

  @Test
  void outputThatCannotBeWritten() {
    String nowhere = folder.resolve("nowhere").resolve("report.json").toString();
    refused(nowhere, "フォルダーがありません", importing("--report", nowhere));
    refused(folder.toString(), "フォルダーを指定", importing("--rejects", folder.toString()));
    refused("would be overwritten", "上書き", importing("--rejects", file.toString()));
    assertThat(file).content().isEqualTo("code,name\nA,a\n");
  }

  @Test
  void aFileThatMayNotBeRead() throws IOException {
    file.toFile().setReadable(false);
    assumeThat(Files.isReadable(file)).as("root may read everything").isFalse();
    refused("access is denied", "権限", importing());
  }

  @Test
  void noJobs() {
    for (String command : List.of("check", "status")) {
      refused("has no jobs", "ジョブがありません", command);
      refused("kintone-sync init --app", "kintone-sync demo", command);
    }
    refused("There is no job customers", "ジョブ customers はありません", "run", "customers");
    refused("Name the job", "ジョブを指定", "run", "--once");
  }

  @Test
  void aFolderThatCannotBeUsed() throws IOException {
    Path taken = Files.createFile(folder.resolve("taken"));
    jobOn("customers", taken);
    for (String[] words :
        List.of(new String[] {"run"}, new String[] {"run", "customers", "--once"})) {
      refusedWith(TOKEN, taken.toString(), taken.toString(), words);
    }
  }

  @Test
  void aFolderThatMayNotBeWrittenTo() throws IOException {
    Path closed = Files.createDirectory(folder.resolve("closed"));
    closed.toFile().setWritable(false);
    assumeThat(Files.isWritable(closed)).as("root may write everywhere").isFalse();
    jobOn("customers", closed);
    refusedWith(TOKEN, "no permission to read and write", "権限", "run");
  }

  @Test
  void aJobNamedLikeARoute() throws IOException {
    jobOn("sync-batch", folder.resolve("inbox"));
    refusedWith(TOKEN, "a route with that name already exists", "同じ名前のルート", "run");
  }

  @Test
  void aHomeOrRoutesThatAreNotThere() throws IOException {
    Path nowhere = folder.resolve("nowhere");
    String[] words = {"run", "--home", nowhere.toString(), "--lang", "en"};
    var ended = Command.runAsItIs(Map.of(), words);
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("no folder " + nowhere + ". Check the path after --home");
    assertThat(nowhere).doesNotExist();
    Files.createDirectory(nowhere);
    ended = Command.runAsItIs(Map.of(), words);
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains(nowhere + "/routes has no routes");
  }

  @Test
  void aPortInUseOrOutOfRange() {
    String taken = String.valueOf(simulator.port());
    refused("Port " + taken + " is in use", "ポート " + taken, "simulate", "--port", taken);
    refused("--port: 99999", "--port", "simulate", "--port", "99999");
    refused("--port: 80.5", "--port", "simulate", "--port", "80.5");
    refused("--latency: -1", "--latency", "simulate", "--latency", "-1");
  }

  @Test
  void theLanguageOfThePropertiesIsSpokenOnceTheyAreRead() throws IOException {
    properties("lang = ja");
    assertThat(command.run("status").err()).contains("ジョブがありません");
  }

  @Test
  void aStackTraceIsShownWhenAskedFor() {
    assertThat(command.run("run", "--once", "--verbose").err()).contains("\tat dev.kintonesync.");
  }

  @Test
  void aRefusedRunReportsToo() throws IOException {
    Path report = folder.resolve("report.json");
    var ended = command.run(importing("--app", "4711", "--report", report.toString()));
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(report).content().contains("\"state\" : \"refused\"", "no app 4711");
  }

  private String app() {
    return String.valueOf(app.id());
  }

  /** An import that would succeed, but for what is said besides. */
  private String[] importing(String... besides) {
    var words = new ArrayList<>(List.of("import", file.toString()));
    var usual =
        List.of(
            "--base-url",
            simulator.url(),
            "--app",
            app(),
            "--api-token",
            "right-token",
            "--update-key",
            "code");
    for (int i = 0; i < usual.size(); i += 2) {
      if (!List.of(besides).contains(usual.get(i))) {
        words.addAll(usual.subList(i, i + 2));
      }
    }
    words.addAll(List.of(besides));
    return words.toArray(String[]::new);
  }

  private static String[] without(String[] words, String... left) {
    var kept = new ArrayList<>(List.of(words));
    kept.removeAll(List.of(left));
    return kept.toArray(String[]::new);
  }

  private void jobOn(String name, Path watched) throws IOException {
    String job = "job." + name + ".";
    properties(
        "kintone.base-url = " + simulator.url(),
        job + "app = " + app.id(),
        job + "update-key = code",
        job + "source = folder",
        job + "folder = " + watched);
  }

  private void properties(String... lines) throws IOException {
    Files.write(folder.resolve("home").resolve("application.properties"), List.of(lines));
  }

  private void refused(String english, String japanese, String... words) {
    refusedWith(Map.of(), english, japanese, words);
  }

  private void refusedWith(
      Map<String, String> environment, String english, String japanese, String... words) {
    refusedIn("en", english, environment, words);
    refusedIn("ja", japanese, environment, words);
  }

  private void refusedIn(
      String language, String sentence, Map<String, String> environment, String... words) {
    var spoken = new ArrayList<>(List.of("--lang", language));
    spoken.addAll(List.of(words));
    var ended = command.run(environment, spoken.toArray(String[]::new));
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(2);
    assertThat(ended.err()).contains(sentence).doesNotContain("Exception", "\tat ");
    assertThat(ended.err().lines()).as("one sentence").hasSize(1);
    assertThat(ended.out()).isEmpty();
    assertThat(app.size()).as("nothing is written").isZero();
  }
}
