package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code run} with a job whose name, folder, files, columns and fields are Japanese, in a process
 * without a locale.
 */
class RunIT {
  private static final String FIELDS =
      """
      {"顧客コード": {"type": "SINGLE_LINE_TEXT", "code": "顧客コード", "label": "コード", "unique": true},
       "顧客名": {"type": "SINGLE_LINE_TEXT", "code": "顧客名", "label": "名前"},
       "取引額": {"type": "NUMBER", "code": "取引額", "label": "金額"}}
      """;

  @TempDir static Path folder;

  private static Installation installation;
  private static SimulatorProcess simulator;
  private static String app;
  private static Path inbox;

  @BeforeAll
  static void start() throws IOException {
    installation = Installation.withHome(Files.createDirectory(folder.resolve("本社")));
    simulator = SimulatorProcess.start(installation);
    app = simulator.app("顧客", new ObjectMapper().readTree(FIELDS));
    inbox = Files.createDirectories(installation.home().resolve("受信箱/得意先"));
    installation
        .with("KINTONE_API_TOKEN", "token")
        .configured(
            """
            kintone.base-url = %s
            job.得意先同期.app = %s
            job.得意先同期.update-key = 顧客コード
            job.得意先同期.source = folder
            job.得意先同期.folder = 受信箱/得意先
            job.得意先同期.map = 得意先番号=顧客コード, 名称=顧客名, 金額=取引額
            """
                .formatted(simulator.url(), app));
  }

  @AfterAll
  static void stop() {
    simulator.close();
  }

  @Test
  void syncsADroppedFileAndMovesItToDone() throws IOException {
    try (var program = installation.start("run")) {
      program.awaitText("得意先同期: watching");
      drop("得意先一覧.csv", "得意先番号,名称,金額", "髙-1,髙島屋①,1200", "髙-2,㈱山﨑,3");
      program.awaitText("2 read: 2 inserted");
      program.terminate();
      var ended = program.ended();
      assertThat(ended.exitCode()).as(ended.said()).isZero();
    }
    assertThat(simulator.value(app, "顧客コード = \"髙-1\"", "顧客名")).isEqualTo("髙島屋①");
    assertThat(inbox.resolve("得意先一覧.csv")).doesNotExist();
    assertThat(names(inbox.resolve("done"))).anyMatch(name -> name.startsWith("得意先一覧."));
    var report = installation.lastReport();
    assertThat(report.path("job").asText()).isEqualTo("得意先同期");
    assertThat(report.path("run").asText()).endsWith("-得意先同期");
  }

  @Test
  void onceSyncsWhatWaitsAndEndsWithAnExitCode() throws IOException {
    var nothing = installation.run("run", "得意先同期", "--once");
    assertThat(nothing.exitCode()).as(nothing.said()).isZero();
    assertThat(nothing.err()).contains("no files waiting");

    drop("一つ目.csv", "得意先番号,名称,金額", "A-1,一郎,1");
    drop("二つ目.csv", "得意先番号,名称,金額", "A-2,二郎,二", "A-3,三郎,3");
    var two = installation.run("run", "得意先同期", "--once");
    assertThat(two.exitCode()).as(two.said()).isEqualTo(1);
    assertThat(two.out().lines())
        .hasSize(2)
        .anyMatch(line -> line.startsWith("1 read: 1 inserted"))
        .anyMatch(line -> line.startsWith("2 read: 1 inserted") && line.contains("1 rejected"));
    assertThat(names(inbox.resolve("done"))).anyMatch(name -> name.startsWith("二つ目."));
    assertThat(names(inbox.resolve("rejects"))).anyMatch(name -> name.startsWith("二つ目."));
  }

  @Test
  void aJobThatCannotBeginKeepsNoOtherFromRunningAndBeginsWhenItIsMended() throws IOException {
    Path properties = installation.home().resolve("application.properties");
    String before = Files.readString(properties);
    installation.configured("job.仕入先.update-key = 顧客コード\n");
    try (var program = installation.start("run")) {
      program.awaitText("得意先同期: watching");
      program.awaitText("仕入先: cannot run.");
      drop("続き.csv", "得意先番号,名称,金額", "B-1,一郎,1");
      program.awaitText("1 read: 1 inserted");

      installation.configured(
          "job.仕入先.app = %s\njob.仕入先.source = folder\njob.仕入先.folder = 受信箱/仕入先\n".formatted(app));
      program.awaitText("仕入先: watching");
      program.terminate();
      program.ended();
    } finally {
      Files.writeString(properties, before);
    }
    var refused = installation.run("runs", "仕入先");
    assertThat(refused.out()).contains("not started");
  }

  @Test
  void aRefusedJobBeginsAnewWhenItsPropertiesAreMended() throws IOException {
    Path properties = installation.home().resolve("application.properties");
    String before = Files.readString(properties);
    Files.writeString(properties, before.replace("update-key = 顧客コード", "update-key = 顧客名"));
    try (var program = installation.start("run")) {
      program.awaitText("得意先同期: watching");
      drop("直す.csv", "得意先番号,名称,金額", "C-1,一郎,1");
      program.awaitText("cannot be the update key");
      Files.writeString(properties, before);
      program.awaitText("1 read: 1 inserted");
      program.terminate();
      program.ended();
    } finally {
      Files.writeString(properties, before);
    }
    assertThat(simulator.value(app, "顧客コード = \"C-1\"", "顧客名")).isEqualTo("一郎");
  }

  private static void drop(String name, String... lines) throws IOException {
    Files.write(inbox.resolve(name), List.of(lines));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }
}
