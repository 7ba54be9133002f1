package dev.kintonesync.journal;

import static dev.kintonesync.journal.SampleReports.COUNTS;
import static dev.kintonesync.journal.SampleReports.START;
import static dev.kintonesync.journal.SampleReports.completed;
import static dev.kintonesync.journal.SampleReports.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Promise 3 as far as the journal keeps it: kill a process anywhere, and the others go on. */
@Order(1) // it waits long
class JournalBesideAnotherProcessTest {
  @TempDir Path home;
  private Path folder;

  @BeforeEach
  void folder() {
    folder = home.resolve("journal");
  }

  @Test
  void whatWasSettledIsThereAfterAKill() throws IOException {
    try (var other = OtherProcess.start("settle", folder)) {
      int last = settledAtLeast(other, 20);
      for (String line : other.kill()) {
        last = line.matches("\\d+") ? Math.max(last, Integer.parseInt(line)) : last;
      }
      try (var journal = Journal.open(folder)) {
        assertThat(journal.abandoned()).extracting(Report::run).containsExactly("other");
        Report run = journal.run("other").orElseThrow();
        assertThat(run.state()).isEqualTo(RunState.STOPPED);
        // one more may have been settled without having been told
        assertThat(run.counts().inserted()).isBetween(last + 1L, last + 2L);
        assertThat(run.counts().unprocessed()).isBetween(0L, 1L);
        assertThat(run.counts().addUp()).isTrue();
      }
    }
  }

  @Test
  void nothingThatWasSettledIsLostHoweverOftenItIsKilled() throws IOException {
    killedInARow(2);
  }

  @Test
  @Tag("sweep")
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void nothingThatWasSettledIsLostInTwentyKills() throws IOException {
    killedInARow(20);
  }

  /** What killed processes have settled, each after some batches more than the one before. */
  private void killedInARow(int kills) throws IOException {
    var settled = new LinkedHashMap<String, Long>();
    for (int kill = 0; kill < kills; kill++) {
      String run = "run-" + kill;
      try (var other = OtherProcess.settling(folder, run)) {
        int last = settledAtLeast(other, 1 + kill * 7 % 40);
        for (String line : other.kill()) {
          last = line.matches("\\d+") ? Math.max(last, Integer.parseInt(line)) : last;
        }
        settled.put(run, last + 1L);
      }
    }
    try (var journal = Journal.open(folder)) {
      journal.abandoned();
      for (var told : settled.entrySet()) {
        long kept = journal.run(told.getKey()).orElseThrow().counts().inserted();
        assertThat(kept).as(told.getKey()).isBetween(told.getValue(), told.getValue() + 1);
      }
    }
  }

  @Test
  void twoProcessesWriteTheSameFileAndSeeEachOther() throws IOException {
    try (var journal = Journal.open(folder);
        var other = OtherProcess.start("settle", folder)) {
      settledAtLeast(other, 5);
      journal.begun(running("ours"));
      journal.settled("ours", 0, COUNTS);
      assertThat(journal.runs(9)).extracting(Report::run).contains("ours", "other");
      assertThat(journal.run("other").orElseThrow().counts().inserted()).isGreaterThan(4);
      assertThat(journal.abandoned()).as("a run of a process that is there").isEmpty();
      settledAtLeast(other, 20);

      other.kill();
      assertThat(journal.abandoned()).extracting(Report::run).containsExactly("other");
      assertThat(journal.run("ours").orElseThrow().state()).isEqualTo(RunState.RUNNING);
    }
  }

  @Test
  void whenTheProcessThatServesTheFileIsKilledTheOtherTakesItOver() throws IOException {
    try (var other = OtherProcess.start("settle", folder)) {
      settledAtLeast(other, 5);
      try (var journal = Journal.open(folder)) {
        journal.begun(running("ours"));
        journal.settled("ours", 0, COUNTS);
        assertThat(journal.abandoned()).isEmpty();
        other.kill();
        journal.settled("ours", 1, COUNTS);
        journal.called("example.cybozu.com", "42", START, 1);
        journal.ended(completed("ours", COUNTS.plus(COUNTS)));
        assertThat(journal.abandoned()).extracting(Report::run).containsExactly("other");
        assertThat(journal.runs(9)).extracting(Report::run).containsExactly("ours", "other");
      }
    }
  }

