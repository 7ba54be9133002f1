package dev.kintonesync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How bad records are found among good ones, by what Kintone names, and what that may cost. */
class BadRecordsTest {

  /** K1 to K8 are inserted in one request; Kintone names something; this is sent next. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # positions: those are bad, the rest goes at once
          CB_VA01 records[2].name.value                            | K1 K2 K4 K5 K6 K7 K8
          CB_VA01 records[2][name].value                           | K1 K2 K4 K5 K6 K7 K8
          CB_VA01 records[2].record[name].value                    | K1 K2 K4 K5 K6 K7 K8
          CB_VA01 records[2]                                       | K1 K2 K4 K5 K6 K7 K8
          CB_VA01 records[0].name.value records[7].mail.value      | K2 K3 K4 K5 K6 K7
          CB_VA01 records[2].name.value records[2].mail.value      | K1 K2 K4 K5 K6 K7 K8
          # a position that the request does not have is none
          CB_VA01 records[8].name.value                            | K1 K2 K3 K4
          # a value that it quotes: the records that have it go apart
          GAIA_XX99 branch=B1                                      | K3
          GAIA_XX99 branch=B2                                      | K5 K6
          GAIA_XX99 branch=B9                                      | K1 K2 K3 K4
          GAIA_XX99 other=B1                                       | K1 K2 K3 K4
          # nothing: the first half
          GAIA_XX99                                                | K1 K2 K3 K4
          """)
  void whatKintoneNamesIsSentApart(String answer, String next) {
    var talk = eight().sends(all("POST", "K1", "K2", "K3", "K4", "K5", "K6", "K7", "K8"));

    talk.hears(answer);

    assertThat(keys(talk)).isEqualTo(next);
  }

  private static Talk eight() {
    return Talk.of(
        "upsert",
        "K1 name=A",
        "K2 name=A",
        "K3 name=A branch=B1",
        "K4 name=A",
        "K5 name=A branch=B2",
        "K6 name=A branch=B2",
        "K7 name=A",
        "K8 name=A");
  }

  private static String all(String verb, String... keys) {
    var records = new ArrayList<String>();
    for (String key : keys) {
      String branch =
          switch (key) {
            case "K3" -> " branch=B1";
            case "K5", "K6" -> " branch=B2";
            default -> "";
          };
      records.add(key + " name=A" + branch);
    }
    return verb + " " + String.join("; ", records);
  }

  private static String keys(Talk talk) {
    var keys = new ArrayList<String>();
    Notation.payload(talk.nextWrites().get(0))
        .path("records")
        .forEach(record -> keys.add(record.path("code").path("value").asText()));
    return String.join(" ", keys);
  }

  @Test
  void aPositionBlamesItsRecordWithFieldAndWords() {
    eight()
        .sends(all("POST", "K1", "K2", "K3", "K4", "K5", "K6", "K7", "K8"))
        .hears(
            "CB_VA01 records[1].name.value records[1].mail.value records[3].mail.value"
                + " records[5]")
        .playsOn(1)
        .ends(
            "K1 inserted",
            "K2 rejected name: Kintone: name: wrong; mail: wrong [CB_VA01]",
            "K3 inserted",
            "K4 rejected mail: Kintone: mail: wrong [CB_VA01]",
            "K5 inserted",
            "K6 rejected: Kintone: wrong [CB_VA01]",
            "K7 inserted",
            "K8 inserted");
  }

  @Test
  void aTakenKeyAmongBadRecordsIsALostRaceAndNoFault() {
    eight()
        .sends(all("POST", "K1", "K2", "K3", "K4", "K5", "K6", "K7", "K8"))
        .holds("K2 r1 by=sato name=C")
        .hears("CB_VA01 records[1].code.value records[3].mail.value")
        .asks("? K2")
        .hears()
        .sends(all("POST", "K1", "K3", "K5", "K6", "K7", "K8"), "PUT #2 r1 name=A")
        .hears()
        .ends(
            "K1 inserted",
            "K2 updated over sato",
            "K3 inserted",
            "K4 rejected mail: Kintone: mail: wrong [CB_VA01]",
            "K5 inserted",
            "K6 inserted",
            "K7 inserted",
            "K8 inserted");
  }

  @Test
  void aRecordIsBlamedOnlyWhenItIsRefusedAlone() {
    var talk = Talk.of("upsert", "K1 name=A", "K2 name=A", "K3 name=A", "K4 name=A");
    talk.sends("POST K1 name=A; K2 name=A; K3 name=A; K4 name=A").hears("GAIA_XX99");
    talk.sends("POST K1 name=A; K2 name=A", "POST K3 name=A; K4 name=A").hears("GAIA_XX99@0");
    talk.sends("POST K1 name=A").hears();
    talk.sends("POST K2 name=A").hears("GAIA_XX99");
    talk.sends("POST K3 name=A; K4 name=A").hears();

    talk.ends(
        "K1 inserted", "K2 rejected: Kintone: refused [GAIA_XX99]", "K3 inserted", "K4 inserted");
    assertThat(talk.result().isolation()).isEqualTo(4);
  }

  @Test
  void aRecordThatIsGoneIsFoundByItsIdAndLookedUp() {
    Talk.of("upsert", "K1 name=B", "K2 name=B", "K12 name=B")
        .holds("K1 r1 name=A", "K2 r1 name=A", "K12 r1 name=A")
        .sends("PUT #1 r1 name=B; #2 r1 name=B; #12 r1 name=B")
        .loses("K12")
        .hears("GAIA_RE01 #12")
        .asks("? K12")
        .hears()
        .sends("PUT #1 r1 name=B; #2 r1 name=B", "POST K12 name=B")
        .hears()
        .ends("K1 updated", "K2 updated", "K12 inserted");
  }

  @Test
  void aMissingLookupKeyIsShownOnceAndRejectsAllThatHaveIt() {
    var talk =
        Talk.of(
            "upsert",
            "K1 branch=B1",
            "K2 branch=B2",
            "K3 branch=B2",
            "K4 branch=B2",
            "K5 branch=B3");
    talk.sends("POST K1 branch=B1; K2 branch=B2; K3 branch=B2; K4 branch=B2; K5 branch=B3");
    talk.hears("GAIA_LO04 branch=B2");
    talk.sends("POST K2 branch=B2", "POST K1 branch=B1; K3 branch=B2; K4 branch=B2; K5 branch=B3");
    talk.hears("GAIA_LO04@0 branch=B2");
    talk.sends("POST K1 branch=B1; K3 branch=B2; K4 branch=B2; K5 branch=B3");
    talk.hears("GAIA_LO04 branch=B2");
    talk.sends("POST K1 branch=B1; K5 branch=B3").hears();

    talk.ends(
        "K1 inserted",
        "K2 rejected branch: lookup-source-missing",
        "K3 rejected branch: lookup-source-missing",
        "K4 rejected branch: lookup-source-missing",
        "K5 inserted");
    assertThat(talk.result().rejects().get(2).reason().toString()).contains("\"B2\"", "GAIA_LO04");
  }

  @Test
  void rejectsStandInTheOrderOfTheSourceWithPositionKeyFieldAndReason() {
    var talk =
        Talk.of("upsert", "K1 name=A", "K2 name=A", "K3 name=A")
            .sends("POST K1 name=A; K2 name=A; K3 name=A")
            .hears("CB_VA01 records[2].mail.value")
            .sends("POST K1 name=A; K2 name=A")
            .hears("CB_VA01 records[0].name.value")
            .playsOn(1);

    var rejects = talk.result().rejects();
    assertThat(rejects)
        .extracting(reject -> reject.source().position().row())
        .containsExactly(1L, 3L);
    assertThat(rejects).extracting(Reject::key).containsExactly("K1", "K3");
    assertThat(rejects).extracting(Reject::field).containsExactly("name", "mail");
    assertThat(rejects)
        .extracting(reject -> reject.source().values().get("name"))
        .containsExactly("A", "A");
  }

  @Test
  void theBudgetIsSpentBySendingPartsAndEndsTheRun() {
    var budget = new Isolation.Budget(3);
    var talk =
        Talk.of("upsert", "K1 name=A", "K2 name=A", "K3 name=A", "K4 name=A")
            .mayIsolateWith(budget);
    talk.nextWrites();
    talk.hears("GAIA_XX99"); // two parts
    talk.nextWrites();
    assertThat(talk.stopReason()).isEmpty();
    talk.hears("GAIA_XX99"); // two more: one too many

    assertThat(talk.stopReason()).isEqualTo("isolation-budget-spent");
    assertThat(talk.plan().stopReason().toString()).contains("more than 3 ", "GAIA_XX99");
    talk.allEnd("unprocessed");
  }

  @Test
  void theBudgetIsThatOfTheRunAndNotOfTheBatch() {
    var budget = new Isolation.Budget(3);
    refusedOnce(budget);
    var second = refusedOnce(budget);

    assertThat(second.stopReason()).isEqualTo("isolation-budget-spent");
  }

  private static Talk refusedOnce(Isolation.Budget budget) {
    var talk = Talk.of("upsert", "K1 name=A", "K2 name=A").mayIsolateWith(budget);
    talk.nextWrites();
    return talk.hears("GAIA_XX99");
  }

  @Test
  void aRefusalThatLeavesNothingToSendCostsNothing() {
    var talk = Talk.of("upsert", "K1 name=A").mayIsolateWith(new Isolation.Budget(0));
    talk.nextWrites();

    talk.hears("GAIA_XX99").ends("K1 rejected: Kintone: refused [GAIA_XX99]");
    assertThat(talk.stopReason()).isEmpty();
    assertThat(talk.result().isolation()).isZero();
  }

  @Test
  void aHundredRecordsWithOneBadOneTakeSevenHalvings() {
    var rows = IntStream.range(100, 200).mapToObj(i -> "K" + i + " name=A").toList();
    var talk = Talk.of("upsert", rows.toArray(String[]::new));
    while (talk.plan().isOpen()) {
      var requests = talk.nextWrites();
      int bad = 0;
      while (bad < requests.size() && !requests.get(bad).payload().toString().contains("K163")) {
        bad++;
      }
      if (bad < requests.size()) {
        talk.hears("GAIA_XX99@" + bad);
      } else {
        talk.hears();
      }
    }

    assertThat(talk.result().counts().inserted()).isEqualTo(99);
    assertThat(talk.result().rejects()).extracting(Reject::key).isEqualTo(List.of("K163"));
    assertThat(talk.result().isolation()).isLessThanOrEqualTo(14);
  }
}
