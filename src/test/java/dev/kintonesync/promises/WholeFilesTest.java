package dev.kintonesync.promises;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.file.DoneFile;
import dev.kintonesync.source.file.WaitingFiles;
import dev.kintonesync.sync.RunState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Only whole files are read: one that is still being written waits, and what a program writes to a
 * file after it was read is read too.
 */
class WholeFilesTest {
  private static final Duration QUIET = Duration.ofMillis(100);

  /** Six times as long as any test takes to write the rest of a file. */
  private static final Duration LONG = Duration.ofSeconds(20);

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
  @EnabledOnOs(OS.LINUX)
  void aFileThatAProgramHasOpenWaitsHoweverLongTheProgramPauses() throws Exception {
    watch(QUIET, null);
    try (var writer = Files.newOutputStream(inbox("slow.csv"))) {
      writer.write("code,name\nA1,x\n".getBytes(UTF_8));
      rehearsal.drop("other.csv", "code,name", "B1,y");
      rehearsal.awaitRun();
      assertThat(rehearsal.held("code").keySet()).containsExactly("B1");
      rehearsal.drop("another.csv", "code,name", "B2,y");
      rehearsal.awaitRun();
      writer.write("A2,x\n".getBytes(UTF_8));
    }
    assertThat(rehearsal.awaitRun().report().counts().inserted()).isEqualTo(2);
    assertThat(rehearsal.held("code").keySet()).containsExactlyInAnyOrder("A1", "A2", "B1", "B2");
  }

  @Test
  void aFileThatHasJustChangedWaits() throws Exception {
    Job job = job(LONG, null);
    Path file = rehearsal.drop("a.csv", "code,name", "A1,x");
    assertThat(String.valueOf(rehearsal.application().runner().notYet(job)))
        .contains("a.csv", "quiet-time");

    age(file, 1);
    assertThat(rehearsal.application().runner().runWaiting(job)).hasSize(1);
  }

  @Test
  void whatIsWrittenToAFileThatWasMovedToDoneIsReadTooAndTold() throws Exception {
    watch(QUIET, null);
    rehearsal.drop("slow.csv", lines(0, 100));
    rehearsal.awaitRun();

    Files.writeString(onlyIn("done"), rows(100, 500), StandardOpenOption.APPEND);

    assertThat(rehearsal.awaitRun().report().counts().inserted()).isEqualTo(400);
    assertThat(rehearsal.held("code").keySet()).hasSize(500);
    assertThat(rehearsal.allSaid()).anyMatch(said -> said.contains("after it had been read"));
    assertThat(onlyIn("done")).content().endsWith("K00499,name\n");
  }

  @Test
  void thatIsNoticedByTheNextProgramToo() throws Exception {
    Job job = job(QUIET, null);
    rehearsal.drop("slow.csv", lines(0, 100));
    rehearsal.application().runner().runWaiting(job);
    Files.writeString(onlyIn("done"), rows(100, 500), StandardOpenOption.APPEND);

    assertThat(rehearsal.application().runner().runWaiting(job)).hasSize(1);
    assertThat(rehearsal.held("code").keySet()).hasSize(500);
    assertThat(rehearsal.application().runner().runWaiting(job))
        .as("nothing has changed since")
        .isEmpty();
  }

  @Test
  void aRefusedFileThatGoesOnGrowingIsReadAgain() throws Exception {
    watch(QUIET, null);
    byte[] whole = zip(String.join("\n", lines(0, 100)) + "\n");
    Files.write(inbox("cut.zip"), Arrays.copyOf(whole, whole.length - 40));
    assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.REFUSED);

    Path failed =
        files("failed").stream().filter(file -> file.toString().endsWith(".zip")).findAny().get();
    Files.write(failed, whole);