  /** H2 waits where a lock file is, and refuses one of this content. */
  @Test
  void theLockFileOfAKilledProcessIsInNobodysWay() throws IOException {
    killedWithLock("method=unknown");
    try (var journal = Journal.open(folder)) {
      assertThat(journal.run("other")).isPresent();
    }

    killedWithLock("method=unknown");
    Path opening = Files.writeString(folder.resolve("journal.opening"), "another-computer");
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> Journal.open(folder)).isInstanceOf(UserErrorException.class);
      assertThat(folder.resolve("journal.lock.db")).as("of another computer").exists();
      assertThat(opening).as("who opened it last").hasContent("another-computer");
    }
  }

  private void killedWithLock(String content) throws IOException {
    try (var other = OtherProcess.start("settle", folder)) {
      settledAtLeast(other, 1);
      other.kill();
    }
    Files.writeString(folder.resolve("journal.lock.db"), content);
  }

  /** Such a process may be taking the file over, and looks for what it wrote. */
  @Test
  void aLockFileStaysWhereAProcessHasTheJournalOpen() throws IOException {
    try (var server = OtherProcess.start("settle", folder)) {
      settledAtLeast(server, 1);
      try (var journal = Journal.open(folder)) {
        server.kill();
        Path lock = Files.writeString(folder.resolve("journal.lock.db"), "method=unknown");
        assertThatThrownBy(() -> Journal.open(folder)).isInstanceOf(UserErrorException.class);
        assertThat(lock).hasContent("method=unknown");
        Files.delete(lock);
        assertThat(journal.run("other")).isPresent();
      }
    }
  }

  @Test
  void whenTheProcessThatServesTheFileClosesItTheOtherGoesOn() throws IOException {
    Journal first = Journal.open(folder);
    first.begun(running("ours"));
    try (var other = OtherProcess.start("settle", folder)) {
      int before = settledAtLeast(other, 5);
      first.close();
      settledAtLeast(other, before + 20);
      try (var again = Journal.open(folder)) {
        assertThat(again.abandoned()).extracting(Report::run).containsExactly("ours");
        assertThat(again.run("other").orElseThrow().counts().inserted()).isGreaterThan(20);
      }
    }
  }

  @Test
  void aRunIsEndedDuringTheShutdownThatASignalBegan() throws Exception {
    try (var other = OtherProcess.start("end-on-signal", folder)) {
      assertThat(other.nextLine()).isEqualTo("begun");
      assertThat(other.end()).isTrue();
    }
    try (var journal = Journal.open(folder)) {
      assertThat(journal.run("other")).contains(completed("other", COUNTS));
      assertThat(journal.abandoned()).isEmpty();
    }
  }

  @Test
  void aFileThatAnotherProgramKeepsToItselfIsRefused() throws IOException {
    Journal.open(folder).close();
    try (var other = OtherProcess.start("hold", folder)) {
      assertThat(other.nextLine()).isEqualTo("held");
      assertThatThrownBy(() -> Journal.open(folder))
          .isInstanceOf(UserErrorException.class)
          .hasMessageContaining("is in use by another program");
      other.goOn();
      assertThat(other.nextLine()).isEqualTo("true");
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aFullDiskIsSaidInWordsAndLosesNothingThatWasSettled() throws IOException {
    int settled = 0;
    String end = "";
    try (var other = OtherProcess.startOnAFullDisk("settle", folder)) {
      for (String line = other.nextLine(); line != null; line = other.nextLine()) {
        end = line;
        settled += line.matches("\\d+") ? 1 : 0;
      }
    }
    assertThat(end).contains("journal.mv.db cannot be opened or written", "free disk space");
    assertThat(settled).isPositive();
    try (var journal = Journal.open(folder)) {
      assertThat(journal.run("other").orElseThrow().counts().inserted()).isEqualTo(settled);
    }
  }

  /** Waits until the other has settled so many batches; the number of the last one. */
  private static int settledAtLeast(OtherProcess other, int batches) throws IOException {
    for (String line = other.nextLine(); line != null; line = other.nextLine()) {
      if (Integer.parseInt(line) >= batches - 1) {
        return Integer.parseInt(line);
      }
    }
    throw new AssertionError("the other process ended before it had settled " + batches);
  }
}
