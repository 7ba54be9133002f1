package dev.kintonesync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that a person could take for another one are not added beside it. */
class SimilarKeysTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # an app with keys like | may hold in the place of | these
          1234       | 5678     | -
          0001       | 2        | 0002
          0001       | 0002     | -
          0001 1     | 0002     | 2
          0001 1     | 12       | 0012
          0001 00001 | 12       | 0012 00012
          001        | 12345    | -
          0          | 000      | 0
          A-1        | B-2      | -
          A-1        | b-2      | B-2
          a-1        | B-2      | b-2
          a-1 A-1    | Bc       | BC bc
          abc        | 12       | -
          Ａ１       | B2       | Ｂ２
          A1         | Ｂ２     | B2
          １２       | 5        | 05 ０５ ５
          １２       | 005      | 05 ００５ ０５
          -          | Ｂ２     | B2
          -          | B2       | -
          ｱ          | ア       | -
          A          | ｱ        | ア
          """)
  void onlyKeysOfTheShapesThatTheAppHasAreAskedFor(String met, String key, String similar) {
    var keys = new SimilarKeys();
    words(met).forEach(keys::met);

    assertThat(new TreeSet<>(keys.of(key))).isEqualTo(words(similar));
  }

  private static TreeSet<String> words(String text) {
    return text.equals("-") ? new TreeSet<>() : new TreeSet<>(Arrays.asList(text.split(" ")));
  }

  @ParameterizedTest
  @CsvSource({
    "0012, 12, true", "12, 0012, true", "12, 120, false", "0, 000, true", "A1, a1, true",
    "Ａ１, a1, true", "A1, A01, false", "A1, A2, false", "ｱ, ア, true", "１２, 12, true",
    "1-2, 12, false"
  })
  void aPersonTakesOneForTheOther(String one, String other, boolean alike) {
    assertThat(SimilarKeys.alike(one, other)).isEqualTo(alike);
    assertThat(SimilarKeys.folded(one).equals(SimilarKeys.folded(other))).isEqualTo(alike);
  }

  @Test
  void aNewKeyLikeOneThatIsThereIsRejectedAndOneShapedLikeTheOthersCostsNothing() {
    var talk =
        Talk.of("upsert, app-has-keys-like = 0001", "12 name=A", "0013 name=A")
            .holds("0012 #9 r1 name=X")
            .asks("? 12 0013")
            .hears()
            .asks("? 0012")
            .hears()
            .sends("POST 0013 name=A")
            .hears()
            .ends("12 rejected code: key-is-similar", "0013 inserted");
    assertThat(talk.result().rejects().get(0).reason().toString()).contains("12", "0012");
  }

  @Test
  void nothingButTheKeyIsReadOfSimilarRecords() {
    var talk = Talk.of("upsert, app-has-keys-like = 0001", "12 name=A").asks("? 12").hears();
    talk.asks("? 0012");

    assertThat(talk.asked().get(0).payload().path("fields").toString()).isEqualTo("[\"code\"]");
  }

  @Test
  void aKeyThatIsThereItselfIsNoNewcomer() {
    Talk.of("upsert, app-has-keys-like = 0001", "12 name=B")
        .holds("0012 #9 r1 name=X", "12 #8 r1 name=A")
        .asks("? 12")
        .hears()
        .sends("PUT #8 r1 name=B")
        .hears()
        .ends("12 updated");
  }

  @Test
  void whoAllowsSimilarKeysIsNotAsked() {
    Talk.of("upsert, similar-keys = allow, app-has-keys-like = 0001", "12 name=A")
        .holds("0012 #9 r1 name=X")
        .asks("? 12")
        .hears()
        .sends("POST 12 name=A");
  }

  @Test
  void theShapesOfKeysAreLearntFromWhatLookUpsFind() {
    Talk.of("upsert", "A1 name=A", "b2 name=A")
        .holds("A1 r1 name=A", "B2 r1 name=X")
        .asks("? A1 b2")
        .hears()
        .asks("? B2")
        .hears()
        .ends("A1 unchanged", "b2 rejected code: key-is-similar");
  }

  @Test
  void aModeThatAddsNothingNeedsNoSimilarKeys() {
    Talk.of("update, app-has-keys-like = 0001", "12 name=A")
        .holds("0012 #9 r1 name=X")
        .asks("? 12")
        .hears()
        .ends("12 rejected code: key-not-in-app");
  }

  @Test
  void numbersAreNotAlikeButTheSame() {
    Talk.of("upsert, key = serial, app-has-keys-like = 0001", "12 name=A")
        .asks("? 12")
        .hears()
        .sends("POST 12 name=A");
  }
}
