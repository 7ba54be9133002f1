package dev.kintonesync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceRecord;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stops a run that would reject or change too much. */
class GuardsTest {

  private static Threshold share(String text) {
    if (text.equals("off")) {
      return Threshold.NEVER;
    }
    return text.endsWith("%")
        ? Threshold.percent(Double.parseDouble(text.replace("%", "")))
        : Threshold.number(Long.parseLong(text));
  }

  private static Guards guards(
      String maxRejected, String maxUpdated, long rows, Guard... accepted) {
    var limits = new Guards.Limits(share(maxRejected), share(maxUpdated));
    return new Guards(limits, Set.of(accepted), () -> rows);
  }

  private static Reject reject(long row, @Nullable String field, UserMessage reason) {
    var source = new SourceRecord(new Position(row, row + 1), Map.of(), List.of(), null);
    return new Reject(source, "K" + row, field, reason);
  }

  /**
   * Rejects every second row, and says how many it took until the run stopped; 0 when it did not.
   */
  private static int rejectedUntilStopped(Guards guards, int most) {
    for (int i = 1; i <= most; i++) {
      if (guards.rejected(reject(2L * i, "name", MessageCode.KEY_BLANK.with("code"))) != null) {
        return i;
      }
    }
    return 0;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # max-rejected | rows of the source | rejects that stop the run
          10%  | 0      | 101
          10%  | 10     | 101
          10%  | 1000   | 101
          10%  | 1010   | 102
          10%  | 1019   | 102
          10%  | 5000   | 501
          0.5% | 100000 | 501
          3    | 5000   | 4
          0    | 5000   | 1
          off  | 10     | 0
          """)
  void moreRejectsThanAShareButNeverFewerThanAHundred(String limit, long rows, int stopsAt) {
    assertThat(rejectedUntilStopped(guards(limit, "off", rows), 1000)).isEqualTo(stopsAt);
  }

  @Test
  void theShareIsOfTheRowsAsFarAsTheyAreKnownByThen() {
    long[] rows = {10};
    var guards = new Guards(Guards.Limits.DEFAULT, Set.of(), () -> rows[0]);

    assertThat(rejectedUntilStopped(guards, 100)).isZero();
    rows[0] = 1500;
    assertThat(rejectedUntilStopped(guards, 50)).isZero();
    rows[0] = 1400;
    assertThat(guards.rejected(reject(1, null, MessageCode.ROW_LEFT_OUT.with()))).isNotNull();
  }

  @Test
  void whatIsAcceptedDoesNotStopTheRun() {
    assertThat(rejectedUntilStopped(guards("3", "3", 10, Guard.MAX_REJECTED), 1000)).isZero();
    assertThat(rejectedUntilStopped(guards("3", "3", 10, Guard.MAX_UPDATED), 1000)).isEqualTo(4);
    assertThat(inARow(guards("off", "off", 10), 500, "name")).isZero();
    assertThat(inARow(guards("3000", "3", 10, Guard.MAX_REJECTED), 500, "name")).isZero();
  }

  private static int inARow(Guards guards, int most, String... fields) {
    for (int row = 1; row <= most; row++) {
      String field = fields[row % fields.length];
      if (guards.rejected(reject(row, field, MessageCode.KEY_BLANK.with("row " + row))) != null) {
        return row;
      }
    }
    return 0;
  }

  @Test
  void twoHundredRowsInARowForOneReasonStopTheRunHoweverManyThereAre() {
    var guards = guards("5000", "off", 1_000_000);

    for (int row = 1; row < 200; row++) {
      assertThat(guards.rejected(reject(row, "name", MessageCode.KEY_BLANK.with("row " + row))))
          .isNull();
    }
    var reason = guards.rejected(reject(200, "name", MessageCode.KEY_BLANK.with("x")));

    assertThat(reason).isNotNull();
    assertThat(reason.text()).isEqualTo(MessageCode.GUARD_IN_A_ROW);
    assertThat(reason.toString()).contains("200 consecutive rows");
  }

  @Test
  void anotherFieldAnotherReasonOrAGoodRowBetweenBeginsAnew() {
    assertThat(inARow(guards("5000", "off", 1), 500, "name", "amount")).isZero();
    var guards = guards("5000", "off", 1);
    for (int row = 1; row <= 199; row++) {
      assertThat(guards.rejected(reject(row, "name", MessageCode.KEY_BLANK.with("c")))).isNull();
    }
    assertThat(guards.rejected(reject(200, "name", MessageCode.ROW_LEFT_OUT.with()))).isNull();
    for (int row = 201; row <= 399; row++) {
      assertThat(guards.rejected(reject(row, "name", MessageCode.KEY_BLANK.with("c")))).isNull();
    }
    assertThat(guards.rejected(reject(401, "name", MessageCode.KEY_BLANK.with("c")))).isNull();
  }

  @Test
  void theReasonGivesNumbersAndTheFirstThreeExamples() {
    var guards = guards("3", "off", 50);
    for (int row = 1; row <= 3; row++) {
      assertThat(guards.rejected(reject(row * 2L, null, MessageCode.KEY_BLANK.with("c")))).isNull();
    }
    var reason = guards.rejected(reject(8, null, MessageCode.KEY_BLANK.with("c")));

    assertThat(reason).isNotNull();
    assertThat(reason.toString())
        .contains(
            "4 rows were rejected",
            "the limit of 3 (max-rejected = 3)",
            "line 3",
            "line 5",
            "line 7")
        .doesNotContain("line 9");
  }

  private static Talk updates(Guards guards, String rules, int records) {
    String[] rows =
        IntStream.rangeClosed(1, records).mapToObj(i -> "K" + i + " name=B").toArray(String[]::new);
    String[] held =
        IntStream.rangeClosed(1, records).mapToObj(i -> "K" + i + " name=A").toArray(String[]::new);
    return Talk.of(rules, rows).guardedBy(guards).holds(held);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # max-updated | rows of the source | updates | is that too many?
          3    | 1000 | 3   | false
          3    | 1000 | 4   | true
          0    | 1000 | 1   | true
          10%  | 10   | 100 | false
          10%  | 10   | 101 | true
          10%  | 2000 | 150 | false
          off  | 10   | 150 | false
          """)
  void moreUpdatesThanBearableStopTheRunBeforeAnyOfThemIsSent(
      String limit, long rows, int updates, boolean tooMany) {
    var talk = updates(guards("off", limit, rows), "upsert", updates);
    talk.take();
    talk.hears();

    assertThat(talk.stopReason()).isEqualTo(tooMany ? "guard-max-updated" : "");
    talk.playsOn(3).allEnd(tooMany ? "unprocessed" : "updated");
  }

