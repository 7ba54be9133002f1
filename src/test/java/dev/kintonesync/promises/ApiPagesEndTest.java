package dev.kintonesync.promises;

import static dev.kintonesync.promises.RehearsedApi.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.settings.Job;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.RunState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The many ways in which APIs say that a page was the last one. */
class ApiPagesEndTest {
  @TempDir static Path home;
  private static Rehearsal rehearsal;
  private RehearsedApi api;

  @BeforeAll
  static void start() throws Exception {
    rehearsal = new Rehearsal(home);
  }

  @AfterAll
  static void stop() {
    rehearsal.close();
  }

  @BeforeEach
  void begin() throws Exception {
    rehearsal.withAnotherApp();
    api = new RehearsedApi();
  }

  @AfterEach
  void end() {
    api.close();
  }

  private Job job(String... properties) throws Exception {
    return rehearsal.apiJob(api.url(), Map.of(), properties);
  }

  @Test
  void anEmptyPageThatNamesItselfIsTheEnd() throws Exception {
    api.answers(
        call ->
            call.answer(
                200,
                call.parameter("cursor") == null
                    ? "{\"data\": " + rows(1, 3) + ", \"next\": \"c1\"}"
                    : "{\"data\": [], \"next\": \"c1\"}"));
    var run = rehearsal.runNow(job("paging = cursor", "pointer = /data", "next = /next"));
    assertThat(run.report().counts()).isEqualTo(new Counts(3, 3, 0, 0, 0, 0, 0));
    assertThat(api.asked()).hasSize(2);
  }

  @Test
  void anEmptyPageWhoseLinkNamesItselfIsTheEnd() throws Exception {
    api.answers(
        call ->
            call.header("Link", "<" + api.url() + "?after=9>; rel=\"next\"")
                .answer(200, call.parameter("after") == null ? rows(1, 3).toString() : "[]"));
    var run = rehearsal.runNow(job("paging = link"));
    assertThat(run.report().counts().inserted()).isEqualTo(3);
  }

  @Test
  void aPageWithRowsThatNamesItselfStopsTheRun() throws Exception {
    api.answers(
        call ->
            call.answer(
                200,
                "{\"data\": "
                    + rows(call.number() * 10, call.number() * 10 + 3)
                    + ", \"next\": \"c\"}"));
    var run = rehearsal.runNow(job("paging = cursor", "pointer = /data", "next = /next"));
    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(rehearsal.app.records()).isEmpty();
  }

