package dev.kintonesync.journal;

import static dev.kintonesync.journal.SampleReports.COUNTS;
import static dev.kintonesync.journal.SampleReports.completed;
import static dev.kintonesync.journal.SampleReports.running;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.kintonesync.Patience;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is special about a journal in a file. */
class JournalFileTest {
  @TempDir Path home;

  @Test
  void anInterruptedThreadDoesNotCloseTheFile() {
    try (var journal = open()) {
      journal.begun(running("r1"));
      Thread.currentThread().interrupt();
      journal.settled("r1", 0, COUNTS);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(journal.run("r1").orElseThrow().counts()).isEqualTo(COUNTS);
    }
  }

  /** As a page does that is asked for as its service ends. */
  @Test
  void whatIsAskedWhileItClosesDoesNotOpenItAgain() throws InterruptedException {
    var database = new H2Database(home.resolve("journal"));
    var busy = new CountDownLatch(1);
    var first = new Thread(() -> database.call(open -> await(busy)), "first");
    var closing = new Thread(database::close, "closing");
    var failures = new LinkedBlockingQueue<Throwable>();
    var late = new Thread(() -> database.call(Connection::isReadOnly), "late");
    late.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
    for (Thread thread : List.of(first, closing, late)) {
      thread.start();
      Patience.await().until(() -> thread.getState() == Thread.State.WAITING);
    }
    busy.countDown();
    late.join(Patience.LIMIT.toMillis());
    assertThat(failures).singleElement().isInstanceOf(RejectedExecutionException.class);
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the thread of the journal", e);
    }
  }

  @Test
  void theServerForOtherProcessesListensOnThisMachineAlone() throws IOException {
    try (var journal = open()) {
      journal.begun(running("r1"));
      assertThat(Files.readString(home.resolve("journal/journal.lock.db")))
          .containsPattern("server=(localhost|127\\.0\\.0\\.1)\\\\:\\d+");
    }
  }

  /** By itself, H2 would try it at each end of a program, which waits for that. */
  @Test
  void aFileIsMadeSmallerOnceMostOfItIsDead() throws IOException {
    Path file = home.resolve("journal/journal.mv.db");
    try (var journal = open()) {
      journal.begun(running("r1"));
      while (Files.size(file) < 5_000_000) {
        journal.settled("r1", 0, COUNTS);
      }
    }
    assertThat(Files.size(file)).isGreaterThan(4_000_000);
    try (var journal = open()) {
      assertThat(journal.run("r1").orElseThrow().counts()).isEqualTo(COUNTS);
    }
    assertThat(Files.size(file)).isLessThan(1_000_000);
    try (var journal = open()) {
      assertThat(journal.run("r1").orElseThrow().counts()).isEqualTo(COUNTS);
    }
  }

  /** It had no password and fewer tables. */
  @Test
  void aFileOfVersion01IsTakenOverWithItsRuns() throws IOException {
    Files.createDirectories(home.resolve("journal"));
    Files.copy(
        Path.of("src/test/resources/journal/journal-0.1.mv.db"),
        home.resolve("journal/journal.mv.db"));
    for (int start = 1; start <= 2; start++) {
      try (var journal = open()) {
        assertThat(journal.runs("codes", 10))
            .singleElement()
            .satisfies(
                run -> {
                  assertThat(run.state()).isEqualTo(RunState.COMPLETED_WITH_REJECTS);
                  assertThat(run.source()).endsWith("inbox/two.csv");
                  assertThat(run.counts().inserted()).isOne();
                  assertThat(run.counts().rejected()).isOne();
                });
        journal.begun(running("r" + start));
      }
    }
    assertThat(home.resolve("journal/journal.password")).isNotEmptyFile();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nothing",
        "a byte",
        "a word",
        "text",
        "zeros",
        "noise",
        "cut short",
        "headers gone",
        "middle overwritten"
      })
  void aDamagedFileIsRefusedAndLeftAsItIs(String damage) throws IOException {
    try (var journal = open()) {
      for (int i = 0; i < 50; i++) {
        journal.ended(completed("r" + i, COUNTS));
      }
    }
    Path file = home.resolve("journal/journal.mv.db");
    byte[] damaged = damaged(Files.readAllBytes(file), damage);
    Files.write(file, damaged);
    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            UserErrorException.class,
            e -> {
              assertThat(e)
                  .hasMessageContaining(file + " is damaged")
                  .hasMessageContaining("move it away");
              assertThat(MessageBundle.JAPANESE.say(e.reason())).contains(file.toString(), "壊れている");
            });
    assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
  }

  /** What is cut off may have held nothing: H2 leaves free space at the end of its file. */
  @Test
  void aFileThatIsCutOffAnywhereIsRefusedUnlessNothingIsLost() throws IOException {
    for (int opened = 0; opened < 5; opened++) { // what is free in the middle is used again
      try (var journal = open()) {
        for (int i = 0; i < 50; i++) {
          journal.ended(completed("r" + i, COUNTS));
        }
      }
    }
    Path file = home.resolve("journal/journal.mv.db");
    byte[] whole = Files.readAllBytes(file);
    int refusals = 0;
    for (int blocks = 3; blocks < whole.length / 4096; blocks++) {
      byte[] cut = Arrays.copyOf(whole, blocks * 4096);
      Files.write(file, cut);
      try (var journal = open()) {
        assertThat(journal.runs(99)).as("what is left of %d blocks", blocks).hasSize(50);
      } catch (UserErrorException e) {
        assertThat(e).hasMessageContaining("is damaged");
        assertThat(Files.readAllBytes(file)).isEqualTo(cut);
        refusals++;
      }
    }
    assertThat(refusals).as("what lay at the end was needed at least once").isPositive();
  }

  @Test
  void inPlaceOfAJournalThatWasMovedAwayANewOneBegins() throws IOException {
    try (var journal = open()) {
      journal.ended(completed("r1", COUNTS));
    }
    Path moved = Files.move(home.resolve("journal/journal.mv.db"), home.resolve("moved"));
    try (var journal = open()) {
      assertThat(journal.runs(9)).isEmpty();
      journal.ended(completed("r2", COUNTS));
    }
    Files.move(moved, home.resolve("journal/journal.mv.db"), REPLACE_EXISTING);
    try (var journal = open()) {
      assertThat(journal.runs(9)).extracting(Report::run).containsExactly("r1");
    }
  }

  @Test
  void aFileThatAKilledProcessMadeAndDidNotFillIsNew() throws IOException {
    Files.createFile(Files.createDirectory(home.resolve("journal")).resolve("journal.mv.db"));
    try (var journal = open()) {
      assertThat(journal.runs(9)).isEmpty();
    }
  }

  @Test
  void aFileThatMayNotBeWrittenIsRefusedAndLeftAsItIs() throws IOException {
    open().close();
    Path file = home.resolve("journal/journal.mv.db");
    assumeThat(file.toFile().setReadOnly() && !Files.isWritable(file))
        .as("an administrator may write it all the same")
        .isTrue();
    byte[] before = Files.readAllBytes(file);
    assertThatThrownBy(this::open)
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining(file + " cannot be opened or written: no permission");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void aFolderThatCannotBeMadeIsRefusedInBothLanguages() throws IOException {
    Path file = Files.writeString(home.resolve("taken"), "a file where the folder should be");
    assertThatThrownBy(() -> Journal.open(file.resolve("journal")))
        .isInstanceOfSatisfying(
            UserErrorException.class,
            e -> {
              assertThat(e).hasMessageContaining("cannot be opened or written");
              assertThat(MessageBundle.JAPANESE.say(e.reason())).contains("書き込めません");
            });
  }

  private Journal open() {
    return Journal.open(home.resolve("journal"));
  }

  private static byte[] damaged(byte[] file, String damage) {
    byte[] noise = new byte[file.length];
    new Random(7).nextBytes(noise);
    byte[] damaged = file.clone();
    switch (damage) {
      case "nothing" -> damaged = new byte[0];
      case "a byte" -> damaged = new byte[1];
      case "a word" -> damaged = "hello".getBytes(UTF_8);
      case "text" -> damaged = "顧客コード,顧客名\r\n".repeat(500).getBytes(UTF_8);
      case "zeros" -> Arrays.fill(damaged, (byte) 0);
      case "noise" -> damaged = noise;
      case "cut short" -> damaged = Arrays.copyOf(file, 5000);
      case "headers gone" -> System.arraycopy(noise, 0, damaged, 0, 8192);
      default -> System.arraycopy(noise, 8192, damaged, 8192, file.length - 8192);
    }
    return damaged;
  }
}