  @Test
  void whatIsAcceptedIsUpdated() {
    updates(guards("off", "1", 10, Guard.MAX_UPDATED), "upsert", 5).playsOn(2).allEnd("updated");
    var talk = updates(guards("off", "1", 10, Guard.MAX_REJECTED), "upsert", 5);
    talk.take();
    assertThat(talk.hears().stopReason()).isEqualTo("guard-max-updated");
  }

  @Test
  void aPlanThatWritesNothingIsGuardedToo() {
    var talk = updates(guards("off", "1", 10), "upsert, plan-only", 2);
    talk.take();

    assertThat(talk.hears().stopReason()).isEqualTo("guard-max-updated");
  }

  @Test
  void onlyUpdatesOfTheSourceCountAndEachOnce() {
    // planned anew, it is the same update
    updates(guards("off", "1", 10), "upsert", 1)
        .sends("PUT #1 r1 name=B")
        .hears("GAIA_CO02")
        .holds("K1 r2 name=C")
        .sends("PUT #1 r2 name=B")
        .hears("lost")
        .sends("PUT #1 r2 name=B")
        .hears()
        .ends("K1 updated");
    // inserts, removals and rejected rows of earlier runs are none
    Talk.of("upsert, missing = delete", "K1 name=A", "K2 name=A", "K3 flagged", "K4 name=B")
        .guardedBy(guards("off", "1", 10))
        .holds("K3 name=A", "K4 name=A")
        .playsOn(2)
        .ends("K1 inserted", "K2 inserted", "K3 deleted", "K4 updated");
    updates(guards("off", "1", 10), "upsert, retried", 3).playsOn(2).allEnd("updated");
    Talk.of("mirror, missing = set state=gone", "K1 lacked", "K2 lacked")
        .guardedBy(guards("off", "1", 10))
        .holds("K1 name=A", "K2 name=A")
        .playsOn(2)
        .allEnd("updated");
  }

  @Test
  void updatesAreCountedOverAllBatchesOfTheRunAndExamplesAreGiven() {
    var guards = guards("off", "3", 10);
    updates(guards, "upsert", 2).playsOn(2).allEnd("updated");
    var second = updates(guards, "upsert", 2);
    second.take();
    second.hears();

    assertThat(String.valueOf(second.plan().stopReason()))
        .contains("more than 3 records", "K1 (name)", "K2 (name)");
    second.allEnd("unprocessed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10%   | 1000    | 100 | 100
          10%   | 1009    | 100 | 100
          10%   | 1010    | 100 | 101
          12.5% | 8000    | 100 | 1000
          1%    | 100     | 20  | 20
          5     | 1000000 | 100 | 5
          0     | 1000000 | 100 | 0
          off   | 1000000 | 100 | 9223372036854775807
          """)
  void aShareIsOfAllAndNeverLessThanItsLeast(String share, long all, long least, long bearable) {
    assertThat(share(share).of(all, least)).isEqualTo(bearable);
    assertThat(share(share)).hasToString(share);
  }
}
