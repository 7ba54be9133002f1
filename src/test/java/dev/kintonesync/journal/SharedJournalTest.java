package dev.kintonesync.journal;

import static dev.kintonesync.Patience.await;
import static dev.kintonesync.journal.SampleReports.COUNTS;
import static dev.kintonesync.journal.SampleReports.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.AtOnce;
import dev.kintonesync.FreePort;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.sync.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is special about a journal that several computers share. */
class SharedJournalTest {
  private static final JournalKind KIND = JournalKind.POSTGRESQL;

  @TempDir Path home;

  @Test
  void whateverConnectionIsCutEveryBatchIsThereOnce() throws Exception {
    int batches = 300;
    int connectionsCut = 0;
    var settled = new AtomicInteger();
    try (var journal = open("run");
        var admin = KIND.connect(home)) {
      journal.begun(running("r1"));
      var work =
          AtOnce.begin(
              () -> {
                for (int batch = 0; batch < batches; batch++) {
                  journal.handedOut("r1", batch, COUNTS.read());
                  journal.settled("r1", batch, COUNTS);
                  settled.incrementAndGet();
                }
              });
      for (int cut = 1; cut <= 5; cut++) {
        int before = cut * batches / 10;
        await().until(() -> work.isDone() || settled.get() >= before);
        connectionsCut += cut(admin);
      }
      work.get();
      assertThat(connectionsCut).isPositive();
      assertThat(journal.run("r1").orElseThrow().counts().read())
          .isEqualTo(batches * COUNTS.read());
      assertThat(journal.abandoned()).isEmpty();
    }
  }

  @Test
  void whatIsNotReachedIsSaidInOneSentence() {
    int port = FreePort.find();
    var nowhere =
        new JournalLocation(
            home,
            "jdbc:postgresql://127.0.0.1:" + port + "/sync?sslmode=disable",
            "sync",
            "s3cret",
            JournalLocation.LEASE);
    assertThatThrownBy(() -> Journal.open(nowhere))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("jdbc:postgresql://127.0.0.1:" + port + "/sync cannot be reached")
        .hasMessageContaining("Connection refused")
        .hasMessageNotContaining("s3cret")
        .hasMessageNotContaining("sslmode");
  }

