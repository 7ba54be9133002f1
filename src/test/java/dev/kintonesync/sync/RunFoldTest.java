package dev.kintonesync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.kintonesync.console.SampleRuns;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs of a job that changed nothing, one after the other, are one line. */
class RunFoldTest {
  private static final Instant NOW = Instant.parse("2026-11-22T06:00:00Z");

  private static Report idle(String job, int minutes) {
    return SampleRuns.idle(job, NOW.plusSeconds(60L * minutes));
  }

  private static Report busy(String job, int minutes) {
    return SampleRuns.of(job, RunState.COMPLETED, NOW.plusSeconds(60L * minutes));
  }

  @Test
  void theyAreFoldedJobByJobUntilOneChangedSomething() {
    var runs =
        List.of(
            idle("a", 9),
            busy("b", 8),
            idle("a", 7),
            idle("b", 6),
            busy("a", 5),
            idle("a", 4),
            idle("b", 3));

    var folds = RunFold.of(runs, 20);

    assertThat(folds)
        .extracting(fold -> fold.newest().startedAt(), RunFold::times, RunFold::since)
        .containsExactly(
            tuple(at(9), 2, at(7)),
            tuple(at(8), 1, at(8)),
            tuple(at(6), 2, at(3)),
            tuple(at(5), 1, at(5)),
            tuple(at(4), 1, at(4)));
    assertThat(RunFold.of(runs, 2)).hasSize(2);
  }

  private static Instant at(int minutes) {
    return NOW.plusSeconds(60L * minutes);
  }

  @Test
  void aRunThatWroteRemovedOrWasToWriteNothingIsNotOneOfThem() {
    assertThat(idle("a", 1).changedNothing()).isTrue();
    assertThat(busy("a", 1).changedNothing()).isFalse();
    assertThat(SampleRuns.dry("a", RunState.COMPLETED, NOW).changedNothing()).isFalse();
    assertThat(SampleRuns.of("a", RunState.STOPPED, NOW).changedNothing()).isFalse();
  }
}
