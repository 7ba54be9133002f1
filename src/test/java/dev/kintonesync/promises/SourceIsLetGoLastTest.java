package dev.kintonesync.promises;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 2: a file is moved only after every batch of it is settled; otherwise it stays. */
class SourceIsLetGoLastTest {
  /** More files than one look takes. */
  private static final int WAITING = 45;

  @TempDir Path home;
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

  @Test
  void aFileDroppedInIsSyncedAndGoesToDone() throws Exception {
    drop("customers.csv", "code,name\nA,Abe\n");
    watch();

    var run = rehearsal.awaitRun();

    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(rehearsal.held("name")).containsEntry("A", "Abe");
    assertThat(names("")).isEmpty();
    assertThat(names("done")).singleElement().asString().matches("customers\\.\\d{8}-.*\\.csv");
    assertThat(rehearsal.journal().run(run.report().run())).isPresent();
    assertThat(rehearsal.writtenReport(run).path("inserted").asInt()).isEqualTo(1);
  }

  @Test
  void twoFilesGoOneAtATimeTheOlderFirst() throws Exception {
    drop("b-older.csv", "code,name\nA,first\n");
    drop("a-newer.csv", "code,name\nA,second\n");
    age("b-older.csv", 60);
    age("a-newer.csv", 30);
    watch();

    assertThat(rehearsal.awaitRun().report().source()).endsWith("b-older.csv");
    assertThat(rehearsal.awaitRun().report().source()).endsWith("a-newer.csv");
    assertThat(rehearsal.held("name")).containsEntry("A", "second");
  }

  @Test
  void filesThatWaitGoOneAfterTheOtherWithoutAPauseAndEachIsARunOfItsOwn() throws Exception {
    Path routes = Rehearsal.routesWith(home.resolve("slow"), "none.txt", "");
    Path route = routes.resolve("watch-folder.camel.yaml");
    Files.writeString(
        route, Files.readString(route).replace("\"{{folder.poll-interval}}\"", "3600000"));
    rehearsal.close();
    rehearsal = new Rehearsal(home, Rehearsal.FIELDS, Map.of(), routes);
    for (int i = 0; i < WAITING; i++) {
      drop("customers-" + i + ".csv", "code,name\nA" + i + ",Abe\n");
      age("customers-" + i + ".csv", 100 - i);
    }
    watch();

    for (int i = 0; i < WAITING; i++) {
      assertThat(rehearsal.awaitRun().report().source()).endsWith("customers-" + i + ".csv");
    }
    assertThat(rehearsal.held("name")).hasSize(WAITING);
    assertThat(rehearsal.requests())
        .as("at most five for each file")
        .hasSizeLessThanOrEqualTo(5 * WAITING);
    assertThat(names("done")).hasSize(WAITING);
  }

  @Test
  void aLaterFileWaitsHoweverLongTheRunOfTheEarlierOneTakes() throws Exception {
    var runsAtOnce = new AtomicInteger();
    rehearsal.crossing.before(
        "POST",
        "/records.json",
        1,
        () -> {
          var end = Instant.now().plusSeconds(2); // forty looks at the folder
          while (Instant.now().isBefore(end) && runsAtOnce.get() < 2) {
            runsAtOnce.set(rehearsal.application().active().size());
            Thread.onSpinWait();
          }
        });
    drop("a.csv", "code,name\nA,first\n");
    drop("b.csv", "code,name\nA,second\n");
    age("a.csv", 60);
    age("b.csv", 30);
    watch();

    assertThat(rehearsal.awaitRun().report().source()).endsWith("a.csv");
    assertThat(rehearsal.awaitRun().report().source()).endsWith("b.csv");
    assertThat(runsAtOnce).hasValue(1);
    assertThat(rehearsal.held("name")).isEqualTo(Map.of("A", "second"));
  }

  @Test
  void aSecondFileOfTheSameNameReplacesNothing() throws Exception {
    watch();
    drop("customers.csv", "code,name\nA,Abe\n");
    rehearsal.awaitRun();
    drop("customers.csv", "code,name\nA,Arai\n");
    rehearsal.awaitRun();
    assertThat(names("done")).hasSize(2);
    assertThat(rehearsal.held("name")).containsEntry("A", "Arai");
  }

  @Test
  void aFileOfTheSameNameDroppedWhileTheFirstIsSyncedIsReadToo() throws Exception {
    rehearsal.crossing.before(
        "POST", "/records.json", 1, () -> replace("customers.csv", "code,name\nB,Baba\n"));
    drop("customers.csv", "code,name\nA,Abe\n");
    watch();

    rehearsal.awaitRun();
    passThePause();
    Patience.await().until(() -> rehearsal.held("name").size() == 2);

    assertThat(rehearsal.held("name")).containsEntry("A", "Abe").containsEntry("B", "Baba");
  }

