package dev.kintonesync.simulator.query;

import static dev.kintonesync.simulator.query.TestForm.find;
import static dev.kintonesync.simulator.query.TestForm.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.simulator.query.TestForm.Row;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which records a query finds, by the kind of the field. */
class QueryMatchTest {

  @Test
  void withoutAConditionAllAreFoundAndTheNewestComesFirst() {
    assertThat(find("", row(1), row(3), row(2))).containsExactly(3L, 2L, 1L);
  }

  @Test
  void andOrAndParenthesesCombine() {
    Row[] rows = {
      row(1).with("K", "a").with("Q", number("1")),
      row(2).with("K", "a").with("Q", number("2")),
      row(3).with("K", "b").with("Q", number("2"))
    };

    assertThat(find("K = \"a\" and Q = 2 or K = \"b\"", rows)).containsExactly(3L, 2L);
    assertThat(find("K = \"a\" and (Q = 2 or K = \"b\")", rows)).containsExactly(2L);
  }

  @Test
  void recordNumbersAreFoundWithAndWithoutTheAppCode() {
    Row[] rows = {row(11), row(12), row(13)};

    assertThat(find("$id = 12", rows)).containsExactly(12L);
    assertThat(find("$id in (\"11\", 13)", rows)).containsExactly(13L, 11L);
    assertThat(find("No = \"CRM-12\"", rows)).containsExactly(12L);
    assertThat(find("No > \"CRM-11\" and No <= 13", rows)).containsExactly(13L, 12L);
    assertThat(find("No != 12", rows)).containsExactly(13L, 11L);
  }

  @Test
  void decimalsCompareExactlyWhateverTheirScale() {
    Row[] rows = {
      row(1).with("Q", number("999999999999.9991")),
      row(2).with("Q", number("999999999999.9992")),
      row(3).with("Q", number("5.00")),
      row(4)
    };

    assertThat(find("Q = 999999999999.9991", rows)).containsExactly(1L);
    assertThat(find("Q in (\"5\", 999999999999.99920)", rows)).containsExactly(3L, 2L);
    assertThat(find("Q > 999999999999.9991", rows)).containsExactly(2L);
    assertThat(find("Q <= 5e0", rows)).containsExactly(3L);
    assertThat(find("Q = \"\"", rows)).containsExactly(4L);
    assertThat(find("Q != 5", rows)).containsExactly(4L, 2L, 1L);
  }

  @Test
  void textIsComparedAsItIs() {
    Row[] rows = {
      row(1).with("K", "ABC"),
      row(2).with("K", "abc"),
      row(3).with("K", "ＡＢＣ"),
      row(4).with("K", "say \"hi\" \\ bye"),
      row(5).with("K", ""),
      row(6)
    };

    assertThat(find("K = \"ABC\"", rows)).containsExactly(1L);
    assertThat(find("K = \"say \\\"hi\\\" \\\\ bye\"", rows)).containsExactly(4L);
    assertThat(find("K in (\"abc\", \"ＡＢＣ\")", rows)).containsExactly(3L, 2L);
    assertThat(find("K = \"\"", rows)).containsExactly(6L, 5L);
    assertThat(find("K in (\"\", \"abc\")", rows)).containsExactly(6L, 5L, 2L);
    assertThat(find("K not in (\"\", \"abc\")", rows)).containsExactly(4L, 3L, 1L);
  }

  @Test
  void foldedTextIsEqualWhenTheFormSaysSo() {
    QuerySchema ignoringCase =
        new QuerySchema() {
          @Override
          public QueryField field(String code) {
            return new TestForm().field(code);
          }

          @Override
          public String folded(String text) {
            return text.toLowerCase();
          }
        };
    CompiledQuery query = Query.parse("K in (\"Abc\")").compile(ignoringCase, TestForm.SATO);

    assertThat(query.matches(row(1).with("K", "aBC"))).isTrue();
    assertThat(query.lookups()).containsExactly(new KeyLookup("K", Set.of("abc")));
  }

  @Test
  void nineHundredKeysInOneListAreFound() {
    String keys =
        IntStream.range(0, 900)
            .mapToObj(i -> "\"A-" + i + "\"")
            .collect(Collectors.joining(",", "(", ")"));

    assertThat(find("K in " + keys, row(1).with("K", "A-899"), row(2).with("K", "A-900")))
        .containsExactly(1L);
  }

