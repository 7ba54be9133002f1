package dev.kintonesync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What others wrote meanwhile, and what nobody answered, is planned anew, and comes to an end. */
class PlannedAnewTest {
  @Test
  void aDoubtIsResolvedByTheRevisionAndNotByTheValuesAlone() {
    // our write was lost, and what is there is ours but of the same revision: written by nobody
    Talk.of("upsert", "K1 name=B state=x")
        .holds("K1 r3 name=A state=x")
        .sends("PUT #1 r3 name=B")
        .hears("lost")
        .holds("K1 r3 name=B state=x")
        .ends("K1 unchanged");
  }

  @Test
  void aRecordThatOthersKeepWritingIsPlannedAnewFiveTimesAndNotMore() {
    var talk = Talk.of("upsert", "K1 name=B").holds("K1 r1 name=A");
    for (int revision = 1; revision <= 6; revision++) {
      talk.sends("PUT #1 r" + revision + " name=B").hears("GAIA_CO02");
      talk.holds("K1 r" + (revision + 1) + " by=sato name=C" + revision);
    }

    talk.ends("K1 rejected: planned-too-often");
    assertThat(talk.result().conflicts()).isEqualTo(1);
    assertThat(talk.result().rejects().get(0).reason().toString())
        .contains("5 attempts", "GAIA_CO02");
  }

  @Test
  void theFifthTimeMaySucceed() {
    var talk = Talk.of("upsert", "K1 name=B").holds("K1 r1 name=A");
    for (int revision = 1; revision <= 5; revision++) {
      talk.sends("PUT #1 r" + revision + " name=B").hears("GAIA_CO02");
      talk.holds("K1 r" + (revision + 1) + " name=C" + revision);
    }

    talk.sends("PUT #1 r6 name=B").hears().ends("K1 updated");
    assertThat(talk.result().conflicts()).isEqualTo(1);
  }

  @Test
  void aRecordThatComesAndGoesIsPlannedAnewFiveTimesAndNotMore() {
    var talk = Talk.of("upsert", "K1 name=B");
    for (int i = 0; i < 3; i++) {
      talk.sends("POST K1 name=B").hears("CB_VA01 records[0].code.value").holds("K1 r1 name=C");
      talk.sends("PUT #1 r1 name=B").hears("GAIA_RE01 #1").loses("K1");
    }

    talk.ends("K1 rejected: planned-too-often");
  }

  @Test
  void aConflictNamesNobodySoAllAreLookedUpAndOnlyTheMovedOneIsAnotherWrite() {
    Talk.of("upsert", "K1 name=B", "K2 name=B")
        .holds("K1 r1 name=A", "K2 r1 name=A")
        .sends("PUT #1 r1 name=B; #2 r1 name=B")
        .hears("GAIA_CO02")
        .holds("K2 r2 by=sato name=C")
        .asks("? K1 K2")
        .hears()
        .sends("PUT #1 r1 name=B; #2 r2 name=B")
        .hears()
        .ends("K1 updated", "K2 updated over sato");
  }

  @Test
  void onlyConflictingRecordsCountAsConflicts() {
    var talk =
        Talk.of("upsert", "K1 name=B", "K2 name=B")
            .holds("K1 r1 name=A", "K2 r1 name=A")
            .sends("PUT #1 r1 name=B; #2 r1 name=B")
            .hears("GAIA_CO02")
            .holds("K2 r2 name=C")
            .playsOn(3);

    assertThat(talk.result().conflicts()).isEqualTo(1);
  }

  @Test
  void afterADoubtRequestsGoSinglyAndAfterASecondOneWithHalfTheRecords() {
    Talk.of("upsert, records-per-request = 2", "K1 name=A", "K2 name=A", "K3 name=A")
        .sends("POST K1 name=A; K2 name=A", "POST K3 name=A")
        .hears("lost")
        .asks("? K1 K2 K3")
        .hears()
        .sends("POST K1 name=A; K2 name=A")
        .hears("lost")
        .asks("? K1 K2")
        .hears()
        .sends("POST K3 name=A")
        .hears()
        .sends("POST K1 name=A")
        .hears()
        .sends("POST K2 name=A")
        .hears()
        .ends("K1 inserted", "K2 inserted", "K3 inserted");
  }