  @ParameterizedTest(name = "{0} in {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "has_more | {'data': ROWS, 'next': 'c', 'has_more': MORE}",
        "hasMore | {'hasMore': MORE, 'data': ROWS, 'next': 'c'}",
        "beside next | {'data': ROWS, 'next': 'c', 'data2': [], 'hasNextPage': MORE}",
      })
  void aFalseAtTheUsualNamesIsTheEnd(String name, String shape) throws Exception {
    api.answers(
        call -> {
          boolean first = call.parameter("cursor") == null;
          call.answer(
              200,
              shape
                  .replace('\'', '"')
                  .replace("ROWS", rows(first ? 1 : 11, first ? 3 : 13))
                  .replace("MORE", String.valueOf(first)));
        });
    var run = rehearsal.runNow(job("paging = cursor", "pointer = /data", "next = /next"));
    assertThat(run.report().counts().inserted()).isEqualTo(6);
    assertThat(api.asked()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"page", "offset", "cursor"})
  void theMemberThatAJobNamesTellsTheEnd(String paging) throws Exception {
    api.answers(
        call -> {
          int page = call.number();
          call.answer(
              200,
              "{\"data\": "
                  + rows(page * 10, page * 10 + 4)
                  + ", \"next\": \"c"
                  + page
                  + "\", \"meta\": {\"another\": "
                  + (page < 3 ? 1 : 0)
                  + "}}");
        });
    var properties = new ArrayList<>(List.of("paging = " + paging, "pointer = /data"));
    properties.add("has-more = /meta/another");
    if (paging.equals("cursor")) {
      properties.add("next = /next");
    }
    var run = rehearsal.runNow(job(properties.toArray(String[]::new)));
    assertThat(run.report().counts().inserted()).isEqualTo(15);
    assertThat(api.asked()).hasSize(3);
  }

  @Test
  void anAnswerWithoutTheMemberThatAJobNamesIsNotTakenForTheEnd() throws Exception {
    api.answers(call -> call.answer(200, "{\"data\": " + rows(1, 3) + "}"));
    var run = rehearsal.runNow(job("paging = page", "pointer = /data", "has-more = /more"));
    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.report().reason()).contains("/more");
    assertThat(rehearsal.app.records()).isEmpty();
  }

  @ParameterizedTest(name = "{0} rows in the last page, {1}")
  @CsvSource({
    "5, last-page = not-found, true",
    "3, last-page = empty, true",
    "5, last-page = empty, false"
  })
  void a404BehindTheLastPageIsTheEndWhereItCanBe(int last, String property, boolean ends)
      throws Exception {
    api.answers(
        call -> {
          int page = Integer.parseInt(call.parameter("page"));
          if (page > 2) {
            call.answer(404, "{\"detail\": \"Invalid page.\"}");
          } else {
            call.answer(200, rows(page * 10, page * 10 + (page == 2 ? last : 5) - 1));
          }
        });
    var run = rehearsal.runNow(job("paging = page", property));
    if (ends) {
      assertThat(run.report().counts().inserted()).isEqualTo(5 + last);
    } else {
      assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
      assertThat(run.report().reason()).contains("Page 3", "last-page = not-found");
      assertThat(rehearsal.app.records()).isEmpty();
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "cursor | 200 | {'data': null, 'error': {'code': 'RATE_LIMIT'}}",
        "cursor | 204 | ''",
        "link   | 200 | {'data': null}",
        "link   | 204 | ''",
        "page   | 200 | {'data': null}",
        "page   | 204 | ''",
        "offset | 200 | {'data': null, 'next': null}",
        "offset | 204 | ''"
      })
  void aPageThatWasAnnouncedAndHasNoListIsNoEnd(String paging, int status, String body)
      throws Exception {
    rehearsal.sync("code,name", "K1,a", "K2,b", "K3,c");
    api.answers(
        call -> {
          if (call.number() > 1) {
            call.answer(status, body.replace('\'', '"'));
          } else {
            call.header("Link", "<" + api.url() + "?after=2>; rel=\"next\"")
                .answer(200, "{\"data\": " + rows(1, 2) + ", \"next\": \"c1\"}");
          }
        });

    var run = rehearsal.runNow(job(mirror(paging)));

    assertThat(run.report().state()).isIn(RunState.STOPPED, RunState.REFUSED);
    assertThat(run.report().reason()).contains("Page 2 has no list of rows", "[]");
    assertThat(rehearsal.held("code")).containsOnlyKeys("K1", "K2", "K3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cursor", "link", "page", "offset"})
  void anEndThatSaysSoNeedsNoList(String paging) throws Exception {
    api.answers(
        call -> {
          if (call.number() > 1) {
            call.answer(200, "{\"data\": null, \"has_more\": false}");
          } else {
            call.header("Link", "<" + api.url() + "?after=2>; rel=\"next\"")
                .answer(200, "{\"data\": " + rows(1, 2) + ", \"next\": \"c1\"}");
          }
        });

    var run = rehearsal.runNow(job(mirror(paging)));

    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(run.report().counts().inserted()).isEqualTo(2);
  }

  @ParameterizedTest(name = "{0} rows in the last page, {1}, HTTP {2}")
  @CsvSource({
    "3, last-page = empty, 200",
    "3, last-page = empty, 204",
    "5, last-page = no-list, 200",
    "5, last-page = no-list, 204"
  })
  void aPageWithoutAListIsTheEndWhereItCanBe(int last, String property, int status)
      throws Exception {
    api.answers(
        call -> {
          int page = Integer.parseInt(call.parameter("page"));
          if (page > 2) {
            call.answer(status, status == 204 ? "" : "{\"data\": null}");
          } else {
            int to = page * 10 + (page == 2 ? last : 5) - 1;
            call.answer(200, "{\"data\": " + rows(page * 10, to) + "}");
          }
        });

    var run = rehearsal.runNow(job("paging = page", "pointer = /data", property));

    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(run.report().counts().inserted()).isEqualTo(5 + last);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cursor", "link", "page", "offset"})
  void aFirstPageWithoutAListHasNoRows(String paging) throws Exception {
    for (int status : new int[] {200, 204}) {
      api.answers(call -> call.answer(status, status == 204 ? "" : "{\"data\": null}"));
      var run = rehearsal.runNow(job(mirror(paging)));
      assertThat(run.report().state()).isEqualTo(RunState.COMPLETED);
      assertThat(run.report().counts().read()).isZero();
    }
  }

  private static String[] mirror(String paging) {
    var properties = new ArrayList<>(List.of("paging = " + paging, "pointer = /data"));
    properties.addAll(
        List.of("mode = mirror", "mirror.scope = code != \"\"", "mirror.missing = delete"));
    if (paging.equals("cursor")) {
      properties.add("next = /next");
    }
    return properties.toArray(String[]::new);
  }

  @Test
  void a404OfTheFirstPageIsNoEnd() throws Exception {
    api.answers(call -> call.answer(404, "{}"));
    var run = rehearsal.runNow(job("paging = page", "last-page = not-found"));
    assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
  }
}
