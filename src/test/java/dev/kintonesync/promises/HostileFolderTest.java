package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.file.WaitingFiles;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whoever may drop files into a watched folder gets nothing else by it: what is no ordinary file of
 * the folder is never opened, nothing is moved or written through a link, and the good files beside
 * it are synced.
 */
@Order(1) // it waits long
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "links and pipes are made as on POSIX systems")
class HostileFolderTest extends HostileFolder {
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

  private long links() throws IOException {
    try (var files = Files.list(rehearsal.inbox())) {
      return files.filter(Files::isSymbolicLink).count();
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
}
