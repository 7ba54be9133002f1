package dev.kintonesync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.message.MessageCode;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many requests a plan sends at a time, how large they are, and in which order. */
class TurnsTest {

  private static Talk inserts(String rules, int records) {
    return Talk.of(
        rules,
        IntStream.rangeClosed(1, records)
            .mapToObj(i -> "K" + i + " name=A")
            .toArray(String[]::new));
  }

  @Test
  void twentyWriteRequestsGoOutTogetherAndTheNextOneInTheNextTurn() {
    var talk = inserts("upsert, app-is-empty, records-per-request = 2", 41);

    assertThat(talk.nextWrites()).hasSize(20).allMatch(request -> request.records() == 2);
    talk.hears();
    assertThat(talk.nextWrites()).hasSize(1).allMatch(request -> request.records() == 1);
    talk.hears().allEnd("inserted");
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 3", "2, 2, 1", "4, 3, 0"})
  void asManyGoTogetherAsTheAppBears(int bears, int first, int left) {
    var talk =
        inserts("upsert, app-is-empty, records-per-request = 1, requests-per-bulk = " + bears, 4);

    assertThat(talk.nextWrites()).hasSize(Math.min(bears, 4));
    talk.hears();
    assertThat(talk.plan().isOpen()).isEqualTo(bears < 4);
    talk.playsOn(4).allEnd("inserted");
  }

  @Test
  void insertsGoBeforeUpdatesBeforeRemovals() {
    Talk.of("upsert, missing = delete", "K1 flagged", "K2 name=B", "K3 name=C")
        .holds("K1 r1 name=A", "K2 r1 name=A")
        .sends("POST K3 name=C", "PUT #2 r1 name=B", "DELETE #1 r1")
        .hears()
        .ends("K1 deleted", "K2 updated", "K3 inserted");
  }

  @Test
  void nothingIsSentBeforeEverythingUnsureIsLookedUp() {
    var talk = inserts("upsert, keys-per-lookup = 2", 5);

    talk.asks("? K1 K2", "? K3 K4", "? K5");
    talk.hearsEach("done", "late", "done");
    talk.asks("? K3").hears().asks("? K4").hears();
    talk.sends("POST K1 name=A; K2 name=A; K5 name=A", "POST K3 name=A", "POST K4 name=A");
  }

  @Test
  void aLookUpThatIsTooMuchIsHalvedOneAtATime() {
    var talk = inserts("upsert, keys-per-lookup = 4", 8);

    talk.asks("? K1 K2 K3 K4", "? K5 K6 K7 K8").hears("late");
    talk.asks("? K1 K2").hears("late");
    talk.asks("? K1").hears();
    talk.asks("? K2", "? K3", "? K4", "? K5").hears(); // four at a time, as answers are large
    talk.asks("? K6", "? K7", "? K8").hears();
    talk.playsOn(1).allEnd("inserted");
  }

  @ParameterizedTest
  @CsvSource({"HTTP_413", "HTTP_414", "HTTP_431", "late"})
  void theseMeanThatItWasTooMuch(String answer) {
    inserts("upsert", 2).asks("? K1 K2").hears(answer).asks("? K1");
  }

  @ParameterizedTest
  @CsvSource({
    "lost, look-up-failed",
    "unsent, look-up-failed",
    "GAIA_NO01, access-lost",
    "GAIA_IA02, access-lost",
    "GAIA_IL23, access-lost",
    "GAIA_TM12, look-up-failed",
    "HTTP_502, look-up-failed"
  })
  void aLookUpThatFailsOtherwiseStopsTheRun(String answer, String reason) {
    var talk = inserts("upsert", 2).asks("? K1 K2").hears(answer);

    assertThat(talk.stopReason()).isEqualTo(reason);
    talk.allEnd("unprocessed");
  }

  @Test
  void aSingleKeyCannotBeTooMuch() {
    assertThat(inserts("upsert", 1).asks("? K1").hears("late").stopReason())
        .isEqualTo("look-up-failed");
  }

  @Test
  void aMirrorLooksUpOnlyInItsScope() {
    Talk.of("mirror, missing = delete, scope = state = \"x\"", "K1 lacked", "K2 lacked")
        .holds("K1 r1 state=x")
        .asks("? K1 K2 and (state = \"x\")")
        .hears()
        .sends("DELETE #1 r1")
        .hears()
        .ends("K1 deleted", "K2 unchanged");
    Talk.of("mirror, missing = delete, scope = state = \"x\"", "K1 name=A").asks("? K1");
  }

  @Test
  void aLookUpReadsTheMappedFieldsAndWhoSavedLast() {
    var talk = Talk.of("upsert", "K1 name=A mail=m");
    talk.take();

    assertThat(talk.asked().get(0).payload().path("fields").toString())
        .isEqualTo("[\"$id\",\"$revision\",\"code\",\"editor\",\"name\",\"mail\"]");
  }

  @Test
  void whatIsToBeRemovedIsReadWhole() {
    var talk = Talk.of("upsert, missing = delete", "K1 flagged");
    talk.take();

    assertThat(talk.asked().get(0).payload().has("fields")).isFalse();
  }

  @Test
  void whoMayObjectIsAskedBeforeEachWriteAndOnlyOfWrites() {
    var talk =
        Talk.of("upsert, asks", "K1 name=A", "K2 name=B", "K3 name=C", "K4 name=D")
            .holds("K2 r1 name=A", "K3 r1 name=C")
            .objectsTo("K1")
            .sends("POST K4 name=D", "PUT #2 r1 name=B")
            .hears();

    assertThat(talk.events()).containsSubsequence("POST K1?", "PUT K2?", "POST K4?");
    assertThat(talk.events()).noneMatch(event -> event.contains("K3?"));
    talk.ends("K1 rejected: Kintone: no", "K2 updated", "K3 unchanged", "K4 inserted");
  }

  @Test
  void aRecordThatTheSourceLacksStaysWhenSomebodyObjects() {
    Talk.of("mirror, missing = delete, asks", "K1 lacked", "K2 lacked")
        .holds("K1 r1 name=A", "K2 r1 name=A")
        .objectsTo("K1")
        .sends("DELETE #2 r1")
        .hears()
        .ends("K1 unchanged", "K2 deleted");
  }

  @Test
  void whatIsPlannedAnewIsAskedForAgain() {
    var talk =
        Talk.of("upsert, asks", "K1 name=B")
            .holds("K1 r1 name=A")
            .sends("PUT #1 r1 name=B")
            .hears("GAIA_CO02")
            .holds("K1 r2 name=C")
            .sends("PUT #1 r2 name=B")
            .hears()
            .ends("K1 updated");

    assertThat(talk.events()).filteredOn("PUT K1?"::equals).hasSize(2);
  }

  @Test
  void aStoppedPlanLeavesOpenWhatIsOpenAndKeepsItsFirstReason() {
    var talk = inserts("upsert, app-is-empty, records-per-request = 1, requests-per-bulk = 1", 3);
    talk.sends("POST K1 name=A").hears();
    talk.plan().stop(MessageCode.RUN_INTERRUPTED.with());
    talk.plan().stop(MessageCode.NOTHING_SAID.with());

    assertThat(talk.stopReason()).isEqualTo("run-interrupted");
    assertThat(talk.plan().isOpen()).isFalse();
    talk.ends("K1 inserted", "K2 unprocessed", "K3 unprocessed");
    assertThat(talk.result().unprocessed()).isEqualTo(List.of("K2", "K3"));
  }

  @Test
  void copiesOfALookupFieldFollowTheOtherApp() {
    Talk.of("upsert, refresh = branch", "K1 branch=B1", "K2 branch=B2", "K3 branch=B3")
        .holds("K1 r1 branch=B1 branch_name=old", "K2 r1 branch=B2 branch_name=same")
        .hasElsewhere("B1", "new")
        .hasElsewhere("B2", "same")
        .asks("? K1 K2 K3")
        .hears()
        .asks("?9 B1 B2")
        .hears()
        .sends("POST K3 branch=B3", "PUT #1 r1 branch=B1")
        .hears()
        .ends("K1 updated", "K2 unchanged", "K3 inserted");
  }

  @Test
  void copiesStayWhereTheJobDoesNotRefreshThem() {
    Talk.of("upsert", "K1 branch=B1")
        .holds("K1 r1 branch=B1 branch_name=old")
        .hasElsewhere("B1", "new")
        .ends("K1 unchanged");
    Talk.of("upsert, refresh = branch, hand-edits = reject", "K1 branch=B1")
        .holds("K1 r1 by=sato branch=B1 branch_name=old")
        .hasElsewhere("B1", "new")
        .ends("K1 unchanged");
  }

  @Test
  void anotherAppThatDoesNotAnswerStopsTheRun() {
    var talk =
        Talk.of("upsert, refresh = branch, keys-per-lookup = 2", "K1 branch=B1", "K2 branch=B2")
            .holds("K1 r1 branch=B1", "K2 r1 branch=B2")
            .asks("? K1 K2")
            .hears()
            .asks("?9 B1 B2")
            .hears("late")
            .asks("?9 B1", "?9 B2")
            .hears("GAIA_NO01");

    assertThat(talk.stopReason()).isEqualTo("source-look-up-failed");
    talk.allEnd("unprocessed");
  }
}