  @Test
  void aFileThatGrowsWhileItIsReadStaysAndIsReadAgain() throws Exception {
    rehearsal.crossing.before(
        "POST", "/records.json", 1, () -> append("customers.csv", "B,Baba\n"));
    drop("customers.csv", "code,name\nA,Abe\n");
    watch();

    var first = rehearsal.awaitRun();
    assertThat(first.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(first.report().reason()).contains("changed while it was being read");
    passThePause();
    var second = rehearsal.awaitRun();

    assertThat(second.report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(rehearsal.held("name")).containsEntry("A", "Abe").containsEntry("B", "Baba");
  }

  @Test
  void anEmptyFileAndAFileThatIsNoCsvGoToFailedWithTheReason() throws Exception {
    drop("a-empty.csv", "");
    drop("b-binary.csv", "\0\0\1\2binary\0");
    watch();

    assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.REFUSED);
    assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.REFUSED);

    assertThat(names("failed")).hasSize(4).filteredOn(name -> name.endsWith(".txt")).hasSize(2);
    for (String name : names("failed")) {
      if (name.endsWith(".txt")) {
        assertThat(Files.readString(rehearsal.inbox().resolve("failed").resolve(name)))
            .hasSizeGreaterThan(20);
      }
    }
    assertThat(rehearsal.app.size()).isZero();
  }

  @Test
  void aFileWithOnlyAHeaderIsDone() throws Exception {
    drop("customers.csv", "code,name\n");
    watch();
    var run = rehearsal.awaitRun();
    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(run.report().counts()).isEqualTo(Counts.NONE);
    assertThat(names("done")).hasSize(1);
  }

  @Test
  void anUnknownColumnGoesToFailed() throws Exception {
    drop("customers.csv", "code,nmae\nA,Abe\n");
    watch();
    var run = rehearsal.awaitRun();
    assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(run.report().reason()).contains("nmae", "name");
    assertThat(names("failed")).hasSize(2);
  }

