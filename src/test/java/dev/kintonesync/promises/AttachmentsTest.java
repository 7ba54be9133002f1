package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.sync.RunState;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The files that a source names are in the records, and none is sent that is there already. */
class AttachmentsTest extends AttachmentsSync {
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
}
