package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.file.WaitingFiles;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * A dropped file with an odd name or odd rights holds nothing up, and one that is named by hand is
 * looked at like any other.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "links and pipes are made as on POSIX systems")
class HostileNamesTest extends HostileFolder {
  @Test
  void whatKilledRunsAndOtherProgramsLeaveBehindIsNoInput() throws Exception {
    for (String name :
        List.of("a.csv.camelLock", "A.CSV.CAMELLOCK", "done", "Failed", ".Kintone-Sync.lock")) {
      Files.writeString(inbox(name), "code,name\nX,x\n");
    }
    assertThat(WaitingFiles.in(rehearsal.inbox(), null)).isEmpty();
    assertThat(WaitingFiles.isInput("REJECTS")).isFalse();
    assertThat(WaitingFiles.isInput("x.csv.kintone-sync-1.csv")).isFalse();
    assertThat(WaitingFiles.isInput("done.csv")).isTrue();
  }

  @Test
  void aRunLeavesNoLockFileOfCamelsBehind() throws Exception {
    rehearsal.crossing.before(
        "POST",
        "/records.json",
        1,
        () -> assertThat(inbox("a.csv.camelLock")).as("while a run is in work").doesNotExist());
    watch();
    good("a.csv");
    assertThat(rehearsal.held("name")).containsEntry("a.csv", "good");
  }

  @Test
  void namesWithNewlinesAndEscapesBreakNothing() throws Exception {
    String bell = "b\u001b[31m\u0007.csv";
    drop("a\nb.csv", "A");
    drop(bell, "B");
    drop("ｃ\u202e；$(id)&'\".csv", "C");
    watch();

    for (int i = 0; i < 3; i++) {
      assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.COMPLETED);
    }
    assertThat(rehearsal.held("name")).containsOnlyKeys("A", "B", "C");
    assertThat(names(inbox("done"))).hasSize(3);
  }

  /** Linux takes 255 bytes, and what a file becomes has a longer name than the file. */
  @Test
  void theLongestNamesAreReadOnceAndKeptShortened() throws Exception {
    String longest = "あ".repeat(81) + "ab.csv";
    Rehearsal.drop(rehearsal.inbox(), longest, "code,amount\nA,1\nB,many\n");
    String refused = "顧".repeat(81) + "cd.csv";
    Rehearsal.drop(rehearsal.inbox(), refused, "code,unheard-of-column\nA,x\n");

    var runs = rehearsal.application().runner().runWaiting(rehearsal.job());

    assertThat(runs)
        .extracting(run -> run.report().state())
        .containsExactlyInAnyOrder(RunState.COMPLETED_WITH_REJECTS, RunState.REFUSED);
    assertThat(names(inbox("done"))).singleElement().asString().startsWith("あああ").endsWith(".csv");
    assertThat(names(inbox("rejects"))).hasSize(1);
    assertThat(names(inbox("failed"))).hasSize(2).allMatch(name -> name.startsWith("顧顧顧"));
    assertThat(WaitingFiles.in(rehearsal.inbox(), null)).isEmpty();
  }

  /** It would be read again and again, and no other file. */
  @Test
  void afterAFileThatCannotBeMovedNoOtherOneIsRead() throws Exception {
    rehearsal.crossing.before("POST", "/records.json", 1, () -> makeFile(inbox("done")));
    drop("a.csv", "A");
    drop("b.csv", "B");

    var runs = rehearsal.application().runner().runWaiting(rehearsal.job());

    assertThat(runs)
        .singleElement()
        .extracting(RunResult::disposition)
        .isEqualTo(RunResult.Disposition.STAYS);
    assertThat(rehearsal.held("name")).hasSize(1);
    assertThat(WaitingFiles.in(rehearsal.inbox(), null)).hasSize(2);
  }

  private static void makeFile(Path file) {
    try {
      Files.writeString(file, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aFileThatMayNotBeReadGoesToFailedOrIsReadByRoot() throws Exception {
    drop("a.csv", "A");
    Files.setPosixFilePermissions(inbox("a.csv"), PosixFilePermissions.fromString("---------"));
    oldest("a.csv");
    watch();
    var state = rehearsal.awaitRun().report().state();
    assertThat(state).isIn(RunState.REFUSED, RunState.COMPLETED);

    good("b.csv");
  }

  @Test
  void whatIsMadeOfAFileHasNoWiderRightsThanTheFile() throws Exception {
    var narrow = PosixFilePermissions.fromString("rw-r-----");
    Rehearsal.drop(rehearsal.inbox(), "rejected.csv", "code,amount\nA,x\nB,2\n");
    Files.setPosixFilePermissions(inbox("rejected.csv"), narrow);
    Rehearsal.drop(rehearsal.inbox(), "refused.csv", "code,unheard-of-column\nA,x\n");
    Files.setPosixFilePermissions(inbox("refused.csv"), narrow);
    watch();
    rehearsal.awaitRun();
    rehearsal.awaitRun();

    try (var rejects = Files.list(inbox("rejects"));
        var failed = Files.list(inbox("failed"))) {
      var made = Stream.concat(rejects, failed).toList();
      assertThat(made).hasSize(3);
      for (Path file : made) {
        assertThat(Files.getPosixFilePermissions(file)).as(file.toString()).isEqualTo(narrow);
      }
    }
  }

  @Test
  void aNameThatIsNoTextOfThisComputerIsPassedOver() throws Exception {
    mangledName();
    drop("b.csv", "B");
    var job = rehearsal.jobWith("schedule = every 1h");

    rehearsal.application().watch(job);
    rehearsal.application().runNow("customers");
    rehearsal.awaitRun();

    assertThat(rehearsal.held("name")).containsOnlyKeys("B");
    assertThat(rehearsal.runWithin(1000)).as("a run of a file without a name").isNull();
  }

  private void mangledName() throws Exception {
    var made =
        new ProcessBuilder("sh", "-c", "printf 'code,name\\nX,x\\n' > \"$(printf 'a\\377.csv')\"")
            .directory(rehearsal.inbox().toFile())
            .start();
    assumeTrue(made.waitFor(10, TimeUnit.SECONDS) && made.exitValue() == 0, "no such name here");
  }

  @Test
  void aLinkThatIsNamedByHandIsRead() throws Exception {
    Path file = rehearsal.csv("code,name", "A,Abe");
    Path named = Files.createSymbolicLink(home.resolve("named.csv"), file);

    assertThat(byHand(named).report().counts().inserted()).isEqualTo(1);
  }

  @Test
  void aPipeOrADeviceThatIsNamedByHandIsRefused() throws Exception {
    pipe("p.csv");
    Path link = Files.createSymbolicLink(home.resolve("link-to-pipe.csv"), inbox("p.csv"));
    for (Path named : List.of(inbox("p.csv"), link, Path.of("/dev/zero"))) {
      var run = byHand(named);
      assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
      assertThat(String.valueOf(run.reason())).contains("pipe", "to a file");
    }
  }

  private RunResult byHand(Path file) {
    return rehearsal.application().runner().run(rehearsal.job().on(new Source.OneFile(file)));
  }
}
