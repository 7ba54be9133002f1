package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.file.WaitingFiles;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whoever may drop files into a watched folder gets nothing else by it: what is no ordinary file of
 * the folder is never opened, nothing is moved or written through a link, and the good files beside
 * it are synced.
 */
@Order(1) // it waits long
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "links and pipes are made as on POSIX systems")
class HostileFolderTest {
  private static final String SECRET = "hunter2-of-the-service";

  @TempDir Path home;
  private Rehearsal rehearsal;
  private Path elsewhere;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home);
    Files.createDirectories(rehearsal.inbox());
    elsewhere = Files.createDirectories(home.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("secret.csv"), SECRET + ",name\nS,secret\n");
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  @Test
  void aLinkToAFileIsPassedOverAndToldOnceAndNothingOfItIsSeen() throws Exception {
    link("a.csv", elsewhere.resolve("secret.csv"));
    oldest("a.csv");
    watch();
    good("b.csv");
    good("c.csv");

    assertThat(rehearsal.allSaid()).filteredOn(said -> said.contains("a.csv")).hasSize(1);
    assertThat(Files.isSymbolicLink(inbox("a.csv"))).isTrue();
    assertThat(inbox("failed")).doesNotExist();
    nothingLeaks();
  }

  @Test
  void linksToDevicesFoldersNothingAndThemselvesArePassedOver() throws Exception {
    link("device.csv", Path.of("/dev/zero"));
    link("folder.csv", elsewhere);
    link("nothing.csv", elsewhere.resolve("not-there.csv"));
    link("loop.csv", inbox("loop.csv"));
    link("inside.csv", inbox("good.csv"));
    watch();

    good("good.csv");

    assertThat(links()).isEqualTo(5);
    assertThat(WaitingFiles.in(rehearsal.inbox(), null)).isEmpty();
    nothingLeaks();
  }

  @Test
  void aSecondNameOfAFileElsewhereIsPassedOver() throws Exception {
    Files.createLink(inbox("a.csv"), elsewhere.resolve("secret.csv"));
    oldest("a.csv");
    watch();

    good("b.csv");

    assertThat(inbox("a.csv")).exists();
    nothingLeaks();
  }

  @Test
  void pipesSocketsAndFoldersThatLookLikeFilesHoldNothingUp() throws Exception {
    pipe("a-pipe.csv");
    Files.createDirectories(inbox("a-folder.csv"));
    try (var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(socketPath()));
      watch();

      good("b.csv");
    }
    assertThat(inbox("a-pipe.csv")).exists();
    assertThat(inbox("a-folder.csv")).isDirectory();
  }

  /** The path of a socket may have about a hundred characters. */
  private Path socketPath() {
    Path socket = inbox("a.csv");
    assumeTrue(socket.toString().length() < 100, "the temporary folder has too long a name");
    return socket;
  }

  @ParameterizedTest
  @ValueSource(strings = {"done", "failed", "rejects", ".kintone-sync.lock"})
  void aLinkInThePlaceOfOurOwnIsNeverFollowedAndOneSentenceSaysSo(String ours) throws Exception {
    watch();
    good("first.csv");
    Path target = Files.createDirectories(elsewhere.resolve("lib"));
    Files.writeString(target.resolve("kept.txt"), SECRET);
    Path aimed = ours.startsWith(".") ? target.resolve("kept.txt") : target;
    deleteTree(inbox(ours));
    link(ours, aimed);

    for (int i = 0; i < 20; i++) {
      drop("later" + i + ".csv", "L" + i);
    }
    Rehearsal.drop(rehearsal.inbox(), "evil.jar", "\0\0\1\2binary\0");
    Files.setLastModifiedTime(inbox("evil.jar"), FileTime.from(Instant.now().minusSeconds(3600)));

    assertThat(rehearsal.awaitSaid()).contains(ours, rehearsal.inbox().toString());
    assertThat(inbox("evil.jar")).exists();
    assertThat(names(target)).containsExactly("kept.txt");
    assertThat(target.resolve("kept.txt")).hasContent(SECRET);
    assertThatThrownBy(() -> rehearsal.application().runner().check(rehearsal.job()))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining(ours);

    Files.delete(inbox(ours));
    rehearsal.clock.move(Duration.ofSeconds(6)); // one attempt and its pause, for all the files
    assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.REFUSED);
    assertThat(names(inbox("failed"))).hasSize(2);
  }

  @Test
  void aLinkPutInThePlaceOfDoneDuringARunIsNotFollowed() throws Exception {
    Path target = Files.createDirectories(elsewhere.resolve("lib"));
    rehearsal.crossing.before("POST", "/records.json", 1, () -> link("done", target));
    drop("customers.csv", "A");
    watch();

    assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.COMPLETED);

    assertThat(rehearsal.awaitSaid()).contains("done");
    assertThat(names(target)).isEmpty();
    assertThat(inbox("customers.csv")).exists();
  }

  @Test
  void aLinkPutInThePlaceOfRejectsDuringARunIsNotFollowed() throws Exception {
    Path target = Files.createDirectories(elsewhere.resolve("lib"));
    rehearsal.crossing.before("POST", "/records.json", 1, () -> link("rejects", target));
    Rehearsal.drop(rehearsal.inbox(), "customers.csv", "code,amount\nA,1\nB,x\n");
    watch();

    var run = rehearsal.awaitRun();

    assertThat(run.report().counts().rejected()).isEqualTo(1);
    assertThat(names(target)).isEmpty();
    assertThat(Path.of(run.report().rejectsFile())).startsWith(home.resolve("runs")).exists();
  }

  @Test
  void aFileSwappedForALinkBeforeItIsOpenedIsNotRead() throws Exception {
    // the app is read first, then the file is opened
    rehearsal.crossing.before("GET", "/form/fields.json", 1, () -> swap("a.csv"));
    drop("a.csv", "A");
    oldest("a.csv");
    watch();
    rehearsal.awaitRun();
    rehearsal.clock.move(Duration.ofMinutes(11));

    good("b.csv");

    assertThat(Files.isSymbolicLink(inbox("a.csv"))).isTrue();
    nothingLeaks();
  }

  @Test
  void aFileSwappedForALinkWhileItIsReadIsNotTakenForIt() throws Exception {
    rehearsal.crossing.before("POST", "/records.json", 1, () -> swap("a.csv"));
    drop("a.csv", "A");
    oldest("a.csv");
    watch();
    rehearsal.awaitRun();
    rehearsal.clock.move(Duration.ofMinutes(11));

    good("b.csv");

    assertThat(Files.isSymbolicLink(inbox("a.csv"))).isTrue();
    nothingLeaks();
  }

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
  void hundredsOfLinksAndVanishingFilesHoldNothingUp() throws Exception {
    for (int i = 0; i < 300; i++) {
      link("a" + i + ".csv", elsewhere.resolve("secret.csv"));
      drop("gone" + i + ".csv", "G" + i);
    }
    rehearsal.crossing.before("POST", "/records.json", 1, this::deleteGone);
    watch();
    rehearsal.awaitRun();
    rehearsal.clock.move(Duration.ofMinutes(11));

    good("z.csv");

    assertThat(rehearsal.allSaid()).filteredOn(said -> said.contains("a")).hasSizeLessThan(60);
    nothingLeaks();
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
  void scheduledReadingRunsOnRequestAndPlansHaveTheSameEyes() throws Exception {
    link("a.csv", elsewhere.resolve("secret.csv"));
    pipe("b.csv");
    Files.writeString(inbox("c.csv.camelLock"), "x");
    drop("d.csv", "D");
    var job = rehearsal.jobWith("schedule = every 1h");

    assertThat(rehearsal.application().runner().check(job).waiting()).isEqualTo(1);
    assertThat(rehearsal.application().runner().plan(job)).hasSize(1);
    assertThat(rehearsal.runNow(job).report().source()).endsWith("d.csv");

    rehearsal.application().watch(job);
    drop("e.csv", "E");
    rehearsal.application().runNow("customers");
    awaitRunOf("e.csv");
    assertThat(rehearsal.held("name")).containsOnlyKeys("D", "E");
    assertThat(rehearsal.allSaid()).anyMatch(said -> said.contains("a.csv"));
    nothingLeaks();
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

  /** A good file goes through: it is synced and lies in {@code done/}. */
  private void good(String name) throws Exception {
    drop(name, name);
    assertThat(awaitRunOf(name).report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(rehearsal.held("name")).containsEntry(name, "good");
  }

  private RunResult awaitRunOf(String name) throws InterruptedException {
    while (true) {
      var run = rehearsal.awaitRun();
      if (run.report().source().endsWith("/" + name)) {
        return run;
      }
    }
  }

  private Path drop(String name, String key) throws IOException {
    return Rehearsal.drop(rehearsal.inbox(), name, "code,name\n" + key + ",good\n");
  }

  private void watch() {
    rehearsal.application().watch(rehearsal.job());
  }

  private Path inbox(String name) {
    return rehearsal.inbox().resolve(name);
  }

  private void link(String name, Path target) {
    try {
      Files.createSymbolicLink(inbox(name), target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void swap(String name) {
    try {
      Files.delete(inbox(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    link(name, elsewhere.resolve("secret.csv"));
  }

  private void deleteGone() {
    for (int i = 0; i < 300; i++) {
      try {
        Files.deleteIfExists(inbox("gone" + i + ".csv"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void pipe(String name) throws Exception {
    var made = new ProcessBuilder("mkfifo", inbox(name).toString()).start();
    assertThat(made.waitFor(10, TimeUnit.SECONDS) && made.exitValue() == 0).isTrue();
  }

  private void oldest(String name) throws IOException {
    if (!Files.isSymbolicLink(inbox(name))) {
      Files.setLastModifiedTime(inbox(name), FileTime.from(Instant.now().minusSeconds(3600)));
    }
  }

  private long links() throws IOException {
    try (var files = Files.list(rehearsal.inbox())) {
      return files.filter(Files::isSymbolicLink).count();
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  private static void deleteTree(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (var files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Neither Kintone nor any file of ours holds anything of what lies elsewhere. */
  private void nothingLeaks() throws IOException {
    assertThat(rehearsal.held("name")).doesNotContainKey("S");
    assertThat(rehearsal.allSaid()).noneMatch(said -> said.contains(SECRET));
    var seen = new TreeMap<String, Boolean>();
    try (var files = Files.walk(home)) {
      for (Path file : files.filter(HostileFolderTest::isOurs).toList()) {
        seen.put(
            home.relativize(file).toString(),
            Files.readString(file, StandardCharsets.ISO_8859_1).contains(SECRET));
      }
    }
    seen.keySet().removeIf(name -> name.startsWith("elsewhere") || name.startsWith("journal"));
    seen.keySet().removeIf(name -> isSecondName(home.resolve(name)));
    assertThat(seen).isNotEmpty().doesNotContainValue(true);
    assertThat(rehearsal.simulator.requests().toString()).doesNotContain(SECRET);
  }

  private static boolean isOurs(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isSecondName(Path file) {
    try {
      return (int) Files.getAttribute(file, "unix:nlink") > 1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
