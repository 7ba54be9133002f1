package dev.kintonesync.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.AtOnce;
import dev.kintonesync.message.MessageBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What only one may read. Each open journal stands for a process, unless a test starts one. */
@ParameterizedClass
@EnumSource
class LeasesTest {
  @Parameter JournalKind kind;
  @TempDir Path home;
  private Path inbox;
  private Journal journal;
  private Leases first;
  private Journal beside;
  private Leases second;

  @BeforeEach
  void open() throws IOException {
    inbox = Files.createDirectory(home.resolve("inbox"));
    journal = Journal.open(kind.location(home.resolve("journal")), "run", Clock.systemUTC());
    beside = Journal.open(kind.location(home.resolve("journal")), "import", Clock.systemUTC());
    first = journal.leases();
    second = beside.leases();
  }

  @AfterEach
  void close() {
    beside.close();
    journal.close();
  }

  @Test
  void theSecondIsToldInOneSentenceWhoHoldsIt() {
    first.job("得意先");
    assertThatThrownBy(() -> second.job("得意先"))
        .isInstanceOfSatisfying(
            LeasedException.class,
            e -> {
              String me = String.valueOf(ProcessHandle.current().pid());
              assertThat(e.held().toString())
                  .startsWith("Job 得意先 is being run by process " + me + " on ")
                  .contains(", since 20", "(kintone-sync run).");
              assertThat(e).hasMessageContaining("Run it again when that process has ended.");
              assertThat(MessageBundle.JAPANESE.say(e.reason())).contains("プロセス " + me, "実行中です");
            });
  }

  @Test
  void whatIsLetGoIsFreeForTheNext() {
    first.job("customers").close();
    second.job("customers").close();
    try (var both = first.watching("customers", inbox)) {
      assertThat(both.caveat()).isNull();
    }
    second.watching("customers", inbox).close();
  }

  @Test
  void aJobAndItsFolderAreHeldBothOrNeither() {
    var folder = first.watching("customers", inbox);
    assertThatThrownBy(() -> second.watching("orders", inbox))
        .isInstanceOf(LeasedException.class)
        .hasMessageContaining("The folder " + inbox + " is being read by process");
    second.job("orders").close(); // not left behind by the attempt
    folder.close();
    second.watching("orders", inbox);
  }

  @Test
  void aFileIsReadByOneAtATimeUnderWhateverName() throws IOException {
    Path file = Files.writeString(inbox.resolve("customers.csv"), "code\n1\n");
    Path link = Files.createSymbolicLink(home.resolve("link.csv"), file);
    var claim = first.file(file);
    assertThatThrownBy(() -> second.file(link))
        .isInstanceOf(LeasedException.class)
        .hasMessageContaining("The file " + link + " is being synced by process");
    second.file(Files.writeString(inbox.resolve("others.csv"), "code\n2\n")).close();
    claim.close();
    second.file(link);
  }

  @Test
  void filesOfAFolderAreReadTogetherButNotWhileItIsWatched() throws IOException {
    Path file = inbox.resolve("customers.csv");
    try (var never = first.folderOf(file)) {
      assertThat(inbox).as("left as it is, since nobody has ever watched it").isEmptyDirectory();
      second.watching("customers", inbox).close();
    }
    try (var one = first.folderOf(file);
        var other = second.folderOf(inbox.resolve("others.csv"))) {
      if (kind == JournalKind.H2) { // others keep to the lease of the file
        assertThatThrownBy(() -> second.watching("customers", inbox))
            .isInstanceOf(LeasedException.class);
      }
    }
    var watched = second.watching("customers", inbox);
    assertThatThrownBy(() -> first.folderOf(file)).isInstanceOf(LeasedException.class);
    watched.close();
  }

  @Test
  void ofManyAtOnceExactlyOneIsFirst() throws Exception {
    var got = new AtomicInteger();
    AtOnce.times(
        40,
        i -> {
          try {
            (i % 2 == 0 ? first : second).watching("customers", inbox);
            got.incrementAndGet();
          } catch (LeasedException e) {
            assertThat(e).hasMessageContaining("customers is being run by");
          }
        });
    assertThat(got).hasValue(1);
  }

  @Test
  void whereTheFolderCannotBeLockedTheJournalAloneKeepsOthersAwayAndThatIsSaid()
      throws IOException {
    Files.createDirectory(inbox.resolve(".kintone-sync.lock")); // no lock can be taken of it
    try (var claim = first.watching("customers", inbox)) {
      assertThat(String.valueOf(claim.caveat()))
          .contains("The folder " + inbox + " cannot be locked", "another kintone-sync");
      assertThatThrownBy(() -> second.watching("customers", inbox))
          .isInstanceOf(LeasedException.class);
    }
    second.watching("customers", inbox);
  }

  @Test
  void aLinkInTheFolderDoesNotMakeUsWriteElsewhere() throws IOException {
    Path precious = Files.writeString(home.resolve("precious"), "mine");
    Files.createSymbolicLink(inbox.resolve(".kintone-sync.lock"), precious);
    assertThat(first.watching("customers", inbox).caveat()).isNotNull();
    assertThat(precious).hasContent("mine");
  }

  @Test
  void closingTheJournalLetsGoOfAllItsJobsAndFiles() {
    second.job("customers");
    var late = second.file(inbox.resolve("customers.csv"));
    beside.close();
    first.job("customers");
    first.file(inbox.resolve("customers.csv"));
    late.close(); // again, and harmless
    beside = Journal.open(kind.location(home.resolve("journal")));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void anotherInstallationIsKeptFromTheFolder() throws IOException {
    try (var other = OtherProcess.start("watch", home.resolve("journal of theirs"), inbox)) {
      String process = other.nextLine();
      assertThatThrownBy(() -> first.watching("customers", inbox))
          .isInstanceOf(LeasedException.class)
          .hasMessageContaining(inbox + " is being read by process " + process + " on ");
      other.goOn();
      assertThat(other.nextLine()).isEqualTo("let go");
      first.watching("customers", inbox);
    }
  }
}
