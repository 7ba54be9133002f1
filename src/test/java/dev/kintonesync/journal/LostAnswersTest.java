package dev.kintonesync.journal;

import static dev.kintonesync.journal.SampleReports.START;
import static dev.kintonesync.journal.SampleReports.running;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.CutNetwork;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server has done what it was asked for, but its answer is lost: the journal asks again, and
 * what it says then is what it would have said at first.
 */
class LostAnswersTest {
  private static final JournalKind KIND = JournalKind.POSTGRESQL;
  private static final JobRequest REQUEST =
      new JobRequest(
          "q1", "customers", JobRequest.Kind.RUN, List.of(), null, "r1", "process 1", "alice");

  private static final Duration NO_RENEWAL_DURING_A_TEST = Duration.ofMinutes(10);

  @TempDir Path home;
  private CutNetwork network;
  private Journal journal;
  private Journal beside;

  @BeforeEach
  void open() throws IOException {
    var there = KIND.location(home, NO_RENEWAL_DURING_A_TEST);
    network = JournalKind.network(there);
    journal = Journal.open(JournalKind.through(network, there), "run", Clock.systemUTC());
    beside = Journal.open(there, "run", Clock.systemUTC());
  }

  @AfterEach
  void close() throws IOException {
    journal.close();
    beside.close();
    network.close();
  }

  @Test
  void aRequestIsBegunByTheProcessThatTookIt() {
    beside.requests().put(REQUEST);
    assertThat(losing("UPDATE request SET service", () -> journal.requests().begin(REQUEST)))
        .isTrue();
    assertThat(journal.requests().begin(REQUEST)).as("once more").isFalse();
    assertThat(beside.requests().begin(REQUEST)).as("by another").isFalse();
  }

  @Test
  void aRequestThatAnotherProcessHasBegunIsItsOwn() {
    beside.requests().put(REQUEST);
    assertThat(beside.requests().begin(REQUEST)).isTrue();
    assertThat(losing("UPDATE request SET service", () -> journal.requests().begin(REQUEST)))
        .isFalse();
  }

  @Test
  void aRequestIsWithdrawn() {
    journal.requests().put(REQUEST);
    assertThat(losing("DELETE FROM request", () -> journal.requests().withdraw(REQUEST))).isTrue();
    assertThat(beside.requests().waiting()).isEmpty();
    assertThat(journal.requests().withdraw(REQUEST)).as("once more").isFalse();
  }

  @Test
  void aRequestThatWasBegunIsNotWithdrawn() {
    journal.requests().put(REQUEST);
    beside.requests().begin(REQUEST);
    assertThat(losing("DELETE FROM request", () -> journal.requests().withdraw(REQUEST))).isFalse();
  }

  @Test
  void aMailIsThereOnce() {
    losing(
        "outbox",
        () -> {
          journal.outbox().add("mail", "{}", START);
          return true;
        });
    assertThat(beside.outbox().due("mail", START)).hasSize(1);
  }

  @Test
  void whoTakesAMailMaySendIt() {
    journal.outbox().add("mail", "{}", START);
    var letter = beside.outbox().due("mail", START).get(0);
    var next = START.plusSeconds(60).plusNanos(123_456_789);
    assertThat(losing("UPDATE outbox", () -> journal.outbox().take(letter, next))).isTrue();
    assertThat(beside.outbox().take(letter, next)).as("by another").isFalse();
    assertThat(beside.outbox().due("mail", START.plusSeconds(90)).get(0).attempts()).isOne();
  }

  @Test
  void anAttemptIsSurvivedOnce() {
    journal.outbox().add("mail", "{}", START);
    var letter = beside.outbox().due("mail", START).get(0);
    losing(
        "UPDATE outbox",
        () -> {
          journal.outbox().survived(letter);
          return true;
        });
    assertThat(beside.outbox().due("mail", START).get(0).survived()).isOne();
  }

  @Test
  void peopleAreToldWhatHoldsAndThatItEnded() {
    var states = journal.alertStates();
    var now = START.plusNanos(123_456_789);
    var later = now.plus(Duration.ofDays(2));
    assertThat(losing("INTO condition", () -> states.holds("customers", "late", now))).isTrue();
    assertThat(states.holds("customers", "late", now)).as("once more").isFalse();
    assertThat(losing("UPDATE condition", () -> states.holds("customers", "late", later))).isTrue();
    assertThat(states.holds("customers", "late", later)).as("once more").isFalse();
    assertThat(losing("DELETE FROM condition", () -> states.ends("customers", "late"))).isTrue();
    assertThat(states.ends("customers", "late")).as("once more").isFalse();
  }

  @Test
  void whatNeverHeldDoesNotEnd() {
    var states = journal.alertStates();
    assertThat(losing("FROM condition", () -> states.ends("customers", "late"))).isFalse();
  }

  @Test
  void aRunWhoseProcessIsGoneIsMarkedByWhoHasMarkedIt() throws SQLException, IOException {
    beside.begun(running("r1"));
    beside.begun(running("r2"));
    silence();
    var marked = losing("UPDATE run SET running", () -> journal.abandoned());
    assertThat(marked).extracting(Report::run).containsExactly("r1", "r2");
    assertThat(marked).extracting(Report::state).containsOnly(RunState.STOPPED);
    assertThat(journal.abandoned()).as("once more").isEmpty();
  }

  @Test
  void aRejectedRowIsDismissed() {
    keep("A");
    var rejects = journal.openRejects();
    assertThat(losing("UPDATE open_reject", () -> rejects.dismiss("customers", "A"))).isTrue();
    assertThat(rejects.dismiss("customers", "A")).as("once more").isFalse();
  }

  @Test
  void allRejectedRowsAreDismissed() {
    keep("A", "B");
    var rejects = journal.openRejects();
    assertThat(losing("UPDATE open_reject", () -> rejects.dismissAll("customers", 2))).isTrue();
    assertThat(rejects.dismissed("customers")).containsExactlyInAnyOrder("A", "B");
    assertThat(rejects.dismissAll("customers", 2)).as("once more").isFalse();
  }

  private void keep(String... ids) {
    for (String id : ids) {
      journal
          .openRejects()
          .keep(
              List.of(
                  new OpenReject(
                      "customers",
                      id,
                      id,
                      Map.of("code", id),
                      MessageCode.EXAMPLE.with("wrong"),
                      "r1",
                      1,
                      START,
                      0,
                      null)));
    }
  }

  /** Asks the journal; the answer to the first statement with these words is lost. */
  private <T> T losing(String words, Supplier<T> asked) {
    network.loseAnswerTo(words);
    T answer = asked.get();
    assertThat(network.hasLostAnswer()).as("the answer to " + words + " was lost").isTrue();
    return answer;
  }

  private void silence() throws SQLException, IOException {
    try (var admin = KIND.connect(home);
        var statement = admin.createStatement()) {
      statement.execute("UPDATE node SET alive_until = CURRENT_TIMESTAMP - INTERVAL '1' SECOND");
    }
  }
}
