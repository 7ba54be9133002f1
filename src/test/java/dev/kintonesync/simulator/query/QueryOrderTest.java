package dev.kintonesync.simulator.query;

import static dev.kintonesync.simulator.query.TestForm.find;
import static dev.kintonesync.simulator.query.TestForm.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.simulator.query.CompiledQuery.IdOrder;
import dev.kintonesync.simulator.query.TestForm.Row;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The order of results, and what a query tells an index. */
class QueryOrderTest {

  private final Row[] rows = {
    row(1).with("K", "b").with("Q", new BigDecimal("10")),
    row(2).with("K", "a").with("Q", new BigDecimal("9.50")),
    row(3).with("K", "b"),
    row(4).with("K", "").with("Q", new BigDecimal("9.5"))
  };

  @Test
  void numbersSortByValueAndNoValueIsTheLowest() {
    assertThat(find("order by Q asc", rows)).containsExactly(3L, 4L, 2L, 1L);
    assertThat(find("order by Q desc", rows)).containsExactly(1L, 4L, 2L, 3L);
  }

  @Test
  void laterKeysDecideWhereEarlierOnesTie() {
    assertThat(find("order by K asc, Q desc", rows)).containsExactly(4L, 2L, 1L, 3L);
    assertThat(find("order by K desc, $id asc", rows)).containsExactly(1L, 3L, 2L, 4L);
  }

  @Test
  void aKeyWithoutDirectionIsDescending() {
    assertThat(find("order by $id", rows)).containsExactly(4L, 3L, 2L, 1L);
  }

  @Test
  void aQueryOfTenThousandKeysSorts() {
    String keys = String.join(", ", Collections.nCopies(10_000, "K asc"));

    assertThat(find("order by " + keys, rows)).containsExactly(4L, 2L, 3L, 1L);
  }

  @Test
  void theOrderOfRecordNumbersIsTold() {
    assertThat(
            Stream.of("", "order by $id asc", "order by No desc, K asc", "order by K asc, $id asc")
                .map(query -> TestForm.compile(query).idOrder()))
        .containsExactly(IdOrder.DESCENDING, IdOrder.ASCENDING, IdOrder.DESCENDING, IdOrder.OTHER);
  }

  @Test
  void aSeekIsARangeOfRecordNumbers() {
    CompiledQuery seek = TestForm.compile("(K = \"a\" or Q > 1) and $id > 500 order by $id asc");

    assertThat(seek.ids()).isEqualTo(new IdRange(501, Long.MAX_VALUE));
    assertThat(seek.lookups()).isEmpty();
    assertThat(TestForm.compile("$id >= 5 and No < \"CRM-9\" and $id <= 8").ids())
        .isEqualTo(new IdRange(5, 8));
    assertThat(TestForm.compile("$id > 5 or K = \"a\"").ids()).isEqualTo(IdRange.ALL);
  }

  @Test
  void keysThatAllMatchesHaveAreTold() {
    assertThat(TestForm.compile("K in (\"A-1\", \"A-2\") and Q = 5.0").lookups())
        .containsExactly(
            new KeyLookup("K", Set.of("A-1", "A-2")),
            new KeyLookup("Q", Set.of(new BigDecimal("5"))));
    assertThat(TestForm.compile("$id in (1, \"2\")").lookups())
        .containsExactly(new KeyLookup("$id", Set.of(1L, 2L)));
    assertThat(TestForm.compile("No = \"CRM-7\"").lookups())
        .containsExactly(new KeyLookup("$id", Set.of(7L)));
  }

  @Test
  void whatAnIndexCannotAnswerIsNotTold() {
    for (String query :
        List.of(
            "K in (\"A-1\") or Q = 5",
            "K not in (\"A-1\")",
            "K != \"A-1\"",
            "K in (\"A-1\", \"\")",
            "K like \"A-1\"",
            "a in (\"A-1\")",
            "d = THIS_WEEK()",
            "drop in (\"A\")")) {
      assertThat(TestForm.compile(query).lookups()).as(query).isEmpty();
    }
  }
}
