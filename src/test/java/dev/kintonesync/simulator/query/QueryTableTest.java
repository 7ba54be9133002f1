package dev.kintonesync.simulator.query;

import static dev.kintonesync.simulator.query.TestForm.find;
import static dev.kintonesync.simulator.query.TestForm.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.simulator.query.TestForm.Row;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

/** How records are found by the rows of their tables. */
class QueryTableTest {

  private final Row none = row(1);
  private final Row apple = row(2).table("S", line("apple", 1));
  private final Row both = row(3).table("S", line("apple", 5), line("pear", 1));
  private final Row[] records = {none, apple, both};

  @Test
  void oneRowIsEnough() {
    assertThat(find("a in (\"pear\")", records)).containsExactly(3L);
    assertThat(find("a in (\"apple\", \"plum\")", records)).containsExactly(3L, 2L);
    assertThat(find("b > 4", records)).containsExactly(3L);
    assertThat(find("a like \"apple\"", records)).containsExactly(3L, 2L);
  }

  @Test
  void whatIsDeniedMustHoldForEveryRowOfWhichThereMustBeOne() {
    assertThat(find("a not in (\"pear\")", records)).containsExactly(2L);
    assertThat(find("a not like \"pear\"", records)).containsExactly(2L);
    assertThat(find("b not in (7)", records)).containsExactly(3L, 2L);
  }

  @Test
  void conditionsJoinedByAndHoldInTheSameRow() {
    assertThat(find("a in (\"pear\") and b > 4", records)).isEmpty();
    assertThat(find("a in (\"apple\") and b > 4", records)).containsExactly(3L);
    assertThat(find("a in (\"apple\") and (b in (1) and $id > 0)", records)).containsExactly(2L);
  }

  @Test
  void conditionsJoinedByOrHoldInAnyRows() {
    assertThat(find("a in (\"pear\") or b > 4", records)).containsExactly(3L);
    assertThat(find("a in (\"pear\") or b in (1)", records)).containsExactly(3L, 2L);
  }

  @Test
  void inATableDatesAreAskedForWithIn() {
    Row today = row(4).table("S", row(1).with("day", LocalDate.of(2026, 4, 24)));

    assertThat(find("day in (TODAY(), \"2020-01-01\")", none, today)).containsExactly(4L);
    assertThat(find("day in (THIS_MONTH())", none, today)).containsExactly(4L);
  }

  @Test
  void relatedRecordsAreAskedForByTheirTable() {
    Row related = row(5).table("orders", row(77).with("K", "A-1"), row(78).with("K", "A-2"));

    assertThat(find("orders.K in (\"A-2\")", none, related)).containsExactly(5L);
  }

  private static Row line(String a, int b) {
    return row(0).with("a", a).with("b", BigDecimal.valueOf(b));
  }
}
