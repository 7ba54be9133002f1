package dev.kintonesync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What becomes of one record by the rules of its job, Kintone doing what it is asked: by these
 * rules, holding this, when the source says that, this request goes out, and so it ends. {@code -}
 * is nothing.
 */
class DecisionTest {

  private static String[] list(String cell) {
    return cell == null || cell.equals("-") ? new String[0] : cell.split(" *; *");
  }

  private static void decided(
      String rules, String holds, String source, String request, String outcome) {
    var talk = Talk.of(rules, source).holds(list(holds));
    if (!request.equals("-")) {
      talk.sends(request).hears();
    }
    talk.allEnd(outcome);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          upsert                      | -                  | K1 name=A  | POST K1 name=A    | inserted
          upsert                      | K1 r3 name=A       | K1 name=A  | -                 | unchanged
          upsert                      | K1 r3 name=A       | K1 name=B  | PUT #1 r3 name=B  | updated
          mirror                      | -                  | K1 name=A  | POST K1 name=A    | inserted
          mirror                      | K1 r3 name=A       | K1 name=A  | -                 | unchanged
          mirror                      | K1 r3 name=A       | K1 name=B  | PUT #1 r3 name=B  | updated
          insert                      | -                  | K1 name=A  | POST K1 name=A    | inserted
          insert                      | K1 r3 name=A       | K1 name=A  | -                 | unchanged
          insert                      | K1 r3 name=A       | K1 name=B  | -                 | unchanged
          insert, existing = reject   | K1 r3 name=A       | K1 name=B  | -                 | rejected code: key-is-there
          insert, existing = reject   | K1 r3 name=A       | K1 name=A  | -                 | unchanged
          insert, existing = reject   | -                  | K1 name=A  | POST K1 name=A    | inserted
          update                      | -                  | K1 name=A  | -                 | rejected code: key-not-in-app
          update, missing-key = skip  | -                  | K1 name=A  | -                 | unchanged
          update                      | K1 r3 name=A       | K1 name=A  | -                 | unchanged
          update                      | K1 r3 name=A       | K1 name=B  | PUT #1 r3 name=B  | updated
          upsert, key = no            | -                  | 7 name=A   | -                 | rejected no: no-such-record-number
          upsert, key = no            | 7 r3 name=A        | 7 name=B   | PUT #7 r3 name=B  | updated
          upsert, key = serial        | 7 r3 name=A        | 7.0 name=B | PUT #7 r3 name=B  | updated
          upsert, app-is-empty        | -                  | K1 name=A  | POST K1 name=A    | inserted
          update, app-is-empty        | -                  | K1 name=A  | -                 | rejected code: key-not-in-app
          upsert, plan-only           | -                  | K1 name=A  | -                 | inserted
          upsert, plan-only           | K1 r3 name=A       | K1 name=B  | -                 | updated
          upsert, plan-only           | K1 r3 name=A       | K1 name=A  | -                 | unchanged
          """)
  void theModeAndWhatIsThereDecide(
      String rules, String holds, String source, String request, String outcome) {
    decided(rules, holds, source, request, outcome);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          upsert                                | K1 name=A amount=1 state=x | K1 name=A amount=2 state=x | PUT #1 r1 amount=2          | updated
          upsert                                | K1 name=A amount=1 state=x | K1 name=B amount=2 state=x | PUT #1 r1 name=B amount=2   | updated
          upsert                                | K1 name=A amount=1.50      | K1 name=A amount=1.5       | -                           | unchanged
          upsert                                | K1 name=A amount=1         | K1 amount=2                | PUT #1 r1 amount=2          | updated
          upsert                                | K1 name=A amount=1         | K1 name= amount=1          | PUT #1 r1 name=             | updated
          upsert                                | K1 name=A amount=1         | K1 name=A amount=          | PUT #1 r1 amount=           | updated
          upsert                                | K1 name= amount=1          | K1 name= amount=1          | -                           | unchanged
          upsert, empty = keep                  | K1 name=A amount=1         | K1 name= amount=2          | PUT #1 r1 amount=2          | updated
          upsert, empty = keep                  | K1 name=A                  | K1 name=                   | -                           | unchanged
          upsert, empty = keep                  | -                          | K1 name= amount=2          | POST K1 amount=2            | inserted
          upsert                                | -                          | K1 name= amount=2          | POST K1 name= amount=2      | inserted
          upsert, on-insert = name              | -                          | K1 name=B amount=2         | POST K1 name=B amount=2     | inserted
          upsert, on-insert = name              | K1 name=A amount=1         | K1 name=B amount=2         | PUT #1 r1 amount=2          | updated
          upsert, on-insert = name              | K1 name= amount=1          | K1 name=B amount=1         | -                           | unchanged
          upsert, if-empty = name               | -                          | K1 name=B amount=2         | POST K1 name=B amount=2     | inserted
          upsert, if-empty = name               | K1 name=A amount=1         | K1 name=B amount=1         | -                           | unchanged
          upsert, if-empty = name               | K1 name=A amount=1         | K1 name=B amount=2         | PUT #1 r1 amount=2          | updated
          upsert, if-empty = name               | K1 name= amount=1          | K1 name=B amount=1         | PUT #1 r1 name=B            | updated
          upsert, if-empty = name, on-insert = amount | K1 name= amount=1    | K1 name=B amount=2         | PUT #1 r1 name=B            | updated
          insert, existing = reject, on-insert = name | K1 name=A            | K1 name=B                  | -                           | unchanged
          """)
  void onlyWhatDiffersAndIsOursIsWritten(
      String rules, String holds, String source, String request, String outcome) {
    decided(rules, holds, source, request, outcome);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          upsert, required = name | -         | K1 name= amount=2 | -                  | rejected name: value-required
          upsert, required = name | -         | K1 amount=2       | -                  | rejected name: value-required
          upsert, required = name | K1 name=A | K1 amount=2       | PUT #1 r1 amount=2 | updated
          upsert, required = name | K1 name=A | K1 name= amount=2 | -                  | rejected name: value-required
          upsert, required = name | K1 name=A | K1 name=B         | PUT #1 r1 name=B   | updated
          upsert, required = name, empty = keep | K1 name=A | K1 name= amount=2 | PUT #1 r1 amount=2 | updated
          """)
  void whatKintoneWouldRefuseForBeingBlankIsNotSent(
      String rules, String holds, String source, String request, String outcome) {
    decided(rules, holds, source, request, outcome);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          upsert                                    | K1 by=sato name=A   | K1 name=B | PUT #1 r1 name=B | updated over sato
          upsert                                    | K1 name=A           | K1 name=B | PUT #1 r1 name=B | updated
          upsert, login = tanaka                    | K1 name=A           | K1 name=B | PUT #1 r1 name=B | updated over Administrator
          upsert, login = tanaka                    | K1 by=tanaka name=A | K1 name=B | PUT #1 r1 name=B | updated
          upsert, hand-edits = reject               | K1 by=sato name=A   | K1 name=B | -                | rejected: edited-by-hand
          upsert, hand-edits = reject               | K1 by=sato name=A   | K1 name=A | -                | unchanged
          upsert, hand-edits = reject               | K1 name=A           | K1 name=B | PUT #1 r1 name=B | updated
          upsert, hand-edits = reject, on-insert = name | K1 by=sato name=A | K1 name=B | -              | unchanged
          insert, hand-edits = reject               | K1 by=sato name=A   | K1 name=B | -                | unchanged
          upsert, plan-only                         | K1 by=sato name=A   | K1 name=B | -                | updated over sato
          """)
  void aRecordThatAPersonSavedLastIsWrittenOverOrLeftToThem(
      String rules, String holds, String source, String request, String outcome) {
    decided(rules, holds, source, request, outcome);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          upsert | K1 r3 name=A | K1 $revision=3 name=B  | PUT #1 r3 name=B | updated
          upsert | K1 r3 name=A | K1 $revision=-1 name=B | PUT #1 r3 name=B | updated
          upsert | K1 r3 name=A | K1 $revision= name=B   | PUT #1 r3 name=B | updated
          upsert | K1 r4 name=A | K1 $revision=3 name=B  | -                | rejected: revision-moved
          upsert | K1 r2 name=A | K1 $revision=3 name=B  | -                | rejected: revision-moved
          upsert | -            | K1 $revision=3 name=B  | -                | rejected: revision-moved
          upsert | -            | K1 $revision=-1 name=B | POST K1 name=B   | inserted
          upsert | K1 r4 name=B | K1 $revision=3 name=B  | -                | unchanged
          """)
  void theRevisionThatTheSourceHasSeenMustBeThere(
      String rules, String holds, String source, String request, String outcome) {
    decided(rules, holds, source, request, outcome);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          upsert, missing = report           | K1 r3 name=A           | K1 flagged | -                  | unchanged       | 1 | 0
          upsert, missing = delete           | K1 r3 name=A           | K1 flagged | DELETE #1 r3       | deleted         | 1 | 1
          upsert, missing = delete           | K1 r3 by=sato name=A   | K1 flagged | DELETE #1 r3       | deleted over sato | 1 | 1
          upsert, missing = delete           | -                      | K1 flagged | -                  | unchanged       | 0 | 0
          upsert, missing = set state=gone   | K1 r3 name=A           | K1 flagged | PUT #1 r3 state=gone | updated       | 1 | 1
          upsert, missing = set state=gone   | K1 r3 state=gone       | K1 flagged | -                  | unchanged       | 1 | 0
          upsert, missing = set state=gone   | -                      | K1 flagged | -                  | unchanged       | 0 | 0
          update, missing = delete           | -                      | K1 flagged | -                  | unchanged       | 0 | 0
          insert, missing = delete           | K1 r3 name=A           | K1 flagged | DELETE #1 r3       | deleted         | 1 | 1
          upsert, missing = delete, hand-edits = reject | K1 r3 by=sato name=A | K1 flagged | DELETE #1 r3 | deleted over sato | 1 | 1
          upsert, missing = delete, plan-only | K1 r3 name=A          | K1 flagged | -                  | deleted         | 1 | 1
          upsert, missing = set state=gone, required = name | K1 r3   | K1 flagged | PUT #1 r3 state=gone | updated       | 1 | 1
          mirror, missing = report           | K1 r3 name=A           | K1 lacked  | -                  | unchanged       | 1 | 0
          mirror, missing = delete           | K1 r3 name=A           | K1 lacked  | DELETE #1 r3       | deleted         | 1 | 1
          mirror, missing = set state=gone   | K1 r3 name=A           | K1 lacked  | PUT #1 r3 state=gone | updated       | 1 | 1
          mirror, missing = delete           | -                      | K1 lacked  | -                  | unchanged       | 0 | 0
          """)
  void aRecordThatTheSourceFlagsOrLacksIsRemovedAsTheJobSays(
      String rules,
      String holds,
      String source,
      String request,
      String outcome,
      int missing,
      int removed) {
    var talk = Talk.of(rules, source).holds(list(holds));
    if (!request.equals("-")) {
      talk.sends(request).hears();
    }
    talk.allEnd(outcome);
    assertThat(talk.result().missing()).isEqualTo(missing);
    assertThat(talk.result().removed()).isEqualTo(removed);
  }