  @Test
  void choicesAreFoundByAnyOfThem() {
    Row[] rows = {
      row(1).with("chk", List.of("a", "b")).with("drop", "A"),
      row(2).with("chk", List.of("c")).with("drop", "B"),
      row(3).with("chk", List.of())
    };

    assertThat(find("chk in (\"a\", \"c\")", rows)).containsExactly(2L, 1L);
    assertThat(find("chk not in (\"a\")", rows)).containsExactly(3L, 2L);
    assertThat(find("chk in (\"\")", rows)).containsExactly(3L);
    assertThat(find("chk not in (\"\")", rows)).containsExactly(2L, 1L);
    assertThat(find("drop in (\"\", \"A\")", rows)).containsExactly(3L, 1L);
    assertThat(find("drop not in (\"A\")", rows)).containsExactly(3L, 2L);
  }

  @Test
  void theUserWhoAsksStandsForLoginUser() {
    Row[] rows = {
      row(1).with("user", List.of("suzuki", "sato")).with("creator", "suzuki"),
      row(2).with("user", List.of("suzuki")).with("creator", "sato"),
      row(3).with("user", List.of()).with("creator", "sato")
    };

    assertThat(find("user in (LOGINUSER())", rows)).containsExactly(1L);
    assertThat(find("creator in (LOGINUSER())", rows)).containsExactly(3L, 2L);
    assertThat(find("user not in (LOGINUSER(), \"\")", rows)).containsExactly(2L);
  }

  @Test
  void thePrimaryOrganisationIsIgnoredForWhoHasNone() {
    Viewer alone = new Viewer(TestForm.SATO.now(), TestForm.SATO.zone(), "sato", null);
    Row sales = row(1).with("org", List.of("sales"));
    Row support = row(2).with("org", List.of("support"));

    assertThat(find("org in (PRIMARY_ORGANIZATION())", sales, support)).containsExactly(1L);
    for (String query :
        List.of("org in (PRIMARY_ORGANIZATION())", "org not in (PRIMARY_ORGANIZATION())")) {
      CompiledQuery ignored = Query.parse(query).compile(new TestForm(), alone);
      assertThat(List.of(sales, support)).allMatch(ignored::matches);
    }
    CompiledQuery rest =
        Query.parse("org in (PRIMARY_ORGANIZATION(), \"support\")").compile(new TestForm(), alone);
    assertThat(rest.matches(sales)).isFalse();
    assertThat(rest.matches(support)).isTrue();
  }

  @Test
  void datesCompareByDay() {
    Row[] rows = {
      row(1).with("d", LocalDate.of(2026, 4, 22)),
      row(2).with("d", LocalDate.of(2026, 4, 23)),
      row(3)
    };

    assertThat(find("d = \"2026-04-22\"", rows)).containsExactly(1L);
    assertThat(find("d > \"2026-4-22\"", rows)).containsExactly(2L);
    assertThat(find("d >= \"2026-04\"", rows)).containsExactly(2L, 1L);
    assertThat(find("d = \"\"", rows)).containsExactly(3L);
    assertThat(find("d != \"\"", rows)).containsExactly(2L, 1L);
  }

  @Test
  void timesCompareByMinute() {
    Row[] rows = {
      row(1).with("t", LocalTime.of(9, 5)), row(2).with("t", LocalTime.of(23, 59)), row(3)
    };

    assertThat(find("t = \"9:05\"", rows)).containsExactly(1L);
    assertThat(find("t >= \"23:59:30\"", rows)).containsExactly(2L);
    assertThat(find("t < \"23:59\"", rows)).containsExactly(1L);
  }

  @Test
  void datetimesCompareByMinuteInAnyOffset() {
    Row[] rows = {
      row(1).with("dt", Instant.parse("2026-04-23T06:31:00Z")),
      row(2).with("dt", Instant.parse("2026-04-23T06:32:00Z")),
      row(3).with("dt", Instant.parse("2026-04-23T00:00:00Z")),
      row(4)
    };

    assertThat(find("dt = \"2026-04-23T06:31:59Z\"", rows)).containsExactly(1L);
    assertThat(find("dt = \"2026-04-23T15:31:00+09:00\"", rows)).containsExactly(1L);
    assertThat(find("dt > \"2026-04-23T06:31:30.999Z\"", rows)).containsExactly(2L);
    assertThat(find("dt = \"2026-04-23\"", rows)).containsExactly(3L);
    assertThat(find("dt = \"\"", rows)).containsExactly(4L);
  }

