package dev.kintonesync.simulator.query;

import static dev.kintonesync.simulator.query.TestForm.find;
import static dev.kintonesync.simulator.query.TestForm.row;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code like} finds: words, in the text that the index knows. */
class QuerySearchTest {

  @ParameterizedTest
  @CsvSource({
    "FOO BAR,FOO,true",
    "FOO BAR,BAR,true",
    "FOO BAR,OO,false",
    "gamma keyword,key,false",
    "gamma keyword,keyword,true",
    "ABCDEF,ABC,false",
    "ABC-123,ABC,true",
    "ABC-123,123,true",
    "ABC-123,ABC-123,true",
    "123-ABC,ABC-123,false",
    "ABC_123,ABC,false",
    "ABC_123,ABC_123,true",
    "FOO BAR,FOO BAR,true",
    "FOO x BAR,FOO BAR,false",
    "foo,FOO,true",
    "ＦＯＯ,foo,true",
    "a b,a,true",
    "東京都新宿区,新宿,true",
    "東京都新宿区,東京都新宿区,true",
    "東京都新宿区,宿,false",
    "宿,宿,true",
    "ﾄｳｷｮｳ,トウキョウ,true",
    "サーバー室,サーバー,true",
    "東京タワー2026,2026,true",
    "東京タワー2026,タワー2026,true",
    "東京タワー2026,202,false",
    "'',FOO,false",
    "!!!,!!!,false",
  })
  void wordsAreFoundNotPieces(String text, String keyword, boolean found) {
    assertThat(find("K like \"" + keyword + "\"", row(1).with("K", text)).contains(1L))
        .isEqualTo(found);
    assertThat(find("K not like \"" + keyword + "\"", row(1).with("K", text)).contains(1L))
        .isEqualTo(!found);
  }

  @Test
  void anEmptyKeywordFindsEmptyText() {
    assertThat(find("K like \"\"", row(1).with("K", "x"), row(2))).containsExactly(2L);
  }

  @Test
  void theIndexMayBeBehindButOnlyForLike() {
    TestForm.Row justWritten = row(1).with("K", "new").indexed("K", "old");

    assertThat(find("K like \"new\"", justWritten)).isEmpty();
    assertThat(find("K like \"old\"", justWritten)).containsExactly(1L);
    assertThat(find("K = \"new\" and K in (\"new\") and $id = 1", justWritten)).containsExactly(1L);
  }

  @Test
  void aQueryKnowsWhetherItSearches() {
    assertThat(TestForm.compile("Q = 1 or (K not like \"x\" and Q = 2)").searchesText()).isTrue();
    assertThat(TestForm.compile("K = \"x\" order by K asc").searchesText()).isFalse();
  }
}
