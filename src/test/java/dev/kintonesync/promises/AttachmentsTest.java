package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.kintone.client.FileClient;
import com.kintone.client.KintoneClientBuilder;
import com.kintone.client.api.common.UploadFileRequest;
import com.kintone.client.model.FileBody;
import com.kintone.client.model.record.FileFieldValue;
import com.kintone.client.model.record.Record;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.sync.RunState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The files that a source names are in the records, and none is sent that is there already. */
class AttachmentsTest {
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "", "unique": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": ""},
       "files": {"type": "FILE", "code": "files", "label": "添付"},
       "orders": {"type": "SUBTABLE", "code": "orders", "label": "", "fields": {
         "item": {"type": "SINGLE_LINE_TEXT", "code": "item", "label": ""},
         "photo": {"type": "FILE", "code": "photo", "label": ""}}}}
      """;

  private static final String UPLOAD = "POST file";
  private static final String DOWNLOAD = "GET file";

  @TempDir Path home;
  private Rehearsal rehearsal;
  private Path folder;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home, FIELDS, Map.of());
    folder = Files.createDirectories(home.resolve("papers"));
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  @Test
  void filesThatTheSourceNamesAreInTheRecordsAndASecondRunSendsNothing() throws Exception {
    write("a.txt", "one");
    write("見積/請求書 \"4月\".pdf", "two");
    String[] lines = {"code,files", "A,a.txt", "B,\"a.txt\n見積/請求書 \"\"4月\"\".pdf\""};

    var first = sync("merge", lines);

    assertThat(first.report().counts().inserted()).isEqualTo(2);
    assertThat(files("A")).containsExactly("a.txt: one");
    assertThat(files("B")).containsExactly("a.txt: one", "請求書 \"4月\".pdf: two");
    assertThat(first.report().requests().uploads()).isEqualTo(2);
    assertThat(first.report().requests().posts()).isEqualTo(1);
    rehearsal.forgetRequests();
    var second = sync("merge", lines);
    assertThat(second.report().counts().unchanged()).isEqualTo(2);
    assertThat(rehearsal.writes()).isEmpty();
    assertThat(rehearsal.requests()).doesNotContain(DOWNLOAD);
  }

  @Test
  void aFileOfAnotherContentTakesThePlaceOfItsName() throws Exception {
    write("a.txt", "one");
    write("b.txt", "bee");
    sync("merge", "code,files", "A,\"a.txt\nb.txt\"");
    write("a.txt", "two");
    rehearsal.forgetRequests();

    var run = sync("merge", "code,files", "A,\"a.txt\nb.txt\"");

    assertThat(run.report().counts().updated()).isEqualTo(1);
    assertThat(files("A")).containsExactly("a.txt: two", "b.txt: bee");
    assertThat(uploads()).isEqualTo(1);
    assertThat(Rehearsal.changes(run).get(0)).contains("sha256");
    rehearsal.forgetRequests();
    sync("merge", "code,files", "A,\"a.txt\nb.txt\"");
    assertThat(rehearsal.writes()).isEmpty();
    assertThat(rehearsal.requests()).doesNotContain(DOWNLOAD);
  }

  /** Seen by a content that changes and leaves size and time as they were. */
  @Test
  void aFileOfTheSameSizeAndTimeIsNotReadAgain() throws Exception {
    var hourAgo = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
    write("a.txt", "one");
    Files.setLastModifiedTime(folder.resolve("a.txt"), hourAgo);
    String[] lines = {"code,files", "A,a.txt"};
    sync("merge", lines);
    assertThat(sync("merge", lines).report().counts().unchanged()).isEqualTo(1);

    write("a.txt", "two");
    Files.setLastModifiedTime(folder.resolve("a.txt"), hourAgo);
    assertThat(sync("merge", lines).report().counts().unchanged()).isEqualTo(1);

    Files.setLastModifiedTime(
        folder.resolve("a.txt"), FileTime.from(hourAgo.toInstant().plusMillis(1)));
    assertThat(sync("merge", lines).report().counts().updated()).isEqualTo(1);
    assertThat(files("A")).containsExactly("a.txt: two");
  }

  @Test
  void filesThatTheSourceDoesNotMentionStayOrGoAsTheJobSays() throws Exception {
    write("a.txt", "new");
    write("c.txt", "see");
    for (String policy : List.of("merge", "replace", "append")) {
      attach(policy, "a.txt: old", "b.txt: bee");
      sync(policy, "code,files", policy + ",\"a.txt\nc.txt\"");
    }

    assertThat(files("merge")).containsExactly("a.txt: new", "b.txt: bee", "c.txt: see");
    assertThat(files("replace")).containsExactly("a.txt: new", "c.txt: see");
    assertThat(files("append"))
        .containsExactly("a.txt: old", "b.txt: bee", "a.txt: new", "c.txt: see");
    rehearsal.forgetRequests();
    for (String policy : List.of("merge", "replace", "append")) {
      sync(policy, "code,files", policy + ",\"a.txt\nc.txt\"");
    }
    assertThat(rehearsal.writes()).isEmpty();
  }

  @Test
  void anEmptyCellRemovesFilesOnlyWhereTheJobSaysSoAndAMissingColumnNever() throws Exception {
    attach("A", "a.txt: one");

    sync("replace", "code,name", "A,n");
    sync("merge\njob.customers.empty-column = clear", "code,files", "A,");
    sync("replace\njob.customers.empty = keep", "code,files", "A,");
    assertThat(files("A")).containsExactly("a.txt: one");

    sync("replace\njob.customers.empty-column = clear", "code,files", "A,");
    assertThat(files("A")).isEmpty();
  }

  @Test
  void theSameFileForManyRecordsIsSentOnce() throws Exception {
    write("one/logo.png", "logo");
    write("two/logo.png", "logo");
    write("other.png", "logo");

    sync("merge", "code,files", "A,one/logo.png", "B,two/logo.png", "C,other.png");

    assertThat(files("B")).containsExactly("logo.png: logo");
    assertThat(files("C")).containsExactly("other.png: logo");
    assertThat(uploads()).isEqualTo(2);
  }

  @Test
  void noPathLeadsOutOfTheFolder() throws Exception {
    Files.writeString(home.resolve("secret.txt"), "secret");
    Files.createSymbolicLink(folder.resolve("link.txt"), home.resolve("secret.txt"));
    Files.createSymbolicLink(folder.resolve("out"), home);
    write("in/a.txt", "fine");
    Files.createSymbolicLink(folder.resolve("alias.txt"), folder.resolve("in/a.txt"));

    var run =
        sync(
            "merge",
            "code,files",
            "A,../secret.txt",
            "B," + home.resolve("secret.txt"),
            "C,link.txt",
            "D,out/secret.txt",
            "E,in/../../secret.txt",
            "F,..\\secret.txt",
            "G,alias.txt",
            "H,in/../in/a.txt");

    assertThat(rehearsal.held("code")).containsOnlyKeys("G", "H");
    assertThat(Rehearsal.rejects(run).subList(1, 7)).allMatch(line -> line.contains("leads out"));
    assertThat(rehearsal.requests()).doesNotContain(DOWNLOAD);
    assertThat(files("G")).containsExactly("alias.txt: fine");
  }

  @Test
  void aRowWhoseFileCannotBeHadIsRejectedAloneAndNothingOfItIsSent() throws Exception {
    write("a.txt", "one");
    Files.createDirectories(folder.resolve("folder"));
    try (var large = new java.io.RandomAccessFile(folder.resolve("large").toFile(), "rw")) {
      large.setLength((1L << 30) + 1);
    }

    var run =
        sync("merge", "code,files", "A,a.txt", "B,\"gone.txt\na.txt\"", "C,folder", "D,large");

    assertThat(rehearsal.held("code")).containsOnlyKeys("A");
    var rejects = Rehearsal.rejects(run);
    assertThat(rejects.toString())
        .contains("There is no file \"\"gone.txt\"\"")
        .contains("not a file. Name a file")
        .contains("1073741825 bytes");
    assertThat(run.report().counts().rejected()).isEqualTo(3);
    assertThat(uploads()).isEqualTo(1);
  }

  @Test
  void aFolderThatIsNotThereRefusesTheRun() throws Exception {
    Files.delete(folder);

    var run = sync("merge", "code,files", "A,a.txt");

    assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(run.report().reason()).contains("attachments-dir").contains(folder.toString());
  }

  @Test
  void withoutAMemoryOneDownloadTellsWhetherAFileIsTheSame() throws Exception {
    write("a.txt", "one");
    write("b.txt", "two");
    attach("A", "a.txt: one", "c.txt: see");
    attach("B", "b.txt: 222");
    String[] lines = {"code,files", "A,a.txt", "B,b.txt"};
    rehearsal.forgetRequests();

    var run = sync("merge", lines);

    assertThat(run.report().counts().unchanged()).isEqualTo(1);
    assertThat(run.report().counts().updated()).isEqualTo(1);
    assertThat(run.report().requests().downloads()).isEqualTo(2);
    assertThat(files("B")).containsExactly("b.txt: two");
    rehearsal.forgetRequests();
    sync("merge", lines);
    assertThat(rehearsal.requests()).doesNotContain(UPLOAD, DOWNLOAD, "PUT records");
  }

  @Test
  void anUploadThatExpiredBeforeItWasAttachedIsSentAgain() throws Exception {
    write("a.txt", "one");
    rehearsal.crossing.before(
        "POST",
        "/records.json",
        1,
        () -> rehearsal.simulator.clock().advance(java.time.Duration.ofDays(4)));

    var run = sync("merge", "code,files", "A,a.txt");

    assertThat(run.report().counts().inserted()).isEqualTo(1);
    assertThat(files("A")).containsExactly("a.txt: one");
    assertThat(uploads()).isEqualTo(2);
  }

  @Test
  void anUploadThatKintoneDoesNotLetTwoRecordsShareIsSentForEach() throws Exception {
    write("a.txt", "one");
    rehearsal
        .simulator
        .faults()
        .add(Fault.error(404, "GAIA_BL01").on("POST", "/records.json").times(1));

    var run = sync("merge", "code,files", "A,a.txt", "B,a.txt");

    assertThat(run.report().counts().inserted()).isEqualTo(2);
    assertThat(files("B")).containsExactly("a.txt: one");
    assertThat(uploads()).as("one for both, then one for each").isEqualTo(3);
  }

  @Test
  void batchesThatAreWrittenAtTheSameTimeSendAFileOnce() throws Exception {
    stop();
    rehearsal =
        new Rehearsal(
            Files.createDirectory(home.resolve("small")),
            FIELDS,
            Map.of("kintone.records-per-request", "1", "kintone.requests-per-batch", "1"));
    folder = Files.createDirectories(rehearsal.home.resolve("papers"));
    write("a.txt", "one");
    var lines = new ArrayList<>(List.of("code,files"));
    for (int row = 0; row < 20; row++) {
      lines.add(row + ",a.txt");
    }

    sync("merge", lines.toArray(String[]::new));

    assertThat(rehearsal.app.size()).isEqualTo(20);
    assertThat(files("19")).containsExactly("a.txt: one");
    assertThat(uploads()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"RESET", "RESET_AFTER_COMMIT"})
  void anUploadThatIsNotAnsweredIsSentAgain(Fault.Kind kind) throws Exception {
    write("a.txt", "one");
    rehearsal.simulator.faults().add(Fault.of(kind).on("POST", "/file.json").times(2));

    var run = sync("merge", "code,files", "A,a.txt", "B,");

    assertThat(run.report().counts().inserted()).isEqualTo(2);
    assertThat(files("A")).containsExactly("a.txt: one");
    assertThat(uploads()).isEqualTo(3);
  }

  @Test
  void aFileThatIsNeverAnsweredRejectsItsRowAlone() throws Exception {
    write("a.txt", "one");
    write("b.txt", "two");
    rehearsal
        .simulator
        .faults()
        .add(Fault.of(Fault.Kind.RESET).on("POST", "/file.json").after(1).times(3));

    var run = sync("merge", "code,files", "A,a.txt", "B,b.txt");

    assertThat(rehearsal.held("code")).containsOnlyKeys("A");
    assertThat(Rehearsal.rejects(run).get(1)).contains("b.txt").contains("sent 3 times");
  }

  @Test
  void aFileThatIsRefusedRejectsItsRowAlone() throws Exception {
    write("a.txt", "one");
    write("b.txt", "two");
    rehearsal
        .simulator
        .faults()
        .add(Fault.status(413, "<html>too large</html>").on("POST", "/file.json").times(1));

    var run = sync("merge", "code,files", "A,\"a.txt\nb.txt\"", "B,b.txt", "C,");

    assertThat(rehearsal.held("code")).containsOnlyKeys("B", "C");
    assertThat(Rehearsal.rejects(run).toString()).contains("a.txt").contains("HTTP 413");
  }

  @Test
  void aBusyKintoneIsAskedAgainAndACallerWithoutPermissionStops() throws Exception {
    write("a.txt", "one");
    var faults = rehearsal.simulator.faults();
    faults.add(Fault.error(429, "GAIA_TO04").on("POST", "/file.json").times(2));
    assertThat(sync("merge", "code,files", "A,a.txt").report().counts().inserted()).isEqualTo(1);

    faults.add(Fault.error(403, "GAIA_NO01").on("POST", "/file.json").times(1));
    write("b.txt", "two");
    var run = sync("merge", "code,files", "B,b.txt");
    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.report().reason()).contains("GAIA_NO01");
  }

  @Test
  void anUpdateWhoseAnswerIsLostIsSettledByTheContentOfItsFile() throws Exception {
    write("a.txt", "one");
    sync("merge", "code,files", "A,a.txt");
    write("a.txt", "two");
    rehearsal.forgetRequests();
    rehearsal
        .simulator
        .faults()
        .add(Fault.of(Fault.Kind.RESET_AFTER_COMMIT).on("PUT", "/records.json").times(1));

    var run = sync("merge", "code,files", "A,a.txt");

    assertThat(run.report().counts().updated()).isEqualTo(1);
    assertThat(files("A")).containsExactly("a.txt: two");
    assertThat(uploads()).isEqualTo(1);
    assertThat(rehearsal.revision("A")).isEqualTo("2");
  }

  @Test
  void aRunThatBreaksBetweenUploadAndWriteIsCompletedByTheNext() throws Exception {
    write("a.txt", "one");
    rehearsal
        .simulator
        .faults()
        .add(Fault.error(403, "GAIA_NO01").on("POST", "/records.json").times(1));

    assertThat(sync("merge", "code,files", "A,a.txt").report().state()).isEqualTo(RunState.STOPPED);
    assertThat(rehearsal.app.size()).isZero();
    sync("merge", "code,files", "A,a.txt");

    assertThat(files("A")).containsExactly("a.txt: one");
    assertThat(uploads()).isEqualTo(2);
  }

  /** What is remembered must not be what was there before the write that nobody heard of. */
  @Test
  void aRunThatBreaksBetweenAWriteAndItsAnswerLeavesNothingToMistake() throws Exception {
    write("a.txt", "one");
    sync("merge", "code,files", "A,a.txt");
    write("a.txt", "two");
    var faults = rehearsal.simulator.faults();
    faults.add(Fault.of(Fault.Kind.RESET_AFTER_COMMIT).on("PUT", "/records.json").times(1));
    faults.add(Fault.error(403, "GAIA_NO01").on("GET", "/records.json").after(2).times(1));
    assertThat(sync("merge", "code,files", "A,a.txt").report().state()).isEqualTo(RunState.STOPPED);
    assertThat(files("A")).containsExactly("a.txt: two");
    faults.clear();

    write("a.txt", "one");
    sync("merge", "code,files", "A,a.txt");

    assertThat(files("A")).containsExactly("a.txt: one");
  }

  @Test
  void whatStaysInARecordWhichSomebodyElseSavesMeanwhileIsWhatHeLeftThere() throws Exception {
    write("a.txt", "one");
    attach("A", "b.txt: bee");
    rehearsal.crossing.before("POST", "/file.json", 1, () -> replace("A", "c.txt: see"));

    sync("merge", "code,files", "A,a.txt");

    assertThat(files("A")).containsExactly("c.txt: see", "a.txt: one");
    assertThat(uploads()).as("two of somebody else's, and ours once").isEqualTo(3);
  }

  @Test
  void aPlanSaysWhatWouldBeSentAndSendsNothing() throws Exception {
    write("a.txt", "one");
    var job = rehearsal.jobWith("attachments-dir = papers");
    var plan =
        rehearsal
            .application()
            .runner()
            .plan(
                job.on(
                    new dev.kintonesync.settings.Source.OneFile(
                        rehearsal.csv("code,files", "A,a.txt"))));

    assertThat(plan.get(0).report().counts().inserted()).isEqualTo(1);
    assertThat(Rehearsal.changes(plan.get(0)).get(0)).contains("a.txt");
    assertThat(rehearsal.writes()).isEmpty();
  }

  @Test
  void filesInTheRowsOfTablesAreKeptByTheSameRules() throws Exception {
    write("pen.png", "pen");
    write("ink.png", "ink");
    String job = "merge\njob.customers.group-by = code\njob.customers.row-key = item";
    String[] lines = {"code,item,photo", "A,pen,pen.png", "A,ink,ink.png", "B,pen,pen.png"};
    sync(job, lines);
    assertThat(photos("A")).containsExactly("pen [pen.png: pen]", "ink [ink.png: ink]");

    rehearsal.forgetRequests();
    assertThat(sync(job, lines).report().counts().unchanged()).isEqualTo(2);
    assertThat(rehearsal.requests()).doesNotContain(UPLOAD, DOWNLOAD, "PUT records");

    write("ink.png", "INK");
    sync(job, lines);
    assertThat(photos("A")).containsExactly("pen [pen.png: pen]", "ink [ink.png: INK]");
    assertThat(uploads()).isEqualTo(1);
  }

  private RunResult sync(String policy, String... lines) throws IOException {
    return rehearsal.sync(
        rehearsal.jobWith("attachments-dir = papers", "attachments = " + policy), lines);
  }

  private void write(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private long uploads() {
    return rehearsal.requests().stream().filter(UPLOAD::equals).count();
  }

  private FileClient fileClient() {
    return KintoneClientBuilder.create(rehearsal.simulator.url())
        .authByPassword("sato", "secret")
        .build()
        .file();
  }

  /** Somebody adds a record with files, {@code NAME: TEXT} each. */
  private void attach(String code, String... files) {
    rehearsal
        .somebodyElse()
        .addRecord(
            rehearsal.app.id(),
            value(files)
                .putField(
                    "code", new com.kintone.client.model.record.SingleLineTextFieldValue(code)));
  }

  private void replace(String code, String... files) {
    for (JsonNode record : rehearsal.app.records()) {
      if (record.path("code").path("value").asText().equals(code)) {
        rehearsal
            .somebodyElse()
            .updateRecord(
                rehearsal.app.id(), record.path("$id").path("value").asLong(), value(files));
      }
    }
  }

  private Record value(String... files) {
    var bodies = new ArrayList<FileBody>();
    for (String file : files) {
      String[] parts = file.split(": ", 2);
      String key =
          fileClient()
              .uploadFile(
                  new UploadFileRequest()
                      .setFilename(parts[0])
                      .setContentType("text/plain")
                      .setContent(
                          new ByteArrayInputStream(parts[1].getBytes(StandardCharsets.UTF_8))))
              .getFileKey();
      bodies.add(new FileBody().setFileKey(key));
    }
    return new Record().putField("files", new FileFieldValue(bodies));
  }

  /** The files of a record, {@code NAME: TEXT} each. */
  private List<String> files(String code) {
    var shown = new ArrayList<String>();
    for (JsonNode record : rehearsal.app.records()) {
      if (record.path("code").path("value").asText().equals(code)) {
        record.path("files").path("value").forEach(file -> shown.add(shown(file)));
      }
    }
    return shown;
  }

  private List<String> photos(String code) {
    var shown = new ArrayList<String>();
    for (JsonNode record : rehearsal.app.records()) {
      if (record.path("code").path("value").asText().equals(code)) {
        for (JsonNode row : record.path("orders").path("value")) {
          var photos = new ArrayList<String>();
          row.at("/value/photo/value").forEach(file -> photos.add(shown(file)));
          shown.add(row.at("/value/item/value").asText() + " " + photos);
        }
      }
    }
    return shown;
  }

  private String shown(JsonNode file) {
    try (var content = fileClient().downloadFile(file.path("fileKey").asText())) {
      String text = new String(content.readAllBytes(), StandardCharsets.UTF_8);
      return file.path("name").asText() + ": " + text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
