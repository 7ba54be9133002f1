package dev.kintonesync.simulator.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which questions a form allows, and the error code of those it does not. */
class QueryCheckTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // no such field
        "GAIA_IQ11 | none = 1                        | none",
        "GAIA_IQ11 | $revision = 1                   | $revision",
        "GAIA_IQ11 | none.K = 1                      | none",
        "GAIA_IQ11 | orders.none in (1)              | orders.none",
        "GAIA_IQ11 | order by none asc               | none",
        // an operator that the type does not know
        "GAIA_IQ03 | K > `a`                         | K,>",
        "GAIA_IQ03 | K is empty                      | K,is empty",
        "GAIA_IQ03 | url <= `a`                      | url,<=",
        "GAIA_IQ03 | Q like `1`                      | Q,like",
        "GAIA_IQ03 | total is not empty              | total,is not empty",
        "GAIA_IQ03 | $id like `1`                    | $id,like",
        "GAIA_IQ03 | notes = `a`                     | notes,=",
        "GAIA_IQ03 | rich in (`a`)                   | rich,in",
        "GAIA_IQ03 | file = `a`                      | file,=",
        "GAIA_IQ03 | drop = `A`                      | drop,=",
        "GAIA_IQ03 | chk != `a`                      | chk,!=",
        "GAIA_IQ03 | radio like `A`                  | radio,like",
        "GAIA_IQ03 | user = `sato`                   | user,=",
        "GAIA_IQ03 | creator not like `sato`         | creator,not like",
        "GAIA_IQ03 | status > `Open`                 | status,>",
        "GAIA_IQ03 | d in (`2026-01-01`)             | d,in",
        "GAIA_IQ03 | dt is empty                     | dt,is empty",
        "GAIA_IQ03 | S in (`a`)                      | S,in",
        // not within a table
        "GAIA_IQ07 | a = `x`                         | a,=",
        "GAIA_IQ07 | b != 1                          | b,!=",
        "GAIA_IQ07 | orders.K = `x`                  | orders.K,=",
        // an option that does not exist comes before the operator
        "GAIA_IQ10 | drop in (`A`, `C`)              | drop,C",
        "GAIA_IQ10 | drop = `C`                      | drop,C",
        "GAIA_IQ10 | chk not in (`A`)                | chk,A",
        "GAIA_IQ10 | status = `open`                 | status,open",
        // a.b of what holds no related records
        "GAIA_IR02 | S.a in (`x`)                    | S",
        "GAIA_IR02 | K.x = 1                         | K",
        // functions
        "GAIA_IL08 | d = TODAY(1)                    |",
        "GAIA_IL08 | d = FROM_TODAY(1)               |",
        "GAIA_IL08 | d = FROM_TODAY()                |",
        "GAIA_IL08 | d = FROM_TODAY(1, DAYS, 2)      |",
        "GAIA_IL08 | d = FROM_TODAY(x, DAYS)         |",
        "GAIA_IL08 | d = FROM_TODAY(1.5, DAYS)       |",
        "GAIA_IL08 | d = FROM_TODAY(9e9, DAYS)       |",
        "GAIA_IL08 | d = FROM_TODAY(999999999, YEARS)|",
        "GAIA_IL08 | dt = FROM_TODAY(999997973, YEARS)|",
        "GAIA_IL08 | dt = FROM_TODAY(-3000, YEARS)   |",
        "GAIA_IQ25 | d = FROM_TODAY(1, HOURS)        |",
        "GAIA_IQ25 | d = FROM_TODAY(1, days)         |",
        "GAIA_IQ23 | d = THIS_MONTH(0)               | 0",
        "GAIA_IQ23 | d = LAST_MONTH(32)              | 32",
        "GAIA_IQ23 | d = NEXT_MONTH(FIRST)           | FIRST",
        "GAIA_IQ23 | d = NEXT_MONTH(-1)              | -1",
        "GAIA_IL08 | d = THIS_MONTH(1, 2)            |",
        "GAIA_IL08 | d = THIS_WEEK(MON)              |",
        "GAIA_IL08 | d = NOW()                       |",
        "GAIA_IL08 | dt = NOW(1)                     |",
        "GAIA_IL08 | d = LOGINUSER()                 |",
        "GAIA_IL08 | t = TODAY()                     |",
        "GAIA_IL08 | K = TODAY()                     |",
        "GAIA_IL08 | K like TODAY()                  |",
        "GAIA_IL08 | chk in (LOGINUSER())            |",
        "GAIA_IL08 | user in (TODAY())               |",
        "GAIA_IL08 | user in (LOGINUSER(1))          |",
        "GAIA_IL08 | user in (PRIMARY_ORGANIZATION())|",
        // values that the type cannot have
        "GAIA_IL08 | Q = `abc`                       |",
        "GAIA_IL08 | Q > `1,000`                     |",
        "GAIA_IL08 | Q > ``                          |",
        "GAIA_IL08 | Q = 1e99999999999               |",
        "GAIA_IL08 | $id = `CRM-12`                  |",
        "GAIA_IL08 | $id = 1.5                       |",
        "GAIA_IL08 | $id = -1                        |",
        "GAIA_IL08 | No = `ERP-12`                   |",
        "GAIA_IL08 | d = `2026-02-30`                |",
        "GAIA_IL08 | d = `tomorrow`                  |",
        "GAIA_IL08 | t = `25:00`                     |",
        "GAIA_IL08 | dt = `2026-04-23T10:00:00`      |",
        "GAIA_IL08 | dt > `noon`                     |",
        // what cannot be sorted by
        "GAIA_IL08 | order by chk asc                |",
        "GAIA_IL08 | order by notes asc              |",
        "GAIA_IL08 | order by a asc                  |",
        "GAIA_IL08 | order by S asc                  |",
        // pages
        "GAIA_QU01 | limit 501                       |",
        "GAIA_QU02 | offset 10001                    |",
      })
  void aQuestionThatTheFormDoesNotAllowIsRefused(String code, String query, String arguments) {
    List<String> named = arguments == null ? List.of() : List.of(arguments.split(","));

    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> TestForm.compile(query.replace('`', '"')))
        .returns(code, QueryException::code)
        .returns(named, QueryException::arguments);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$id = 12 and $id in (\"1\", 2)",
        "No = \"CRM-12\" or No in (12)",
        "Q = 1 and Q != \"1.50\" and Q >= 1e3 and Q in (1, \"2\") and Q not in (\"\")",
        "total > 5",
        "K = 5 and K in (\"a\") and K like \"x\" and K not like \"y\"",
        "notes like \"x\" and notes is empty and rich is not empty and file like \"x\"",
        "drop in (\"A\", \"\") and chk not in (\"a\")",
        "user in (\"x\", LOGINUSER()) and org in (PRIMARY_ORGANIZATION(), \"x\")",
        "status = \"Open\" and status not in (\"Done\")",
        "d >= \"2026\" and d < \"2026-05\" and d = THIS_YEAR() and d != \"\"",
        "dt = NOW() and dt < \"2026-04-23\" and dt > \"2026-04-23T10:00+0900\"",
        "updated >= FROM_TODAY(-5, DAYS) and t <= \"9:05\"",
        "a in (\"x\") and b > 5 and b in (1) and day in (TODAY(), \"2026-01-01\")",
        "orders.K like \"x\"",
        "order by $id asc, No desc, K asc, Q asc, drop asc, status asc, creator asc, dt desc",
        "limit 0 offset 0",
        "limit 500 offset 10000",
      })
  void aQuestionThatTheFormAllowsPasses(String query) {
    assertThatCode(() -> TestForm.compile(query)).doesNotThrowAnyException();
  }

  @Test
  void ofSeveralFaultsTheFirstIsTold() {
    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> TestForm.compile("K > 1 and none = 2"))
        .returns("GAIA_IQ03", QueryException::code);
    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> TestForm.compile("none = 2 and K > 1"))
        .returns("GAIA_IQ11", QueryException::code);
  }

  @Test
  void withoutClausesThePageIsKintonesDefault() {
    CompiledQuery query = TestForm.compile("");

    assertThat(query.limit()).isEqualTo(100);
    assertThat(query.offset()).isZero();
  }
}