  @Test
  void aFileThatKintoneCannotTakeNowStaysAndHoldsBackTheLaterOnes() throws Exception {
    rehearsal.simulator.faults().add(Fault.error(401, "CB_AU01").times(1));
    drop("a.csv", "code,name\nA,first\n");
    drop("b.csv", "code,name\nA,second\n");
    age("a.csv", 60);
    age("b.csv", 30);
    watch();

    var refused = rehearsal.awaitRun();
    assertThat(refused.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(names("")).containsExactly("a.csv", "b.csv");
    passThePause();

    assertThat(rehearsal.awaitRun().report().source()).endsWith("a.csv");
    assertThat(rehearsal.awaitRun().report().source()).endsWith("b.csv");
    assertThat(rehearsal.held("name")).isEqualTo(Map.of("A", "second"));
  }

  @Test
  void aTokenRevokedInTheMiddleStopsTheRunAndKeepsTheFile() throws Exception {
    rehearsal.simulator.faults().add(Fault.error(400, "GAIA_IA02").on("POST", "/records.json"));
    drop("customers.csv", "code,name\nA,Abe\n");
    watch();

    var stopped = rehearsal.awaitRun();

    assertThat(stopped.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(stopped.report().counts()).isEqualTo(new Counts(1, 0, 0, 0, 0, 0, 1));
    assertThat(names("")).containsExactly("customers.csv");
    passThePause();
    assertThat(rehearsal.awaitRun().report().counts().inserted()).isEqualTo(1);
  }

  @Test
  void withoutAPlaceForTheRunFolderTheFileStaysAndOneSentenceSaysWhy() throws Exception {
    Files.writeString(home.resolve("runs"), "a file where a folder should be");
    drop("customers.csv", "code,name\nA,Abe\n");
    watch();

    assertThat(rehearsal.awaitSaid()).contains("runs");
    assertThat(names("")).containsExactly("customers.csv");
    assertThat(rehearsal.app.size()).isZero();

    Files.delete(home.resolve("runs"));
    passThePause();
    assertThat(rehearsal.awaitRun().report().counts().inserted()).isEqualTo(1);
  }

  @Test
  void aReportThatCannotBeWrittenStopsTheRunAndKeepsTheFile() throws Exception {
    var inTheWay = new AtomicReference<Path>();
    rehearsal.crossing.before(
        "POST",
        "/records.json",
        1,
        () -> {
          String name = rehearsal.journal().runs(1).get(0).run();
          inTheWay.set(home.resolve("runs").resolve(name).resolve("report.json.tmp"));
          assertThat(inTheWay.get().resolve("folder").toFile().mkdirs()).isTrue();
        });
    drop("customers.csv", "code,name\nA,Abe\n");
    watch();

    var stopped = rehearsal.awaitRun();

    assertThat(stopped.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(stopped.report().counts()).isEqualTo(new Counts(1, 1, 0, 0, 0, 0, 0));
    assertThat(stopped.reason().toString()).contains("cannot be written", "free disk space");
    assertThat(names("")).containsExactly("customers.csv");
    passThePause();
    assertThat(rehearsal.awaitRun().report().counts().unchanged()).isEqualTo(1);
    assertThat(names("")).isEmpty();
  }

  @Test
  void aFileThatSomebodyTakesAwayWhileItIsSyncedIsSyncedAllTheSame() throws Exception {
    rehearsal.crossing.before(
        "POST",
        "/records.json",
        1,
        () -> assertThat(rehearsal.inbox().resolve("customers.csv").toFile().delete()).isTrue());
    drop("customers.csv", "code,name\nA,Abe\n");
    watch();

    var run = rehearsal.awaitRun();

    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(rehearsal.held("name")).isEqualTo(Map.of("A", "Abe"));
  }

  @Test
  void rejectsDroppedInAgainRunAlone() throws Exception {
    watch();
    drop("customers.csv", "code,name,amount\nA,Abe,1\nB,Baba,x\nC,Chiba,3\n");
    var first = rehearsal.awaitRun();
    assertThat(first.report().counts().rejected()).isEqualTo(1);
    String mended =
        Files.readString(Path.of(first.report().rejectsFile())).replace("Baba,x", "Baba,2");
    drop("customers-mended.csv", mended);

    var second = rehearsal.awaitRun();

    assertThat(second.report().counts()).isEqualTo(new Counts(1, 1, 0, 0, 0, 0, 0));
    assertThat(rehearsal.held("amount")).isEqualTo(Map.of("A", "1", "B", "2", "C", "3"));
  }

  @Test
  void aRejectedRowThatComesBackWithAnotherKeyIsRefused() throws Exception {
    watch();
    drop("customers.csv", "code,amount\n0012,x\n");
    var first = rehearsal.awaitRun();
    String mended =
        Files.readString(Path.of(first.report().rejectsFile())).replace("0012,x", "12,2");
    drop("customers-mended.csv", mended);

    var second = rehearsal.awaitRun();

    assertThat(second.report().counts()).isEqualTo(new Counts(1, 0, 0, 0, 0, 1, 0));
    assertThat(Rehearsal.rejects(second).get(1)).contains("0012", "leading zero");
    assertThat(rehearsal.app.size()).isZero();
  }

  @Test
  void filesOfEditorsAndUnfinishedCopiesAreNoInput() throws Exception {
    drop("~$customers.xlsx", "x");
    drop(".hidden.csv", "code,name\nH,h\n");
    drop("customers.csv.part", "code,name\nP,p\n");
    drop("customers.tmp", "code,name\nT,t\n");
    drop("Thumbs.db", "x");
    drop("z.csv", "code,name\nA,Abe\n");
    watch();
    rehearsal.awaitRun();
    assertThat(rehearsal.held("name")).isEqualTo(Map.of("A", "Abe"));
    assertThat(names("")).hasSize(5);
  }

  /** The pause after a run that stopped, which has begun when that is told. */
  private void passThePause() {
    rehearsal.clock.move(Duration.ofSeconds(6));
  }

  private void watch() {
    rehearsal.application().watch(rehearsal.job());
  }

  private void drop(String name, String content) throws IOException {
    Path part = rehearsal.inbox().resolve(name + ".part");
    Files.writeString(part, content, StandardCharsets.UTF_8);
    if (!name.endsWith(".part")) {
      Files.move(part, rehearsal.inbox().resolve(name));
    }
  }

  private void replace(String name, String content) {
    try {
      Path part = rehearsal.inbox().resolve(name + ".part");
      Files.writeString(part, content, StandardCharsets.UTF_8);
      Files.move(part, rehearsal.inbox().resolve(name), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void append(String name, String content) {
    try {
      Files.writeString(rehearsal.inbox().resolve(name), content, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void age(String name, int seconds) throws IOException {
    Files.setLastModifiedTime(
        rehearsal.inbox().resolve(name), FileTime.from(Instant.now().minusSeconds(seconds)));
  }

  private TreeSet<String> names(String folder) throws IOException {
    try (var files = Files.list(rehearsal.inbox().resolve(folder))) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".camelLock") && !name.equals(".kintone-sync.lock"))
          .collect(toCollection(TreeSet::new));
    }
  }
}