    assertThat(rehearsal.awaitRun().report().counts().inserted()).isEqualTo(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut.csv", "cut.json", "cut.jsonl", "cut.zip"})
  void aFileWhoseEndLooksCutOffIsWaitedForAndNewerOnesWithIt(String name) throws Exception {
    byte[] whole =
        switch (name) {
          case "cut.csv" -> "code,name\nA1,x\nA2,x\n".getBytes(UTF_8);
          case "cut.json" -> "[{\"code\":\"A1\"},{\"code\":\"A2\"}]".getBytes(UTF_8);
          case "cut.jsonl" -> "{\"code\":\"A1\"}\n{\"code\":\"A2\"}\n".getBytes(UTF_8);
          default -> zip("code,name\nA1,x\nA2,x\n");
        };
    Job job = job(LONG, null);
    Path file = age(Files.write(inbox(name), Arrays.copyOf(whole, whole.length - 3)), 2);
    Path newer = age(rehearsal.drop("newer.csv", "code,name", "A1,new"), 1.5);

    assertThat(String.valueOf(rehearsal.application().runner().notYet(job)))
        .contains(name, "cut off");
    age(Files.write(file, whole), 2);
    assertThat(rehearsal.application().runner().runWaiting(job)).hasSize(2);
    assertThat(rehearsal.held("name")).containsEntry("A1", "new");
    assertThat(newer).doesNotExist();
  }

  /** Sets a file's time back by so many quiet times. */
  private static Path age(Path file, double times) throws IOException {
    long before = System.currentTimeMillis() - (long) (LONG.toMillis() * times);
    return Files.setLastModifiedTime(file, FileTime.fromMillis(before));
  }

  @Test
  void withoutALineEndAtItsEndAFileIsReadAllTheSame() throws Exception {
    watch(QUIET, null);
    Files.writeString(inbox("a.csv"), "code,name\nA1,x\nA2,x");

    assertThat(rehearsal.awaitRun().report().counts().inserted()).isEqualTo(2);
  }

  @Test
  void withADoneFileNothingElseCounts() throws Exception {
    watch(LONG, new DoneFile("NAME.done"));
    Files.writeString(inbox("b.csv"), "code,name\nB1,x\n");
    Files.writeString(inbox("a.csv"), "code,name\nA1,x\nA2,x");
    Files.createFile(inbox("a.csv.done"));

    assertThat(rehearsal.awaitRun().report().counts().inserted()).isEqualTo(2);
    assertThat(rehearsal.held("code").keySet()).containsExactlyInAnyOrder("A1", "A2");
    Patience.await().untilAsserted(() -> assertThat(inbox("a.csv.done")).doesNotExist());
    assertThat(inbox("b.csv")).exists();
  }

  @Test
  void aFileThatStillChangesIsLeftByARunThatDoesNotWatch() throws Exception {
    Job job = job(Duration.ofMillis(300), new DoneFile("NAME.ok"));
    Files.writeString(inbox("b.csv"), "code,name\nB1,x\n");

    assertThat(rehearsal.application().runner().runWaiting(job)).isEmpty();
    assertThat(String.valueOf(rehearsal.application().runner().notYet(job)))
        .contains("b.csv", "b.csv.ok", "done-file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "big.csv.filepart",
        "x.csv.crdownload",
        "y.csv.partial",
        "z.csv~",
        "a.csv.part",
        "a.csv.tmp",
        "#a.csv#",
        "a.CSV.FilePart",
        ".a.csv.Xy12Zw",
        "a.csv.aria2",
        "~$a.xlsx",
        ".~lock.a.ods#",
        "a.csv.swp",
        "a.csv.opdownload",
        "Unconfirmed 12.crdownload"
      })
  void aFileInTransferIsNoInput(String name) {
    assertThat(WaitingFiles.isInput(name)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"part.csv", "download.csv", "a.partial.csv", "tmp", "a b.CSV"})
  void anyOtherNameIs(String name) {
    assertThat(WaitingFiles.isInput(name)).isTrue();
  }

  private void watch(Duration quiet, DoneFile doneFile) {
    rehearsal.application().watch(job(quiet, doneFile));
  }

  private Job job(Duration quiet, DoneFile doneFile) {
    return rehearsal.jobOn(new Source.Folder(rehearsal.inbox(), quiet, doneFile));
  }

  private Path inbox(String name) {
    return rehearsal.inbox().resolve(name);
  }

  private Path onlyIn(String folder) throws IOException {
    Patience.await().until(() -> Files.isDirectory(inbox(folder)) && files(folder).size() == 1);
    return files(folder).get(0);
  }

  private List<Path> files(String folder) throws IOException {
    try (var files = Files.list(inbox(folder))) {
      return files.toList();
    }
  }

  private static String[] lines(int from, int to) {
    return ("code,name\n" + rows(from, to)).stripTrailing().split("\n");
  }

  private static String rows(int from, int to) {
    return IntStream.range(from, to).mapToObj("K%05d,name\n"::formatted).reduce("", String::concat);
  }

  private static byte[] zip(String csv) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("a.csv"));
      OutputStream entry = zip;
      entry.write(csv.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }
}