  @Test
  void aRecordThatIsNeverAnsweredAloneWhileOthersAreIsRejected() {
    var talk = Talk.of("upsert, records-per-request = 1", "K1 name=A", "K2 name=A");
    talk.sends("POST K1 name=A", "POST K2 name=A").hears("lost");
    talk.sends("POST K1 name=A").hears("lost").sends("POST K2 name=A").hears();
    for (int i = 0; i < 4; i++) {
      talk.sends("POST K1 name=A").hears("lost");
    }

    talk.ends("K1 rejected: planned-too-often", "K2 inserted");
    assertThat(talk.result().rejects().get(0).reason().toString()).contains("no answer");
  }

  @Test
  void whereNothingIsAnsweredAtAllNoRecordIsBlamed() {
    var talk = Talk.of("upsert", "K1 name=A");
    for (int i = 0; i < 20; i++) {
      talk.sends("POST K1 name=A").hears("lost");
    }
    talk.sends("POST K1 name=A").hears("unsent");

    assertThat(talk.stopReason()).isEqualTo("write-failed");
    talk.ends("K1 unprocessed");
  }

  @Test
  void aConflictInABulkRequestIsThatOfOneRequest() {
    Talk.of("upsert", "K1 name=A", "K2 name=B")
        .holds("K2 r1 name=A")
        .sends("POST K1 name=A", "PUT #2 r1 name=B")
        .hears("GAIA_CO02@1")
        .holds("K2 r2 name=C")
        .asks("? K2")
        .hears()
        .sends("POST K1 name=A")
        .hears()
        .sends("PUT #2 r2 name=B")
        .hears()
        .ends("K1 inserted", "K2 updated");
  }

  @Test
  void aConflictThatNoLookUpShowsComesToAnEnd() {
    var talk = Talk.of("upsert", "K1 name=B").holds("K1 r1 name=A");
    for (int i = 0; i <= RecordAttempts.UNSEEN_CONFLICTS; i++) {
      talk.sends("PUT #1 r1 name=B").hears("GAIA_CO02");
    }

    talk.ends("K1 rejected: planned-too-often");
  }

  @Test
  void theRulesHoldForWhatIsPlannedAnewToo() {
    Talk.of("insert, existing = reject", "K1 name=B")
        .sends("POST K1 name=B")
        .hears("CB_VA01 records[0].code.value")
        .holds("K1 r1 name=C")
        .ends("K1 rejected code: key-is-there");
    Talk.of("upsert, hand-edits = reject", "K1 name=B")
        .holds("K1 r1 name=A")
        .sends("PUT #1 r1 name=B")
        .hears("GAIA_CO02")
        .holds("K1 r2 by=sato name=C")
        .ends("K1 rejected: edited-by-hand");
    Talk.of("upsert, if-empty = name", "K1 name=B")
        .sends("POST K1 name=B")
        .hears("CB_VA01 records[0].code.value")
        .holds("K1 r1 name=C")
        .ends("K1 unchanged");
    Talk.of("upsert", "K1 $revision=1 name=B")
        .holds("K1 r1 name=A")
        .sends("PUT #1 r1 name=B")
        .hears("GAIA_CO02")
        .holds("K1 r2 name=C")
        .ends("K1 rejected: revision-moved");
    Talk.of("update", "K1 name=B")
        .holds("K1 r1 name=A")
        .sends("PUT #1 r1 name=B")
        .hears("GAIA_RE01 #1")
        .loses("K1")
        .ends("K1 rejected code: key-not-in-app");
  }
}
