package dev.kintonesync.journal;

import static dev.kintonesync.journal.SampleReports.COUNTS;
import static dev.kintonesync.journal.SampleReports.START;
import static dev.kintonesync.journal.SampleReports.completed;
import static dev.kintonesync.journal.SampleReports.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.journal.FilesRead.FileRead;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.sync.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal in a file is taken over to PostgreSQL, whole or not at all. */
class JournalCopyTest {
  @TempDir Path home;

  @Test
  void everythingThatHasHappenedIsTakenOver() {
    var open =
        new OpenReject(
            "customers",
            "7",
            "A\0B",
            Map.of("名前", "a\0b"),
            MessageCode.EXAMPLE.with("why"),
            "r1",
            3L,
            START,
            2,
            "名前");
    var read = new FileRead(home.resolve("done/a.csv"), "a.csv", 9, START.plusNanos(1_999), START);
    try (var journal = Journal.open(home)) {
      IntStream.range(0, 700).forEach(i -> journal.ended(completed("run" + i, COUNTS)));
      journal.begun(running("killed"));
      journal.settled("killed", 0, COUNTS);
      journal.checkpoints().advance("customers", new Checkpoints.Reached("q", "2026-11-22"));
      journal.openRejects().keep(List.of(open));
      journal.called("example.cybozu.com", "42", START, 12);
      journal.filesRead().add("customers", read);
      journal.outbox().add("mail", "{}", START);
      assertThatThrownBy(this::copy)
          .isInstanceOf(UserErrorException.class)
          .hasMessageContaining("is in use by a running kintone-sync");
    }

    assertThat(copy())
        .containsEntry("run", 701)
        .containsEntry("batch", 1)
        .containsEntry("checkpoint", 1)
        .containsEntry("open_reject", 1)
        .containsEntry("outbox", 1);

    try (var journal = Journal.open(JournalKind.POSTGRESQL.location(home))) {
      assertThat(journal.runs(9999)).hasSize(701).contains(completed("run699", COUNTS));
      assertThat(journal.abandoned()).extracting(Report::run).containsExactly("killed");
      assertThat(journal.run("killed").orElseThrow().counts()).isEqualTo(COUNTS);
      assertThat(journal.checkpoints().of("customers"))
          .contains(new Checkpoints.Reached("q", "2026-11-22"));
      assertThat(journal.openRejects().of("customers"))
          .singleElement()
          .satisfies(
              reject -> {
                assertThat(reject.values()).isEqualTo(open.values());
                assertThat(reject.since()).isEqualTo(START);
              });
      assertThat(journal.calls("example.cybozu.com", "42", START)).isEqualTo(12);
      assertThat(journal.filesRead().of("customers")).containsExactly(read);
      assertThat(journal.outbox().due("mail", START)).hasSize(1);
    }
    assertThatThrownBy(this::copy)
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("already contains a run history");
    try (var old = Journal.open(home)) {
      assertThat(old.runs(9999)).as("the file stays as it was").hasSize(701);
    }
  }

  @Test
  void aCopyWhoseLastAnswerIsLostIsACopy() throws IOException {
    try (var journal = Journal.open(home)) {
      journal.ended(completed("r1", COUNTS));
    }
    var there = JournalKind.POSTGRESQL.location(home);
    try (var network = JournalKind.network(there)) {
      var lossy = JournalKind.through(network, there);
      // so that the driver says COMMIT each time, and no short form of it
      var spokenOut =
          new JournalLocation(
              home,
              lossy.url() + "&prepareThreshold=0",
              lossy.username(),
              lossy.password(),
              lossy.lease());
      network.loseAnswerTo("LOCK TABLE", "COMMIT");
      assertThat(new JournalCopy(spokenOut).copy())
          .containsEntry("run", 1)
          .containsEntry("batch", 0);
      assertThat(network.hasLostAnswer()).isTrue();
    }
    try (var journal = Journal.open(there)) {
      assertThat(journal.runs(9)).containsExactly(completed("r1", COUNTS));
    }
  }

  private Map<String, Integer> copy() {
    return new JournalCopy(JournalKind.POSTGRESQL.location(home)).copy();
  }
}
