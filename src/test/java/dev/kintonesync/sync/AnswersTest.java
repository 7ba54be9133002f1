package dev.kintonesync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kintonesync.kintone.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What follows from Kintone's answers to writes: confirmed, planned anew, rejected, stopped. */
class AnswersTest {
  /**
   * A record holds something (- is nothing), and the first write of {@code K1 name=B} is answered
   * so; meanwhile the record has become another; this goes out next, is done, and so it ends.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -                    | done          | K1 r1 name=B         | -                | inserted
          K1 r3 name=A         | done          | K1 r4 name=B         | -                | updated
          # somebody else saved the record
          K1 r3 name=A         | GAIA_CO02     | K1 r4 by=sato name=C | PUT #1 r4 name=B | updated over sato
          K1 r3 name=A state=x | GAIA_CO02     | K1 r4 by=sato name=A state=y | PUT #1 r4 name=B | updated over sato
          K1 r3 name=A         | GAIA_CO02     | K1 r4 by=sato name=B | -                | unchanged
          # somebody else added or deleted it
          -                    | CB_VA01 records[0].code.value | K1 r1 by=sato name=C | PUT #1 r1 name=B | updated over sato
          -                    | CB_VA01 records[0][code].value | K1 r1 by=sato name=C | PUT #1 r1 name=B | updated over sato
          -                    | CB_VA01 records[0].code.value | K1 r1 by=sato name=B | -     | unchanged
          -                    | CB_VA01 records[0].code.value | -   | -                | rejected code: key-held-by-unseen-record
          K1 r3 name=A         | GAIA_RE01 #1  | -                    | POST K1 name=B   | inserted
          # nobody knows whether it was done
          -                    | lost          | -                    | POST K1 name=B   | inserted
          -                    | lost          | K1 r1 name=B         | -                | inserted
          -                    | lost          | K1 r1 by=sato name=C | PUT #1 r1 name=B | updated over sato
          K1 r3 name=A         | lost          | K1 r3 name=A         | PUT #1 r3 name=B | updated
          K1 r3 name=A         | lost          | K1 r4 name=B         | -                | updated
          K1 r3 name=A         | lost          | K1 r4 by=sato name=C | PUT #1 r4 name=B | updated over sato
          K1 r3 name=A         | lost          | -                    | POST K1 name=B   | inserted
          # the record is bad
          -                    | CB_VA01 records[0].name.value | -   | -                | rejected name: Kintone: name: wrong [CB_VA01]
          -                    | CB_VA01 records[0].mail.value | -   | -                | rejected mail: Kintone: mail: wrong [CB_VA01]
          -                    | CB_VA01 records[0].code.value records[0].mail.value | - | - | rejected code: Kintone: code: wrong; mail: wrong [CB_VA01]
          K1 r3 name=A         | CB_VA01 records[0].record[name].value | K1 r3 name=A | - | rejected name: Kintone: name: wrong [CB_VA01]
          K1 r3 name=A         | CB_VA01 records[0].code.value | K1 r3 name=A | -       | rejected code: Kintone: code: wrong [CB_VA01]
          K1 r3 name=A         | GAIA_RE20     | K1 r3 name=A         | -                | rejected: Kintone: refused [GAIA_RE20]
          K1 r3 name=A         | CB_NO02       | K1 r3 name=A         | -                | rejected: Kintone: refused [CB_NO02]
          -                    | GAIA_XX99     | -                    | -                | rejected: Kintone: refused [GAIA_XX99]
          K1 r3 name=A         | GAIA_XX99     | K1 r3 name=A         | -                | rejected: Kintone: refused [GAIA_XX99]
          """)
  void oneRecordIsSettledOrPlannedAnew(
      String holds, String answer, String meanwhile, String next, String outcome) {
    var talk = Talk.of("upsert", "K1 name=B").holds(list(holds));
    talk.sends(holds.equals("-") ? "POST K1 name=B" : "PUT #1 r3 name=B");
    if (answer.equals("done")) {
      talk.hears();
    } else {
      talk.hears(answer);
      talk.loses("K1").holds(list(meanwhile));
    }
    if (!next.equals("-")) {
      talk.sends(next).hears();
    }

    talk.ends("K1 " + outcome);
  }

  private static String[] list(String cell) {
    return cell.equals("-") ? new String[0] : new String[] {cell};
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          missing = delete         | DELETE #1 r3         | GAIA_CO02    | K1 r4 name=C | DELETE #1 r4         | deleted
          missing = delete         | DELETE #1 r3         | lost         | K1 r3 name=A | DELETE #1 r3         | deleted
          missing = delete         | DELETE #1 r3         | lost         | -            | -                    | deleted
          missing = delete         | DELETE #1 r3         | GAIA_RE01 #1 | -            | -                    | unchanged
          missing = set state=gone | PUT #1 r3 state=gone | GAIA_CO02    | K1 r4 name=C | PUT #1 r4 state=gone | updated
          missing = set state=gone | PUT #1 r3 state=gone | lost         | K1 r4 state=gone | -                | updated
          missing = set state=gone | PUT #1 r3 state=gone | GAIA_CO02    | K1 r4 state=gone | -                | unchanged
          missing = set state=gone | PUT #1 r3 state=gone | GAIA_RE01 #1 | -            | -                    | unchanged
          """)
  void aRemovalIsSettledOrPlannedAnew(
      String rule, String request, String answer, String meanwhile, String next, String outcome) {
    var talk = Talk.of("upsert, " + rule, "K1 flagged").holds("K1 r3 name=A");
    talk.sends(request).hears(answer).loses("K1").holds(list(meanwhile));
    if (!next.equals("-")) {
      talk.sends(next).hears();
    }

    talk.ends("K1 " + outcome);
  }

  @ParameterizedTest
  @CsvSource({
    "unsent, write-failed",
    "GAIA_DA02, write-failed",
    "GAIA_RE18, write-failed",
    "GAIA_LT01, write-failed",
    "GAIA_TM12, write-failed",
    "GAIA_TO04, write-failed",
    "GAIA_IA02, access-lost",
    "GAIA_NO01, write-not-permitted",
    "GAIA_AP01, access-lost",
    "CB_AU01, access-lost",
    "CB_WA01, access-lost",
    "CB_NO02, add-not-permitted",
  })
  void whatIsNoRecordsFaultStopsTheRunAndRejectsNothing(String answer, String reason) {
    var talk = Talk.of("upsert", "K1 name=A", "K2 name=A").holds("K2 r1 name=A");

    talk.sends("POST K1 name=A").hears(answer);

    assertThat(talk.stopReason()).isEqualTo(reason);
    assertThat(talk.plan().isOpen()).isFalse();
    talk.ends("K1 unprocessed", "K2 unchanged");
  }

  @Test
  void theRightToAddIsTheAppsAndThatToEditTheRecords() {
    var talk =
        Talk.of("upsert", "K1 name=A", "K2 name=B", "K3 name=B")
            .holds("K2 r1 name=A", "K3 r1 name=A")
            .sends("POST K1 name=A", "PUT #2 r1 name=B; #3 r1 name=B")
            .hears("CB_NO02@1")
            .sends("PUT #2 r1 name=B")
            .hears("CB_NO02")
            .sends("PUT #3 r1 name=B")
            .hears()
            .sends("POST K1 name=A")
            .hears()
            .ends("K1 inserted", "K2 rejected: Kintone: refused [CB_NO02]", "K3 updated");
    assertThat(talk.stopReason()).isEmpty();
  }

  @Test
  void ofARefusedBulkRequestNothingWasDoneSoItsRequestsGoSingly() {
    Talk.of("upsert, records-per-request = 1", "K1 name=A", "K2 name=A", "K3 name=A", "K4 name=B")
        .holds("K4 r1 name=A")
        .sends("POST K1 name=A", "POST K2 name=A", "POST K3 name=A", "PUT #4 r1 name=B")
        .hears("CB_VA01@1 records[0].name.value")
        .sends("POST K1 name=A")
        .hears()
        .sends("POST K3 name=A")
        .hears()
        .sends("PUT #4 r1 name=B")
        .hears()
        .ends(
            "K1 inserted",
            "K2 rejected name: Kintone: name: wrong [CB_VA01]",
            "K3 inserted",
            "K4 updated");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void anAnswerForAnotherNumberOfRecordsIsNone(int ids) {
    var body = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < ids; i++) {
      body.withArray("ids").add(i);
    }

    Talk.of("upsert", "K1 name=A", "K2 name=A")
        .sends("POST K1 name=A; K2 name=A")
        .hears(new Answer.Done(body))
        .holds("K1 r1 name=A")
        .asks("? K1 K2")
        .hears()
        .sends("POST K2 name=A")
        .hears()
        .ends("K1 inserted", "K2 inserted");
  }

  @Test
  void aConfirmedInsertHasItsIdAndAConfirmedUpdateWhatItChanged() {
    var talk =
        Talk.of("upsert", "K1 name=A", "K2 name=B amount=2")
            .holds("K2 r5 name=A amount=2")
            .playsOn(2);

    var changes = talk.result().changes();
    assertThat(changes).extracting(Change::id).containsExactly("1", "2");
    assertThat(changes.get(1).fields()).containsOnlyKeys("name");
    var name = changes.get(1).fields().get("name");
    assertThat(name.before().asText()).isEqualTo("A");
    assertThat(name.after().asText()).isEqualTo("B");
    assertThat(talk.kintone().held()).containsExactly("K1 r1 name=A", "K2 r6 name=B amount=2");
  }

  @Test
  void aRemovedRecordIsKeptWholeInWhatWasChanged() {
    var talk =
        Talk.of("upsert, missing = delete", "K1 flagged")
            .holds("K1 r1 name=A amount=5 state=x")
            .playsOn(2);

    var fields = talk.result().changes().get(0).fields();
    assertThat(fields.get("state").before().asText()).isEqualTo("x");
    assertThat(fields.get("state").after()).isNull();
    assertThat(fields).containsKeys("name", "amount", "mail");
  }

  @Test
  void anAppFoundEmptyIsLookedUpAfterTheFirstKeyThatIsThereAfterAll() {
    var talk =
        Talk.of("upsert, app-is-empty", "K1 name=A", "K2 name=A")
            .holds("K2 r1 by=sato name=C")
            .sends("POST K1 name=A; K2 name=A")
            .hears();

    talk.asks("? K2")
        .hears()
        .sends("POST K1 name=A", "PUT #2 r1 name=A")
        .hears()
        .ends("K1 inserted", "K2 updated over sato");
  }
}