  @Test
  void whatAServerRefusesIsSaidInItsWords() {
    var there = KIND.location(home);
    var nobody = new JournalLocation(home, there.url(), "nobody", "s3cret", JournalLocation.LEASE);
    assertThatThrownBy(() -> Journal.open(nobody))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("refuses the work")
        .hasMessageContaining("role \"nobody\" does not exist")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void manyProcessesMayOpenANewJournalAtOnce() {
    var opened = IntStream.range(0, 8).mapToObj(i -> AtOnce.ask(() -> open("run"))).toList();
    opened.forEach(one -> one.join().close());
  }

  @Test
  void whatAKilledProcessHeldIsFreeWhenItsLeaseIsOver() throws IOException {
    Path inbox = Files.createDirectory(home.resolve("inbox"));
    var location = KIND.location(home, Duration.ofSeconds(2));
    try (var other = OtherProcess.watching(location, inbox);
        var journal = Journal.open(location, "run", Clock.systemUTC())) {
      String process = other.nextLine();
      assertThatThrownBy(() -> journal.leases().job("customers"))
          .isInstanceOf(LeasedException.class)
          .hasMessageContaining("by process " + process + " on ");
      other.kill();
      await()
          .ignoreExceptionsInstanceOf(LeasedException.class)
          .untilAsserted(() -> journal.leases().job("customers").close());
    }
  }

  @Test
  void whoWasFoundGoneHasToLeaseAnewWhateverItThinks() throws Exception {
    try (var frozen = open("run");
        var beside = open("run");
        var admin = KIND.connect(home)) {
      frozen.begun(running("r1"));
      var lease = frozen.leases().job("customers");
      assertThat(beside.abandoned()).isEmpty();
      silence(admin);

      assertThat(beside.abandoned()).extracting(Report::run).containsExactly("r1");
      var taken = beside.leases().job("customers");
      assertThatThrownBy(() -> frozen.leases().job("customers"))
          .isInstanceOf(LeasedException.class);
      lease.close(); // of what it has no more
      assertThatThrownBy(() -> frozen.leases().job("customers"))
          .isInstanceOf(LeasedException.class);
      taken.close();
      frozen.leases().renew();
      frozen.leases().job("customers").close();
      frozen.begun(running("r2"));
      assertThat(beside.abandoned()).as("it lives, under another number").isEmpty();
    }
  }

  @Test
  void aRunThatBeginsWhenItsJobIsAnotherProcesssOwnLeavesNoTrace() throws Exception {
    try (var frozen = open("run");
        var beside = open("run");
        var admin = KIND.connect(home)) {
      frozen.leases().job("customers");
      var fence = frozen.leases().fence("customers");
      assertThat(fence.holds()).isTrue();
      silence(admin);
      beside.leases().job("customers");

      assertThat(frozen.begun(running("r1"), fence)).isFalse();
      frozen.leases().renew();
      assertThat(frozen.begun(running("r1"), fence)).as("with another number").isFalse();
      assertThat(beside.run("r1")).isEmpty();
    }
  }

  @Test
  void aRunThatAnotherProcessHasEndedDoesNotBeginOnceMore() throws Exception {
    try (var frozen = open("run");
        var beside = open("run");
        var admin = KIND.connect(home)) {
      frozen.leases().job("customers");
      var fence = frozen.leases().fence("customers");
      assertThat(frozen.begun(running("r1"), fence)).isTrue();
      silence(admin);
      beside.leases().job("customers");
      assertThat(beside.abandoned()).extracting(Report::run).containsExactly("r1");

      assertThat(frozen.begun(running("r1"), fence)).as("nobody heard of it").isFalse();
      assertThat(beside.isUnderWay("r1")).isFalse();
    }
  }

  @Test
  void connectionsThatTheNetworkForgotAreGivenUpBeforeTheLeaseIsOver() throws Exception {
    var lease = Duration.ofSeconds(8);
    var there = KIND.location(home, lease);
    try (var network = JournalKind.network(there);
        var journal = Journal.open(JournalKind.through(network, there), "run", Clock.systemUTC())) {
      journal.begun(running("r1"));
      network.cut();
      var settled = AtOnce.begin(() -> journal.handedOut("r1", 0, COUNTS.read()));
      network.forgetConnections();
      long since = System.nanoTime();
      settled.get(60, TimeUnit.SECONDS);
      assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(lease);
    }
  }

  @Test
  void aServerThatIsSlowerThanAnybodyExpectsIsWaitedFor() throws Exception {
    try (var journal =
            Journal.open(KIND.location(home, Duration.ofSeconds(2)), "run", Clock.systemUTC());
        var admin = KIND.connect(home);
        var statement = admin.createStatement()) {
      journal.begun(running("r1"));
      statement.execute(
          """
          CREATE FUNCTION take_time() RETURNS TRIGGER LANGUAGE plpgsql
          AS 'BEGIN PERFORM pg_sleep(1.5); RETURN NEW; END'
          """);
      statement.execute(
          """
          CREATE TRIGGER slow BEFORE INSERT OR UPDATE ON batch
          FOR EACH ROW EXECUTE FUNCTION take_time()
          """);
      journal.handedOut("r1", 0, COUNTS.read());
      assertThat(journal.run("r1").orElseThrow().counts().read()).isEqualTo(COUNTS.read());
    }
  }

  private Journal open(String command) {
    return Journal.open(KIND.location(home), command, Clock.systemUTC());
  }

  private static int cut(Connection admin) throws SQLException {
    try (var statement = admin.createStatement();
        var cut =
            statement.executeQuery(
                "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    + " WHERE application_name = 'kintone-sync'")) {
      cut.next();
      return cut.getInt(1);
    }
  }

  /** As if every process had been silent for longer than its lease. */
  private static void silence(Connection admin) throws SQLException {
    try (var statement = admin.createStatement()) {
      statement.execute("UPDATE node SET alive_until = CURRENT_TIMESTAMP - INTERVAL '1' SECOND");
    }
  }
}
