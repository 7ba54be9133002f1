package dev.kintonesync.journal;

import static dev.kintonesync.journal.SampleReports.COUNTS;
import static dev.kintonesync.journal.SampleReports.completed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.kintonesync.AtOnce;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.sync.Change;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.Outcome;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunFolderTest {
  private static final Instant NOW = Instant.parse("2026-11-21T17:31:14Z");
  private static final ZoneId JAPAN = ZoneId.of("Asia/Tokyo");

  @TempDir Path home;

  @Test
  void isNamedByTheLocalTimeAndTheJobAndNeverUsedTwice() {
    try (var first = create("customers");
        var second = create("customers");
        var third = create("customers")) {
      assertThat(List.of(first.name(), second.name(), third.name()))
          .containsExactly(
              "20261122-023114-customers",
              "20261122-023114-customers-2",
              "20261122-023114-customers-3");
      assertThat(first.path()).isAbsolute().isDirectory().hasParent(home.resolve("runs"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "得意先マスタ, 20261122-023114-得意先マスタ",
    "a/b\\c:d*e?f\"g<h>i|j, 20261122-023114-a_b_c_d_e_f_g_h_i_j",
    "../../etc, 20261122-023114-.._.._etc",
    "ends in a dot., 20261122-023114-ends in a dot_",
  })
  void aJobsNameIsKeptAsFarAsWindowsAllows(String job, String name) {
    try (var folder = create(job)) {
      assertThat(folder.name()).isEqualTo(name);
      assertThat(folder.path()).isDirectory();
    }
  }

  @Test
  void aVeryLongJapaneseJobNameStillMakesAFolder() {
    try (var folder = create("𠮷".repeat(300))) {
      assertThat(folder.path()).isDirectory();
      assertThat(folder.name()).endsWith("-" + "𠮷".repeat(50));
    }
  }

  @Test
  void nobodyButItsOwnerCanReadIt() throws IOException {
    assumeTrue(home.getFileSystem().supportedFileAttributeViews().contains("posix"));
    try (var folder = create("customers")) {
      folder.log("began");
      folder.changes(RunFolder.zipped(List.of(change("C001"))));
      folder.report(completed(folder.name(), COUNTS));
      assertThat(permissions(folder.path().getParent())).isEqualTo("rwx------");
      assertThat(permissions(folder.path())).isEqualTo("rwx------");
      try (var files = Files.list(folder.path())) {
        assertThat(files)
            .hasSize(4)
            .allSatisfy(file -> assertThat(permissions(file)).isEqualTo("rw-------"));
      }
    }
  }

  @Test
  void theReportReadsAsDesigned() throws IOException {
    try (var folder = create("customers")) {
      folder.report(completed("r1", COUNTS));
      assertThat(folder.path().resolve("report.json"))
          .hasContent(
              """
              {
                "run" : "r1",
                "job" : "customers",
                "source" : "inbox/顧客.csv",
                "app" : "42",
                "mode" : "upsert",
                "written" : true,
                "state" : "completed",
                "reason" : null,
                "startedAt" : "2026-11-21T17:31:14Z",
                "finishedAt" : "2026-11-21T17:32:14Z",
                "startedBy" : {
                  "by" : "terminal",
                  "name" : "alice"
                },
                "read" : 21,
                "inserted" : 1,
                "updated" : 2,
                "unchanged" : 3,
                "superseded" : 4,
                "rejected" : 5,
                "unprocessed" : 6,
                "removed" : 0,
                "mirrored" : true,
                "missing" : 6,
                "deleted" : 7,
                "flagged" : 2,
                "conflicts" : 8,
                "overEdits" : 9,
                "retried" : 10,
                "open" : 11,
                "requests" : {
                  "keyLookups" : 1,
                  "posts" : 2,
                  "puts" : 3,
                  "deletes" : 4,
                  "bulkRequests" : 5,
                  "retries" : 6,
                  "isolation" : 7,
                  "uploads" : 8,
                  "downloads" : 9,
                  "counted" : 10
                },
                "understood" : "Read as JSON.",
                "remarks" : [ "a remark" ],
                "rejectsFile" : null,
                "rejectsDigest" : null,
                "changesFile" : "/runs/r1/changes.jsonl.gz"
              }
              """);
    }
  }

  @Test
  void aReportIsReadAsItWasWritten() {
    try (var folder = create("customers")) {
      folder.report(SampleReports.running("r1"));
      assertThat(RunFolder.read(folder.path())).isEqualTo(SampleReports.running("r1"));
      folder.report(completed("r1", COUNTS));
      assertThat(RunFolder.read(folder.file("report.json"))).isEqualTo(completed("r1", COUNTS));
      assertThat(folder.file("report.json.tmp")).doesNotExist();
    }
  }

  @Test
  void aReportOfANewerProgramIsReadAsFarAsItIsKnown() throws IOException {
    try (var folder = create("customers")) {
      folder.report(completed("r1", COUNTS));
      Path file = folder.file("report.json");
      Files.writeString(
          file, Files.readString(file).replaceFirst("\\{", "{ \"colour\" : \"red\","));
      assertThat(RunFolder.read(file)).isEqualTo(completed("r1", COUNTS));
    }
  }

  @Test
  void whatIsNoReportIsRefusedInWords() throws IOException {
    Path file = Files.writeString(home.resolve("report.json"), "{ \"run\" : ");
    assertThatThrownBy(() -> RunFolder.read(file))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining(file + " is not a readable report");
    assertThatThrownBy(() -> RunFolder.read(home.resolve("none.json")))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("There is no file");
  }

  @Test
  void aReportThatDoesNotAddUpIsAnErrorAndTheOldOneStays() {
    try (var folder = create("customers")) {
      folder.report(completed("r1", COUNTS));
      var lost = new Counts(100, 99, 0, 0, 0, 0, 0);
      assertThatThrownBy(() -> folder.report(completed("r1", lost)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("r1")
          .hasMessageContaining("read=100")
          .hasMessageContaining("inserted=99");
      assertThat(RunFolder.read(folder.path()).counts()).isEqualTo(COUNTS);
    }
  }

  @Test
  void theLogHasATimeStampPerLineInUtf8() throws IOException {
    try (var folder = create("customers")) {
      folder.log("開始しました");
      folder.log("two lines\r\nin one\n");
    }
    assertThat(Files.readAllLines(home.resolve("runs/20261122-023114-customers/run.log")))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\+09:00 開始しました"),
            line -> assertThat(line).endsWith("+09:00 two lines"),
            line -> assertThat(line).isEqualTo("    in one"));
  }

  @Test
  void aChangeTellsWhatWasThereAndWhatIsThereNow() throws IOException {
    try (var folder = create("customers")) {
      assertThat(folder.changesFile()).isNull();
      folder.changes(RunFolder.zipped(List.of()));
      assertThat(folder.changesFile()).isNull();
      folder.changes(
          RunFolder.zipped(
              List.of(
                  new Change(
                      Outcome.UPDATED,
                      "C001",
                      "17",
                      "sato",
                      Map.of("顧客名", new Change.Values(new TextNode("旧"), new TextNode("新")))),
                  new Change(
                      Outcome.INSERTED,
                      "C002",
                      null,
                      null,
                      Map.of("TEL", new Change.Values(null, new TextNode("03")))))));
      assertThat(folder.changesFile()).isEqualTo(folder.path().resolve("changes.jsonl.gz"));
      assertThat(unzipped(Files.readAllBytes(folder.changesFile())))
          .isEqualTo(
              """
              {"outcome":"updated","key":"C001","id":"17","overEdit":"sato","fields":{"顧客名":{"before":"旧","after":"新"}}}
              {"outcome":"inserted","key":"C002","id":null,"overEdit":null,"fields":{"TEL":{"before":null,"after":"03"}}}
              """);
    }
  }

  @Test
  void changesCanBeReadUpToTheLastSettledBatchWhileTheRunStillWrites() throws IOException {
    try (var folder = create("customers")) {
      folder.changes(RunFolder.zipped(List.of(change("C001"), change("C002"))));
      byte[] afterOne = Files.readAllBytes(folder.changesFile());
      folder.changes(RunFolder.zipped(List.of(change("C003"))));
      byte[] afterTwo = Files.readAllBytes(folder.changesFile());

      assertThat(unzipped(afterOne).lines()).hasSize(2);
      assertThat(unzipped(afterTwo).lines()).hasSize(3);
      assertThat(Arrays.copyOf(afterTwo, afterOne.length)).isEqualTo(afterOne);
    }
  }

  @Test
  void changesCutOffInTheMiddleOfABatchCanBeReadUpToTheBatchBefore() throws IOException {
    try (var folder = create("customers")) {
      folder.changes(RunFolder.zipped(List.of(change("C001"), change("C002"))));
      int afterOne = (int) Files.size(folder.changesFile());
      folder.changes(RunFolder.zipped(List.of(change("C003"))));
      byte[] afterTwo = Files.readAllBytes(folder.changesFile());
      for (int cut = afterOne; cut < afterTwo.length; cut++) {
        var in = new GZIPInputStream(new ByteArrayInputStream(Arrays.copyOf(afterTwo, cut)));
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        assertThat(lines.readLine()).contains("C001");
        assertThat(lines.readLine()).contains("C002");
      }
    }
  }

  @Test
  void batchesSettledAtOnceDoNotMixTheirLines() throws Exception {
    try (var folder = create("customers")) {
      AtOnce.times(
          200, i -> folder.changes(RunFolder.zipped(List.of(change("A" + i), change("B" + i)))));
      assertThat(unzipped(Files.readAllBytes(folder.changesFile())).lines())
          .hasSize(400)
          .allMatch(line -> line.startsWith("{\"outcome\"") && line.endsWith("}}}"));
    }
  }

  @Test
  void whatAnotherWritesLiesInTheFolderAndNowhereElse() {
    try (var folder = create("customers")) {
      assertThat(folder.file("rejects.csv"))
          .isEqualTo(folder.path().resolve("rejects.csv"))
          .doesNotExist();
      assertThatThrownBy(() -> folder.file("../elsewhere.csv"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void theFolderOfAnEarlierRunIsOpenedAgain() {
    String name;
    try (var folder = create("customers")) {
      name = folder.name();
      folder.changes(RunFolder.zipped(List.of(change("C001"))));
    }
    try (var again = RunFolder.reopen(home.resolve("runs"), name, JAPAN)) {
      again.report(completed(name, COUNTS));
      assertThat(again.changesFile()).exists();
      assertThat(RunFolder.read(again.path()).run()).isEqualTo(name);
    }
    assertThatThrownBy(() -> RunFolder.reopen(home.resolve("runs"), "none", JAPAN))
        .isInstanceOf(UserErrorException.class);
  }

  @Test
  void aPlaceThatCannotBeWrittenIsRefusedInBothLanguages() throws IOException {
    Path file = Files.writeString(home.resolve("taken"), "a file where the folder should be");
    assertThatThrownBy(() -> RunFolder.create(file, "customers", NOW, JAPAN))
        .isInstanceOfSatisfying(
            UserErrorException.class,
            e -> {
              assertThat(e).hasMessageContaining(file + " cannot be written");
              assertThat(MessageBundle.JAPANESE.say(e.reason()))
                  .contains(file.toString(), "書き込めません");
            });
  }

  private RunFolder create(String job) {
    return RunFolder.create(home.resolve("runs"), job, NOW, JAPAN);
  }

  private static Change change(String key) {
    return new Change(
        Outcome.INSERTED,
        key,
        "1",
        null,
        Map.of("name", new Change.Values(null, new TextNode("x"))));
  }

  private static String unzipped(byte[] bytes) throws IOException {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String permissions(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
