package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.LogOfProcess;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code init} proposes a job that only has to be looked at. */
@LogOfProcess.Started
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
    assertThat(Files.readString(home.resolve("application.properties")))
        .contains(
            "# API token with permission to view, add and edit: set KINTONE_API_TOKEN_CUSTOMERS in"
                + " the environment, or add to secrets.properties: job.customers.api-token = your"
                + " token\n");
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

  private void makeApp(String fields) {
    app = simulator.app("of its own", fields);
  }

  private static final String SHOPS =
      """
      {"shop_no": {"type": "SINGLE_LINE_TEXT", "code": "shop_no", "label": "店舗番号", "unique": true},
       "zip": {"type": "SINGLE_LINE_TEXT", "code": "zip", "label": "郵便番号"},
       "tel": {"type": "LINK", "code": "tel", "label": "電話番号", "protocol": "CALL"},
       "opened": {"type": "DATE", "code": "opened", "label": "開店日"},
       "rank": {"type": "DROP_DOWN", "code": "rank", "label": "区分",
                "options": {"直営": {"label": "直営", "index": "0"},
                            "FC": {"label": "FC", "index": "1"}}},
       "owner": {"type": "SINGLE_LINE_TEXT", "code": "owner", "label": "代表者"}}
      """;

  private static final String[] FOREIGN = {
    "C1,C2,C3,C4,C5,C6",
    "直営,S-1,100-0001,03-1234-5678,2026/04/01,Abe",
    "FC,S-2,5300001,06-1234-5678,2025/12/24,Baba"
  };

  @Test
  void guessesForeignColumnsByTheirValuesAndWritesASkeleton() throws IOException {
    makeApp(SHOPS);
    var ended = init(sample("a.csv", FOREIGN));

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out())
        .containsPattern("\njob.a.update-key += shop_no\n")
        .containsPattern("\njob.a.map += C1=rank, C2=shop_no, C3=zip, C4=tel, C5=opened\n")
        .contains("# Guessed from the values")
        .containsPattern("\n# job.a.map = C1=rank, C2=shop_no, C3=zip, C4=tel, C5=opened, C6=\\?\n")
        .contains("# Fields without a column: owner (代表者)\n");
  }

  @Test
  void doesNotGuessWhereTwoColumnsOrFieldsWouldDo() throws IOException {
    makeApp(SHOPS.replace("\"代表者\"}", "\"FAX（電話）\"}"));
    var ended =
        init(
            sample(
                "a.csv",
                "K,D1,D2,T",
                "1,2026/04/01,2026/04/02,03-1234-5678",
                "2,2026/04/03,2026/04/04,03-1234-5679"));

    assertThat(ended.out())
        .containsPattern("\njob.a.map += K=shop_no\n")
        .containsPattern("\n# job.a.map = K=shop_no, D1=\\?, D2=\\?, T=\\?\n");
  }

  @Test
  void findsTheHeaderBelowATitle() throws IOException {
    makeApp(SHOPS);
    var named =
        init(sample("a.csv", "店舗一覧,,,", ",,2026年4月,", "店舗番号,郵便番号,区分,x", "S-1,100-0001,FC,y"));
    assertThat(named.exitCode()).as(named.err()).isZero();
    assertThat(named.out())
        .containsPattern("\njob.a.header += row 3\n")
        .containsPattern("\njob.a.map += 店舗番号=shop_no, 郵便番号=zip, 区分=rank\n");

    var foreign = init(sample("b.csv", "店舗一覧", "", FOREIGN[0], FOREIGN[1], FOREIGN[2]));
    assertThat(foreign.out())
        .as(foreign.err())
        .containsPattern("\njob.b.header += row 3\n")
        .contains("C2=shop_no");
    assertThat(init(sample("c.csv", FOREIGN)).out()).doesNotContain("header");
  }

  @Test
  void findsATableByRepeatedKeysAndItsJobCanBePlanned() throws IOException {
    makeApp(
        """
        {"no": {"type": "SINGLE_LINE_TEXT", "code": "no", "label": "受注番号", "unique": true},
         "lines": {"type": "SUBTABLE", "code": "lines", "fields": {
           "item": {"type": "SINGLE_LINE_TEXT", "code": "item", "label": "品名"},
           "count": {"type": "NUMBER", "code": "count", "label": "数量"}}}}
        """);
    Path file = sample("orders.csv", "受注番号,品名,数量", "A,pen,1", "A,ink,2", "B,pen,3");

    var ended = init(file, "--add");
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    Path inbox = Files.createDirectories(home.resolve("inbox/orders"));
    Files.copy(file, inbox.resolve("a.csv"));
    assertThat(home.resolve("application.properties"))
        .content()
        .containsPattern("job.orders.group-by += 受注番号\n");
    var planned = command.run(Map.of("KINTONE_API_TOKEN", "t"), "plan", "orders", "--lang", "en");
    assertThat(planned.out()).as(planned.err()).contains("2 read", "2 inserted");
  }

  @Test
  void findsATableByRepeatedKeysUnderForeignNames() throws IOException {
    makeApp(
        """
        {"no": {"type": "SINGLE_LINE_TEXT", "code": "no", "label": "受注番号", "unique": true},
         "lines": {"type": "SUBTABLE", "code": "lines", "fields": {
           "item": {"type": "SINGLE_LINE_TEXT", "code": "item", "label": "品名"},
           "due": {"type": "DATE", "code": "due", "label": "納期"}}}}
        """);
    var rows = List.of("O,I,D", "A,pen,2026/04/01", "A,pen,2026/04/02", "B,pen,2026/04/01");

    var found = init(sample("a.csv", rows.toArray(String[]::new)));
    assertThat(found.out())
        .as(found.err())
        .containsPattern("\njob.a.group-by += O\n")
        .containsPattern("\njob.a.update-key += no\n")
        .containsPattern("\njob.a.map += O=no, D=due\n")
        .contains("# Fields without a column: item (品名)");

    var apart = init(sample("b.csv", "G,N", "A,1", "A,2", "B,3"));
    assertThat(apart.out()).contains("N=no").doesNotContain("group-by");
  }

  @Test
  void columnsOfOptionsAreWhatTheScreenExports() throws IOException {
    makeApp(
        """
        {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "コード", "unique": true},
         "colours": {"type": "CHECK_BOX", "code": "colours", "label": "色",
                     "options": {"赤": {"label": "赤", "index": "0"},
                                 "青": {"label": "青", "index": "1"}}}}
        """);
    var byName = init(sample("a.csv", "コード,色[赤],色[青]", "A,1,", "B,,1"));
    assertThat(byName.exitCode()).as(byName.err()).isZero();
    assertThat(byName.out()).contains("so no map is needed").doesNotContain("matches no field");
    var withMap = init(sample("b.csv", "コード,色[赤],色[青],x", "A,1,,y", "B,,1,y"));
    assertThat(withMap.exitCode()).as(withMap.err()).isZero();
    assertThat(withMap.out()).containsPattern("\njob.b.map += コード=code, 色=colours\n");
  }

  @Test
  void namesAVariableThatAShellCanExport() throws IOException {
    var ended = init(sample("得意先-一覧.csv", "code,顧客名", "1,a"), "--add");
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    var variable =
        Pattern.compile("KINTONE_API_TOKEN_\\S+")
            .matcher(Files.readString(home.resolve("application.properties")));
    assertThat(variable.find()).isTrue();
    assertThat(variable.group()).matches("[A-Z][A-Z0-9_]*");
    var checked = command.run(Map.of(variable.group(), "t"), "check", "得意先-一覧", "--lang", "en");
    assertThat(checked.out()).as(checked.err()).contains("ready");
  }

  @Test
  void saysWhichLineKeepsItFromWriting() throws IOException {
    var added = init(sample("a.csv", "code,顧客名", "1,a"), "--add");
    assertThat(added.err()).contains("job.a.write = false");
    for (String[] words : new String[][] {{"check"}, {"run", "a", "--once"}}) {
      Path inbox = Files.createDirectories(home.resolve("inbox/a"));
      Files.write(inbox.resolve("a.csv"), List.of("code,顧客名", "1,a"));
      var told = new ArrayList<>(List.of(words));
      told.addAll(List.of("--lang", "en"));
      var ended = command.run(Map.of("KINTONE_API_TOKEN", "t"), told.toArray(String[]::new));
      assertThat(ended.out() + ended.err())
          .contains("dry run", "delete the line job.a.write = false");
    }
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

  @Test
  void aNewJobKeepsASnapshotUnlessItsAppHoldsFiles() throws IOException {
    Path sample = sample("a.csv", "code,顧客名", "1,a");
    assertThat(init(sample).out()).containsPattern("(?m)^job\\.a\\.diff += snapshot$");

    app =
        simulator.app(
            "orders",
            """
            {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "番号", "unique": true},
             "lines": {"type": "SUBTABLE", "code": "lines", "label": "明細", "fields": {
               "drawing": {"type": "FILE", "code": "drawing", "label": "図面"}}}}
            """);
    assertThat(init(sample("b.csv", "code", "1")).out())
        .contains("job.b.app")
        .doesNotContain("snapshot");
  }
}