  @Test
  void richTextThatKintoneRewroteIsUnchangedAsLongAsNobodyElseSavedIt() {
    var asked = new ArrayList<String>();
    var remembered =
        new RichTexts() {
          @Override
          public boolean isAsSent(
              String id, String field, String text, String stored, boolean untouched) {
            asked.add(id + " " + field + " " + text + " " + stored + " " + untouched);
            return untouched && text.equals("<b>A</b>");
          }

          @Override
          public void sent(String id, String field, String text) {}
        };
    Talk.of("upsert", "K1 memo=<b>A</b> amount=2")
        .remembering(remembered)
        .holds("K1 memo=<div>A</div> amount=1")
        .sends("PUT #1 r1 amount=2")
        .hears()
        .ends("K1 updated");
    Talk.of("upsert", "K1 memo=<b>A</b>")
        .remembering(remembered)
        .holds("K1 by=sato memo=<div>A</div>")
        .sends("PUT #1 r1 memo=<b>A</b>");
    assertThat(asked)
        .containsExactly("1 memo <b>A</b> <div>A</div> true", "1 memo <b>A</b> <div>A</div> false");
  }

  @Test
  void aTableWhoseNamedRowIsGoneRejectsItsRecord() {
    Talk.of("upsert", "K1 rows=" + row(5, "x") + row(6, "z"))
        .holds("K1 rows=" + row(5, "x") + row(7, "y"))
        .ends("K1 rejected rows: table-row-gone");
    Talk.of("upsert", "K1 rows=" + row(5, "x") + row(7, "z"))
        .holds("K1 rows=" + row(5, "x") + row(7, "y"))
        .playsOn(2)
        .ends("K1 updated");
  }

  private static String row(int id, String item) {
    String row = "{\"id\":\"%d\",\"value\":{\"item\":{\"value\":\"%s\"}}}".formatted(id, item);
    return (id == 5 ? "[" : ",") + row + (id == 5 ? "" : "]");
  }
}
