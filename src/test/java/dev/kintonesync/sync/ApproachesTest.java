package dev.kintonesync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By what the latest lookups have shown, the next batch is looked up, inserted or upserted. */
class ApproachesTest {
  private static final String OPTIONAL = "upsert, engine = auto, undo = optional";

  private final Given given = new Given(OPTIONAL, List.of("K1 name=A"));
  private final Approaches approaches = approaches(given);

  private static Approaches approaches(Given given) {
    return new Approaches(given.plan().target().rules(), false);
  }

  private Approach next() {
    return approaches.next(given.plan().target(), false, false);
  }

  /** A batch was looked up, and so many of its rows were new, changed and the same. */
  private static void looked(
      Approaches approaches, Given given, long added, long changed, long same) {
    var none = new Batch(1, List.of(), List.of(), 0);
    var counts = new Counts(added + changed + same, added, changed, same, 0, 0, 0);
    approaches.learn(
        given.plan(),
        new BatchResult(
            none, counts, List.of(), List.of(), Map.of(), List.of(), 0, Removed.NONE, 0, 0));
  }

  private void looked(long added, long changed, long same) {
    looked(approaches, given, added, changed, same);
  }

  @Test
  void nothingFollowsFromAFewRows() {
    assertThat(next()).isEqualTo(Approach.LOOK_UP);
    looked(0, 499, 0);
    assertThat(next()).isEqualTo(Approach.LOOK_UP);
    looked(0, 1, 0);
    assertThat(next()).isEqualTo(Approach.UPSERT);
  }

  @ParameterizedTest
  @CsvSource({"500,0,0,INSERT", "499,1,0,UPSERT", "0,490,10,UPSERT", "0,489,11,LOOK_UP"})
  void theShareOfWhatIsWrittenDecides(long added, long changed, long same, Approach then) {
    looked(added, changed, same);
    assertThat(next()).isEqualTo(then);
  }

  @Test
  void afterTwentyBatchesAnotherSampleIsTakenAndDecides() {
    looked(0, 500, 0);
    for (int batch = 0; batch < 20; batch++) {
      assertThat(next()).isEqualTo(Approach.UPSERT);
    }
    assertThat(next()).isEqualTo(Approach.LOOK_UP);
    looked(0, 100, 400);
    assertThat(next()).isEqualTo(Approach.LOOK_UP);
    looked(0, 500, 0);
    assertThat(next()).as("and back").isEqualTo(Approach.UPSERT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "upsert, engine = auto | LOOK_UP",
        "upsert, engine = auto, undo = optional, plan-only | LOOK_UP",
        "upsert, engine = auto, undo = optional, if-empty = name | LOOK_UP",
        "upsert, engine = auto, undo = optional, hand-edits = reject | LOOK_UP",
        "update, engine = auto, undo = optional | LOOK_UP",
        "upsert, engine = lookup, undo = optional | LOOK_UP",
        "upsert, engine = native | UPSERT",
      })
  void whatHasToBeKnownIsLookedUp(String rules, Approach then) {
    var other = new Given(rules, List.of("K1 name=A"));
    var chosen = approaches(other);
    looked(chosen, other, 0, 500, 0);
    assertThat(chosen.next(other.plan().target(), false, false)).isEqualTo(then);
    assertThat(chosen.next(other.plan().target(), true, false)).isEqualTo(Approach.LOOK_UP);
  }
}
