package dev.kintonesync.journal;

import static dev.kintonesync.journal.SampleReports.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Leases in a file that processes share. */
class FileLeasesTest {
  @TempDir Path home;
  private Path inbox;
  private Journal journal;
  private Leases first;
  private Journal beside;

  @BeforeEach
  void open() throws IOException {
    inbox = Files.createDirectory(home.resolve("inbox"));
    journal = Journal.open(home.resolve("journal"), "run", Clock.systemUTC());
    beside = Journal.open(home.resolve("journal"), "import", Clock.systemUTC());
    first = journal.leases();
  }

  @AfterEach
  void close() {
    beside.close();
    journal.close();
  }

  @Test
  void aSilentProcessIsGoneAfterTwoMinutesOnAnotherComputerAndNeverOnThis()
      throws SQLException, IOException {
    first.job("customers");
    assertThatThrownBy(() -> at(Duration.ofDays(1)).job("customers"))
        .as("this computer knows that it is there")
        .isInstanceOf(LeasedException.class);
    elsewhere();
    assertThatThrownBy(() -> at(Duration.ofSeconds(119)).job("customers"))
        .isInstanceOf(LeasedException.class)
        .hasMessageContaining("on elsewhere");
    var heardOf = at(Duration.ofSeconds(119));
    heardOf.job("orders"); // of the same process: its beat is for all that it holds
    heardOf.beat();
    assertThatThrownBy(() -> at(Duration.ofSeconds(238)).job("customers"))
        .as("it was heard of")
        .isInstanceOf(LeasedException.class);
    at(Duration.ofSeconds(240)).job("customers");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void whatAKilledProcessHeldIsFreeAtOnce() throws IOException {
    try (var other = OtherProcess.start("watch", home.resolve("journal"), inbox)) {
      String process = other.nextLine();
      assertThatThrownBy(() -> first.job("customers"))
          .isInstanceOf(LeasedException.class)
          .hasMessageContaining("by process " + process + " on ");
      assertThatThrownBy(() -> first.watching("orders", inbox))
          .isInstanceOf(LeasedException.class)
          .hasMessageContaining(inbox + " is being read by process " + process + " on ");
      assertThatThrownBy(() -> first.folderOf(inbox.resolve("a.csv")))
          .isInstanceOf(LeasedException.class);
      other.kill();
    }
    first.watching("customers", inbox);
  }

  private Leases at(Duration later) {
    var clock = Clock.fixed(START.plus(later), ZoneOffset.UTC);
    beside.close();
    beside = Journal.open(home.resolve("journal"), "import", clock);
    return beside.leases();
  }

  /** Makes what is held the row of a process of another computer, last heard of at the start. */
  private void elsewhere() throws SQLException, IOException {
    try (var connection = new Login(home.resolve("journal/journal")).connect(false);
        var update =
            connection.prepareStatement("UPDATE held SET host = 'elsewhere', seen_at = ?")) {
      update.setObject(1, START.atOffset(ZoneOffset.UTC));
      assertThat(update.executeUpdate()).isEqualTo(1);
    }
  }
}
