package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code init} proposes a job that only has to be looked at. */
class InitTest {
  @TempDir Path home;

  private Simulator simulator;
  private SimulatedApp app;
  private Command command;

  @BeforeEach
  void start() throws IOException {
    simulator = Simulator.start();
    app =
        simulator.app(
            "customers",
            """
            {"note": {"type": "MULTI_LINE_TEXT", "code": "note", "label": "備考"},
             "code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "顧客コード", "unique": true},
             "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "顧客 名", "required": true},
             "rank": {"type": "DROP_DOWN", "code": "rank", "label": "ランク", "required": true,
                      "options": {"A": {"label": "A", "index": "0"}}},
             "made": {"type": "CREATED_TIME", "code": "made", "label": "作成日時"}}
            """);
    command = new Command(home);
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private Command.Ended init(Path sample, String... more) {
    var words = new ArrayList<>(List.of("init", "--app", String.valueOf(app.id()), "--lang", "en"));
    words.addAll(List.of("--base-url", simulator.url(), "--file-path", sample.toString()));
    words.addAll(List.of(more));
    return command.run(Map.of("KINTONE_API_TOKEN", "t"), words.toArray(String[]::new));
  }

  private Path sample(String name, String... lines) throws IOException {
    return Files.write(home.resolve(name), List.of(lines));
  }

  @Test
  void showsHowTheSampleAndItsFirstRowsAreUnderstood() throws IOException {
    var ended = init(sample("a.csv", "code,顧客名", "1,a", "2,b", "3,c", "4,d"));

    assertThat(ended.err()).contains("Read as delimited text: ", "顧客名: c -> name: c");
    assertThat(ended.err()).doesNotContain("顧客名: d");
  }

  @Test
  void proposesWhatIsCalledAlikeAndNamesTheRest() throws IOException {
    var ended = init(sample("得意先 一覧.csv", "ＣＯＤＥ,顧客名,備孝,作成日時,x", "1,a,b,c,d"));

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains("job.得意先-一覧.app ", "job.得意先-一覧.write", "= false")
        .containsPattern("job.得意先-一覧.update-key += code\n")
        .containsPattern("job.得意先-一覧.map += ＣＯＤＥ=code, 顧客名=name\n")
        .contains("The column 備孝 matches no field and is ignored. Possible fields: note")
        .contains("The column x matches no field")
        .contains("rank (ランク)")
        .contains("作成日時");
    assertThat(simulator.requests()).allMatch(request -> request.line().startsWith("GET"));
    assertThat(home.resolve("application.properties")).doesNotExist();
  }

  @Test
  void whatWasGuessedOfTheSampleIsSet() throws IOException {
    Path file = home.resolve("a.csv");
    Files.write(file, "code;顧客名\n1;山田商店\n".getBytes(Charset.forName("windows-31j")));
    var ended = init(file);

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out())
        .containsPattern("job.a.encoding += Shift_JIS\n")
        .containsPattern("job.a.delimiter += ;\n")
        .containsPattern("job.a.map += code=code, 顧客名=name\n");
    assertThat(init(sample("b.csv", "code,顧客名", "1,b")).out())
        .doesNotContain("encoding")
        .doesNotContain("delimiter");
  }

  @Test
  void whatItAddsIsAJobThatCanBePlanned() throws IOException {
    Path file = sample("new.csv", "CODE,顧客_名,rank", "A,Abe,A");
    Files.writeString(home.resolve("application.properties"), "# mine\nkintone.patience = 5s");

    var ended = init(file, "--add", "--job", "customers");
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(home.resolve("application.properties"))
        .content()
        .startsWith("# mine\nkintone.patience = 5s\n\n# App");
    Path inbox = Files.createDirectories(home.resolve("inbox/customers"));
    Files.write(inbox.resolve("a.csv"), List.of("CODE,顧客_名,rank", "A,Abe,A"));
    var planned =
        command.run(Map.of("KINTONE_API_TOKEN", "t"), "plan", "customers", "--lang", "en");
    assertThat(planned.out()).as(planned.err()).contains("1 inserted");

    var again = init(file, "--add", "--job", "customers");
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.err()).contains("The job customers already exists");
  }

  @Test
  void needsNoMapWhereColumnsAreCalledAsFields() throws IOException {
    var ended = init(sample("a.csv", "code,顧客 名,rank", "A,Abe,A"));
    assertThat(ended.out()).doesNotContain(".map").contains("so no map is needed");
  }

  @Test
  void saysWhatIsWrongWithTheApp() throws IOException {
    String address = simulator.url();
    var ended =
        command.run(
            Map.of("KINTONE_API_TOKEN", "t", "KINTONE_BASE_URL", address),
            "init",
            "--app",
            "99",
            "--lang",
            "en");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("There is no app 99");
  }

  @Test
  void makesAnAppReadyToTakeTheRunsThatPeopleAreToldOf() throws IOException {
    simulator.settings(simulator.settings().with("deployMs", 0));
    String[] words = {
      "init",
      "--log-app",
      "--app",
      String.valueOf(app.id()),
      "--base-url",
      simulator.url(),
      "--lang",
      "en"
    };
    var ended = command.run(Map.of("KINTONE_API_TOKEN", "t"), words);
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out()).isEqualTo("notify.app = " + app.id() + "\n");
    assertThat(ended.err()).contains("run, job, state");

    var again = command.run(Map.of("KINTONE_API_TOKEN", "t"), words);
    assertThat(again.err()).contains("has all fields");
  }
}
