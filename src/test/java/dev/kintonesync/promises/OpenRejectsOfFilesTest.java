package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.journal.OpenReject;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.settings.Job;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rejected rows of dropped files are open until they come back, are overtaken or dismissed. */
class OpenRejectsOfFilesTest {
  @TempDir private Path home;
  private Rehearsal rehearsal;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home);
    Files.createDirectories(rehearsal.inbox());
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  private List<OpenReject> open() {
    return rehearsal.journal().openRejects().of("customers");
  }

  private RunResult drop(String name, String... lines) throws Exception {
    return drop(rehearsal.job(), name, lines);
  }

  private RunResult drop(Job job, String name, String... lines) throws Exception {
    rehearsal.drop(name, lines);
    var runs = rehearsal.application().runner().runWaiting(job);
    assertThat(runs).hasSize(1);
    return runs.get(0);
  }

  /** Drops the rejects file of a run in again, with something in it replaced. */
  private RunResult dropBack(RunResult run, String what, String by) throws Exception {
    return dropBack(rehearsal.job(), run, what, by);
  }

  private RunResult dropBack(Job job, RunResult run, String what, String by) throws Exception {
    Path rejects = Path.of(String.valueOf(run.report().rejectsFile()));
    String text = Files.readString(rejects);
    assertThat(text).contains(what);
    return drop(job, "back.csv", text.replace(what, by).split("\r\n"));
  }

  @Test
  void theyAreOpenUntilTheirRejectsFileComesBack() throws Exception {
    var first = drop("a.csv", "code,amount", "A,1", "B,many", ",3");

    assertThat(first.report().open()).isEqualTo(2);
    assertThat(open()).extracting(OpenReject::key).containsExactlyInAnyOrder("B", null);
    assertThat(open()).extracting(OpenReject::row).containsExactlyInAnyOrder(3L, 4L);
    assertThat(open()).allSatisfy(row -> assertThat(row.reason()).isNotNull());

    var back = dropBack(first, "B,many", "B,2");
    assertThat(back.report().counts().inserted()).isEqualTo(1);
    assertThat(open()).singleElement().extracting(OpenReject::key).isNull();

    var again = dropBack(back, ",3,", "C,3,");
    assertThat(again.report().counts().inserted()).isEqualTo(1);
    assertThat(again.report().open()).isZero();
    assertThat(open()).isEmpty();
  }

  @Test
  void rowsThatCannotBeReadAreOpenEachForItself() throws Exception {
    drop("mon.csv", "code,name", "A,x", "B,y,surplus", "C,z", "D,\"q\"x");
    var second = drop("tue.csv", "code,name", "E,y,surplus");
    drop("wed.jsonl", "{\"code\":\"H\"}", "{\"code\":\"F\"", "{\"code\":\"G\",}");
    assertThat(open()).hasSize(5);
    assertThat(open()).allSatisfy(row -> assertThat(row.tried()).isZero());

    String run = second.report().run();
    drop("back.csv", "code,name,_error,_ref", "E,y,," + run + "/2");

    assertThat(rehearsal.held("name")).containsOnlyKeys("A", "C", "E", "H");
    assertThat(open()).extracting(OpenReject::run).hasSize(4).doesNotContain(run);
  }

  /** Written out, such a number would take a gigabyte. */
  @Test
  void anEndlessNumberIsKeptAsItIsWritten() throws Exception {
    var run =
        drop(
            "a.jsonl", "{\"code\":\"A\",\"amount\":1E+999999999}", "{\"code\":\"B\",\"amount\":2}");
    assertThat(run.report().counts().inserted()).isEqualTo(1);
    assertThat(open())
        .singleElement()
        .satisfies(row -> assertThat(row.values()).containsEntry("amount", "1E+999999999"));
    assertThat(Files.readString(Path.of(String.valueOf(run.report().rejectsFile()))))
        .contains("1E+999999999");
  }

  @Test
  void aRowThatIsAgainAsItWasClosesTheRejectOfItsKeyWithASnapshotToo() throws Exception {
    var job = rehearsal.jobWith("diff = snapshot");
    for (String row : List.of("B,1", "B,1", "B,many", "B,1")) {
      rehearsal.drop("rows.csv", "code,amount", row);
      rehearsal.application().runner().runWaiting(job);
      assertThat(open()).hasSize(row.equals("B,many") ? 1 : 0);
    }
    assertThat(rehearsal.held("amount")).containsEntry("B", "1");
  }

  /** What the row says now has been seen in Kintone, under the key that it has now. */
  @Test
  void aCorrectedRowThatIsAsKintoneHoldsItClosesItsRejectWithASnapshotToo() throws Exception {
    var job = rehearsal.jobWith("diff = snapshot");
    var first = drop(job, "rows.csv", "code,amount", "A,1", ",2");
    assertThat(open()).hasSize(1);

    var back = dropBack(job, first, ",2,", "A,1,");

    assertThat(back.report().counts().unchanged()).isEqualTo(1);
    assertThat(open()).isEmpty();
  }

  @Test
  void aRejectedRowIsNotTakenForTheOneWhoseKeyItHasNowWithASnapshotEither() throws Exception {
    var job = rehearsal.jobWith("diff = snapshot");
    var first = drop(job, "rows.csv", "code,amount", "A,1", "B,many");

    var back = dropBack(job, first, "B,many", "A,1");

    assertThat(back.report().counts().rejected()).isEqualTo(1);
    assertThat(Rehearsal.rejects(back).get(1)).contains("B");
    assertThat(open()).extracting(OpenReject::key).containsExactly("B");
  }

  @Test
  void aRejectsFileThatComesBackIsNotTakenForOneWithEmptyColumns() throws Exception {
    drop("a.csv", "code,name,amount", "A,n,1");
    var first = drop("b.csv", "code,name,amount", "A,n,1", "B,,many");

    var back = dropBack(first, ",many", ",2");

    assertThat(back.report().remarks()).isEmpty();
    assertThat(drop("c.csv", "code,name,amount", "B,,2").report().remarks())
        .singleElement()
        .asString()
        .contains("name");
  }

  @Test
  void theColumnsThatTheJobNamesAreNoRemark() throws Exception {
    rehearsal.drop("a.csv", "code,name,DEL,STATE", "A,n,0,on");
    var job =
        rehearsal.jobWith(
            "map = code=code, name=name",
            "delete-when = DEL=1",
            "mirror.missing = delete",
            "skip-when = STATE is empty");

    var run = rehearsal.application().runner().runWaiting(job).get(0);

    assertThat(run.report().remarks()).isEmpty();
    assertThat(run.report().counts().inserted()).as(run.summary().toString()).isEqualTo(1);
  }

  @Test
  void ofRunsThatChangeNothingOnlyTheNewestKeepsItsFolder() throws Exception {
    var first = drop("a.csv", "code,amount", "A,1").report();
    var second = drop("b.csv", "code,amount", "A,1").report();
    var third = drop("c.csv", "code,amount", "A,1").report();

    Path runs = home.resolve("runs");
    assertThat(runs.resolve(first.run())).isDirectory();
    assertThat(runs.resolve(second.run())).doesNotExist();
    assertThat(runs.resolve(third.run())).isDirectory();
    assertThat(rehearsal.journal().run(second.run())).isPresent();
  }

  @Test
  void aFileThatCannotBeReadIsSaidToBeSo() throws Exception {
    var run = drop("a.csv", "number,name", "A,n");

    assertThat(run.summary().toString())
        .contains("could not be read, nothing was written")
        .doesNotContain("0 read");
    assertThat(run.report().inWords().toString()).contains("nothing was written");
  }

  @Test
  void whyAJobCannotBeginIsKeptForReadersOfAnyLanguage() {
    var reason = MessageCode.FILE_MISSING.with("a.csv");

    var report = rehearsal.application().refused("customers", reason);

    assertThat(rehearsal.journal().runMessages().of(report.run())).containsExactly(reason);
  }

  @Test
  void aLaterRowOfTheKeyOvertakesThem() throws Exception {
    drop("a.csv", "code,amount", "A,none", "B,many");
    drop("b.csv", "code,amount", "B,none", "A,2", "B,3");

    assertThat(open()).isEmpty();
  }

  @Test
  void theSameRowIsOpenOnceHoweverOftenItIsRejected() throws Exception {
    drop("a.csv", "code,amount", "A,many", ",1");
    var again = drop("b.csv", "code,amount", "A,many", ",1");

    assertThat(again.report().open()).isEqualTo(2);
    assertThat(open()).hasSize(2).allSatisfy(row -> assertThat(row.tried()).isEqualTo(1));
  }

  @Test
  void aFileThatAPersonNamesClosesRowsAndOpensNone() throws Exception {
    drop("a.csv", "code,amount", "A,many");

    rehearsal.sync("code,amount", "A,1", "B,many");

    assertThat(open()).isEmpty();
  }
}