  @Test
  void nowIsThisMinute() {
    Row[] rows = {
      row(1).with("dt", Instant.parse("2026-04-23T15:31:00Z")),
      row(2).with("dt", Instant.parse("2026-04-23T15:32:00Z"))
    };

    assertThat(find("dt = NOW()", rows)).containsExactly(1L);
    assertThat(find("dt > NOW()", rows)).containsExactly(2L);
  }

  // the user's day is Friday, 24 April 2026: in Tokyo it is already past midnight
  @ParameterizedTest
  @CsvSource({
    "TODAY(),2026-04-24,2026-04-24",
    "YESTERDAY(),2026-04-23,2026-04-23",
    "TOMORROW(),2026-04-25,2026-04-25",
    "'FROM_TODAY(5, DAYS)',2026-04-29,2026-04-29",
    "'FROM_TODAY(-1, WEEKS)',2026-04-17,2026-04-17",
    "'FROM_TODAY(2, MONTHS)',2026-06-24,2026-06-24",
    "'FROM_TODAY(-3, YEARS)',2023-04-24,2023-04-24",
    "THIS_WEEK(),2026-04-19,2026-04-25",
    "THIS_WEEK(SUNDAY),2026-04-19,2026-04-19",
    "THIS_WEEK(SATURDAY),2026-04-25,2026-04-25",
    "LAST_WEEK(),2026-04-12,2026-04-18",
    "NEXT_WEEK(MONDAY),2026-04-27,2026-04-27",
    "THIS_MONTH(),2026-04-01,2026-04-30",
    "THIS_MONTH(LAST),2026-04-30,2026-04-30",
    "THIS_MONTH(31),2026-05-01,2026-05-01",
    "LAST_MONTH(31),2026-03-31,2026-03-31",
    "NEXT_MONTH(),2026-05-01,2026-05-31",
    "THIS_YEAR(),2026-01-01,2026-12-31",
    "LAST_YEAR(),2025-01-01,2025-12-31",
    "NEXT_YEAR(),2027-01-01,2027-12-31",
  })
  void functionsOfTheCalendarSpanDaysOfTheUser(String function, LocalDate first, LocalDate last) {
    Row before = row(1).with("d", first.minusDays(1)).with("dt", tokyo(first).minusSeconds(60));
    Row start = row(2).with("d", first).with("dt", tokyo(first));
    Row end = row(3).with("d", last).with("dt", tokyo(last.plusDays(1)).minusSeconds(60));
    Row after = row(4).with("d", last.plusDays(1)).with("dt", tokyo(last.plusDays(1)));
    Row[] rows = {before, start, end, after};

    for (String field : List.of("d", "dt")) {
      assertThat(find(field + " = " + function, rows)).containsExactly(3L, 2L);
      assertThat(find(field + " != " + function, rows)).containsExactly(4L, 1L);
      assertThat(find(field + " < " + function, rows)).containsExactly(1L);
      assertThat(find(field + " <= " + function, rows)).containsExactly(3L, 2L, 1L);
      assertThat(find(field + " > " + function, rows)).containsExactly(4L);
      assertThat(find(field + " >= " + function, rows)).containsExactly(4L, 3L, 2L);
    }
  }

  @Test
  void blankTextAndNoFilesCountAsEmpty() {
    Row[] rows = {
      row(1).with("notes", "text").with("file", List.of("a.pdf")),
      row(2).with("notes", " \n\t").with("file", List.of()),
      row(3)
    };

    assertThat(find("notes is empty", rows)).containsExactly(3L, 2L);
    assertThat(find("notes is not empty", rows)).containsExactly(1L);
    assertThat(find("file is empty", rows)).containsExactly(3L, 2L);
  }

  private static Instant tokyo(LocalDate day) {
    return day.atStartOfDay(ZoneId.of("Asia/Tokyo")).toInstant();
  }

  private static BigDecimal number(String text) {
    return new BigDecimal(text);
  }
}
