package dev.kintonesync.promises;

import static dev.kintonesync.promises.RehearsedApi.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import dev.kintonesync.TemporaryFiles;
import dev.kintonesync.settings.Job;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An HTTP API as the source of a job: every page of it arrives, or nothing of it is used. */
class ApisTest {
  @TempDir Path home;
  private Rehearsal rehearsal;
  private RehearsedApi api;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home);
    api = new RehearsedApi();
  }

  @AfterEach
  void stop() {
    rehearsal.close();
    api.close();
  }

  private Job job(String... properties) throws Exception {
    return rehearsal.apiJob(api.url(), Map.of(), properties);
  }

  @Test
  void aListIsSyncedAndTheSecondRunWritesNothing() throws Exception {
    api.answers(call -> call.answer(200, rows(1, 250)));
    var job = job();
    var first = rehearsal.runNow(job);
    assertThat(first.report().counts()).isEqualTo(new Counts(250, 250, 0, 0, 0, 0, 0));
    assertThat(first.report().source()).isEqualTo(api.url());
    assertThat(rehearsal.held("name")).containsEntry("K7", "名前 7");
    assertThat(rehearsal.held("amount")).containsEntry("K7", "7.5");
    assertThat(rehearsal.runNow(job).report().counts())
        .isEqualTo(new Counts(250, 0, 0, 250, 0, 0, 0));
  }

  /** What servers on Windows call Shift_JIS, and its like, is what Windows means by the name. */
  @ParameterizedTest
  @CsvSource({
    "Shift_JIS, windows-31j, 髙﨑①㈱",
    "x-sjis, windows-31j, 髙﨑①㈱",
    "Windows-31J, windows-31j, 髙﨑①㈱",
    "EUC-JP, EUC-JP, 山田",
    "iso-2022-jp, x-windows-iso2022jp, 山田①",
    "GB2312, GBK, 镕基",
    "Big5, x-windows-950, 中文碁",
    "ks_c_5601-1987, x-windows-949, 똠방",
    "windows-1252, windows-1252, 3 €",
    "windows-1251, windows-1251, Москва"
  })
  void anAnswerIsReadInTheEncodingThatItNames(String named, String charset, String name)
      throws Exception {
    byte[] body = "[{\"code\":\"K1\",\"name\":\"%s\"}]".formatted(name).getBytes(charset);
    api.answers(
        call -> {
          call.exchange()
              .getResponseHeaders()
              .set("Content-Type", "application/json; charset=" + named);
          call.exchange().sendResponseHeaders(200, body.length);
          call.exchange().getResponseBody().write(body);
          call.exchange().close();
        });
    rehearsal.runNow(job());
    assertThat(rehearsal.held("name")).containsEntry("K1", name);
  }

  @Test
  void pagesByNumberEndWithAnEmptyOne() throws Exception {
    api.answers(
        call -> {
          int page = Integer.parseInt(call.parameter("p"));
          call.answer(
              200,
              page > 3 ? "{\"data\": []}" : "{\"data\": " + rows(page * 10, page * 10 + 9) + "}");
        });
    var run =
        rehearsal.runNow(
            job(
                "paging = page",
                "page-parameter = p",
                "pointer = /data",
                "size-parameter = per",
                "page-size = 10"));
    assertThat(run.report().counts().inserted()).isEqualTo(30);
    assertThat(api.asked()).hasSize(4).allMatch(asked -> asked.query().get("per").equals("10"));
  }

  @Test
  void pagesByOffsetAreCountedByTheRowsThatCame() throws Exception {
    api.answers(
        call -> {
          int offset = Integer.parseInt(call.parameter("offset"));
          // asked for 500, it never gives more than 7
          call.answer(200, offset >= 40 ? "[]" : rows(offset + 1, Math.min(offset + 7, 40)));
        });
    var run = rehearsal.runNow(job("paging = offset", "size-parameter = limit"));
    assertThat(run.report().counts().inserted()).isEqualTo(40);
    assertThat(api.asked()).hasSize(7);
    assertThat(api.asked().get(1).query())
        .containsEntry("offset", "7")
        .containsEntry("limit", "500");
  }

  @Test
  void aCursorInTheAnswerLeadsToTheNextPage() throws Exception {
    api.answers(
        call -> {
          String cursor = call.parameter("cursor");
          String next = cursor == null ? "\"a b+&=\"" : cursor.equals("a b+&=") ? "17" : "null";
          int from = cursor == null ? 1 : cursor.equals("17") ? 21 : 11;
          call.answer(
              200,
              "{\"meta\": {\"next\": %s}, \"rows\": %s}".formatted(next, rows(from, from + 9)));
        });
    var run = rehearsal.runNow(job("paging = cursor", "next = /meta/next", "pointer = /rows"));
    assertThat(run.report().counts().inserted()).isEqualTo(30);
    assertThat(api.asked()).hasSize(3);
  }

  @Test
  void anAddressInTheAnswerLeadsToTheNextPage() throws Exception {
    api.answers(
        call -> {
          String next =
              call.number() == 1 ? "/customers?page=2&x=%20y" : call.number() == 2 ? "?page=3" : "";
          call.answer(
              200,
              "{\"rows\": %s, \"next\": \"%s\"}"
                  .formatted(rows(call.number() * 10, call.number() * 10 + 9), next));
        });
    var run = rehearsal.runNow(job("paging = cursor", "next = /next", "pointer = /rows"));
    assertThat(run.report().counts().inserted()).isEqualTo(30);
    assertThat(api.asked())
        .extracting(asked -> asked.query().get("page"))
        .containsExactly(null, "2", "3");
    assertThat(api.asked().get(1).query()).containsEntry("x", " y");
  }

  @Test
  void aLinkHeaderLeadsToTheNextPage() throws Exception {
    api.answers(
        call -> {
          if (call.number() < 3) {
            call.header(
                "Link",
                "<"
                    + api.url()
                    + "?page=1>; rel=\"first\", <"
                    + api.url()
                    + "?page="
                    + (call.number() + 1)
                    + ">; title=\"a, b\"; rel=\"next\"");
          }
          call.answer(200, rows(call.number() * 10, call.number() * 10 + 9));
        });
    var run = rehearsal.runNow(job("paging = link", "size-parameter = per_page", "page-size = 10"));
    assertThat(run.report().counts().inserted()).isEqualTo(30);
    assertThat(api.asked())
        .extracting(asked -> asked.query().get("page"))
        .containsExactly(null, "2", "3");
  }

  @Test
  void pagesThatDoNotEndAreNoticedAndNothingIsWritten() throws Exception {
    api.answers(call -> call.answer(200, rows(1, 10)));
    var ignored = rehearsal.runNow(job("paging = page"));
    assertThat(ignored.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(ignored.reason()).asString().contains("Page 2").contains("parameter page");

    api.answers(call -> call.answer(200, "{\"next\": \"same\", \"rows\": " + rows(1, 2) + "}"));
    var circle = rehearsal.runNow(job("paging = cursor", "next = /next", "pointer = /rows"));
    assertThat(circle.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(circle.reason()).asString().contains("Page 2").contains("(" + api.url() + ")");

    api.answers(
        call -> call.header("Link", "<" + api.url() + ">; rel=next").answer(200, rows(1, 2)));
    var back = rehearsal.runNow(job("paging = link"));
    assertThat(back.reason()).asString().contains("Page 1").contains("never end");
    assertThat(rehearsal.held("name")).isEmpty();
  }

  @Test
  void everyKindOfAccessIsSent() throws Exception {
    api.answers(call -> call.answer(200, rows(1, 1)));
    rehearsal.runNow(
        rehearsal.apiJob(
            api.url(), Map.of("SOURCE_PASSWORD_CUSTOMERS", "pä:ss"), "username = sato"));
    rehearsal.runNow(rehearsal.apiJob(api.url(), Map.of("SOURCE_TOKEN_CUSTOMERS", "abc")));
    rehearsal.runNow(
        rehearsal.apiJob(
            api.url(), Map.of("SOURCE_TOKEN_CUSTOMERS", "abc"), "source.token-header = X-API-Key"));
    assertThat(api.asked())
        .extracting(asked -> asked.headers().get("authorization"))
        .containsExactly("Basic c2F0bzpww6Q6c3M=", "Bearer abc", null);
    assertThat(api.asked().get(2).headers()).containsEntry("X-API-Key", "abc");
  }

  @Test
  void aRedirectIsFollowedWithThePasswordAtHomeAndWithoutItElsewhere() throws Exception {
    try (var other = new RehearsedApi()) {
      other.answers(call -> call.answer(200, rows(1, 3)));
      api.answers(
          call -> {
            boolean first = call.number() == 1;
            String to = first ? "/moved" : other.url().replace("127.0.0.1", "localhost");
            call.header("Location", to).answer(first ? 301 : 307, "");
          });
      var run =
          rehearsal.runNow(
              rehearsal.apiJob(
                  api.url(),
                  Map.of("SOURCE_TOKEN_CUSTOMERS", "abc"),
                  "source.allowed-hosts = localhost"));
      assertThat(run.report().counts().inserted()).isEqualTo(3);
      assertThat(api.asked()).allMatch(asked -> asked.headers().containsKey("Authorization"));
      assertThat(other.asked())
          .hasSize(1)
          .noneMatch(asked -> asked.headers().containsKey("Authorization"));

      other.answers(call -> call.answer(401, "who are you"));
      api.answers(call -> call.header("Location", other.url()).answer(302, ""));
      var locked =
          rehearsal.runNow(
              rehearsal.apiJob(
                  api.url(),
                  Map.of("SOURCE_TOKEN_CUSTOMERS", "abc"),
                  "source.allowed-hosts = 127.0.0.1"));
      assertThat(locked.report().state()).isEqualTo(RunState.REFUSED);
      assertThat(locked.reason()).asString().contains("is not sent").contains(other.url());
    }
  }

  @Test
  void aNextPageElsewhereDoesNotSeeThePassword() throws Exception {
    try (var other = new RehearsedApi()) {
      other.answers(call -> call.answer(200, "{\"rows\": " + rows(2, 2) + "}"));
      api.answers(
          call ->
              call.answer(
                  200, "{\"next\": \"%s\", \"rows\": %s}".formatted(other.url(), rows(1, 1))));
      var job =
          rehearsal.apiJob(
              api.url(),
              Map.of("SOURCE_TOKEN_CUSTOMERS", "abc"),
              "paging = cursor",
              "next = /next",
              "pointer = /rows",
              "source.allowed-hosts = 127.0.0.1");
      assertThat(rehearsal.runNow(job).report().counts().inserted()).isEqualTo(2);
      assertThat(other.asked())
          .hasSize(1)
          .noneMatch(asked -> asked.headers().containsKey("Authorization"));
    }
  }

  @Test
  void aRedirectWithoutEndIsRefused() throws Exception {
    api.answers(call -> call.header("Location", api.url()).answer(302, ""));
    var run = rehearsal.runNow(job());
    assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(api.asked()).hasSize(6);
  }

  @Test
  void whatHasNotChangedIsNotReadAgain() throws Exception {
    api.answers(
        call -> {
          call.header("ETag", "\"v1\"");
          boolean known = "\"v1\"".equals(call.asked().headers().get("If-None-Match"));
          call.answer(known ? 304 : 200, known ? "" : rows(1, 5));
        });
    var job = job();
    assertThat(rehearsal.runNow(job).report().counts().inserted()).isEqualTo(5);
    var second = rehearsal.runNow(job);
    assertThat(second.report().counts()).isEqualTo(Counts.NONE);
    assertThat(second.report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(second.remarks().toString()).contains("has not changed");
    assertThat(rehearsal.held("name")).hasSize(5);

    var anotherQuestion = job("map = code=code, name=email");
    assertThat(rehearsal.runNow(anotherQuestion).report().counts().updated()).isEqualTo(5);
  }

  @Test
  void whatHadRejectsIsReadAgainAlthoughItHasNotChanged() throws Exception {
    api.answers(
        call ->
            call.header("ETag", "\"v1\"")
                .answer(200, "[{\"code\": \"A\", \"name\": \"" + "x".repeat(21) + "\"}]"));
    var job = job();
    assertThat(rehearsal.runNow(job).report().counts().rejected()).isEqualTo(1);
    assertThat(rehearsal.runNow(job).report().counts().rejected()).isEqualTo(1);
    assertThat(api.asked()).noneMatch(asked -> asked.headers().containsKey("If-None-Match"));
  }

  @Test
  void aRunThatStopsMakesAnAnswerKnownBeforeCountNoMore() throws Exception {
    api.answers(call -> call.header("ETag", "\"v1\"").answer(200, rows(1, 3)));
    var job = job();
    rehearsal.runNow(job);
    api.answers(call -> call.header("ETag", "\"v2\"").answer(200, rows(1, 4)));
    rehearsal
        .simulator
        .faults()
        .add(Fault.error(403, "CB_NO02").on("POST", "/records.json").times(1));
    assertThat(rehearsal.runNow(job).report().state()).isEqualTo(RunState.STOPPED);
    rehearsal.runNow(job);
    assertThat(api.asked().get(0).headers()).containsEntry("If-None-Match", "\"v1\"");
    assertThat(api.asked().get(1).headers()).doesNotContainKey("If-None-Match");
    assertThat(rehearsal.held("name")).hasSize(4);
  }

  @Test
  void aMirrorLooksAtAllRowsAndAnUnaskedNothingHasChangedRemovesNothing() throws Exception {
    api.answers(call -> call.header("ETag", "\"v1\"").answer(200, rows(1, 30)));
    rehearsal.runNow(job());
    api.answers(call -> call.header("ETag", "\"v1\"").answer(200, rows(1, 29)));
    var mirror = job("mode = mirror", "mirror.missing = delete");
    assertThat(rehearsal.runNow(mirror).report().missing()).isEqualTo(1);
    api.answers(call -> call.answer(304, ""));
    assertThat(rehearsal.runNow(mirror).report().state()).isEqualTo(RunState.REFUSED);
    api.answers(call -> call.answer(200, "[]"));
    assertThat(rehearsal.runNow(mirror).report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(rehearsal.held("name")).hasSize(30);
    api.answers(call -> call.header("ETag", "\"v1\"").answer(200, rows(1, 29)));
    assertThat(rehearsal.runNow(mirror).report().deleted()).isEqualTo(1);
    assertThat(api.asked()).noneMatch(asked -> asked.headers().containsKey("If-None-Match"));
    assertThat(rehearsal.held("name")).hasSize(29);
  }

  @Test
  void aBusyOrBrokenSourceIsAskedAgain() throws Exception {
    api.answers(
        call -> {
          switch (call.number()) {
            case 1 -> call.header("Retry-After", "0").answer(429, "slow down");
            case 2 -> call.answer(503, "<html>maintenance</html>");
            case 3 -> call.cutOff("[{\"code\": \"cut\", \"name\": \"off\"}, {\"co");
            case 4 -> call.answer(200, "[{\"code\": \"cut\"}, ");
            default -> call.answer(200, rows(1, 8));
          }
        });
    var run = rehearsal.runNow(job());
    assertThat(run.reason()).isNull();
    assertThat(run.report().counts()).isEqualTo(new Counts(8, 8, 0, 0, 0, 0, 0));
    assertThat(api.asked()).hasSize(5);
    assertThat(rehearsal.held("name")).doesNotContainKey("cut");
  }

  @Test
  void aSourceThatStaysAwayStopsTheRunAndNothingOfItIsUsed() throws Exception {
    api.answers(
        call -> {
          if (call.parameter("page").equals("1")) {
            call.answer(200, rows(1, 10));
          } else {
            call.header("Retry-After", "0").answer(500, "");
          }
        });
    var run = rehearsal.runNow(job("paging = page"));
    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.reason()).asString().contains("busy (HTTP 500)");
    assertThat(run.notBefore()).as("pauses grow, or it would be asked without end").isNull();
    assertThat(api.asked()).hasSize(7);
    assertThat(rehearsal.held("name")).isEmpty();
  }

  @Test
  void aSourceThatWantsToBeLeftAloneForLongIsLeftAlone() throws Exception {
    api.answers(call -> call.header("Retry-After", "3600").answer(429, ""));
    var run = rehearsal.runNow(job());
    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(api.asked()).hasSize(1);
    assertThat(run.notBefore()).isAfter(rehearsal.clock.instant().plusSeconds(3500));
  }

  @Test
  void brokenJsonInTheMiddleStopsTheRunAndNothingOfItIsUsed() throws Exception {
    api.answers(
        call ->
            call.answer(200, call.number() == 1 ? rows(1, 10) : "[{\"code\": \"B\"}, oops, {}]"));
    var run = rehearsal.runNow(job("paging = page"));
    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.reason()).asString().contains("not JSON").contains("oops");
    assertThat(api.asked()).hasSize(2);
    assertThat(rehearsal.held("name")).isEmpty();
  }

  @Test
  void anAnswerWithoutContentIsNoEndOfTheRowsUnlessItsStatusSaysSo() throws Exception {
    api.answers(call -> call.answer(call.number() == 2 ? 200 : 204, ""));
    var nothing = rehearsal.runNow(job());
    assertThat(nothing.report().counts().read()).isZero();
    assertThat(nothing.report().state()).isEqualTo(RunState.COMPLETED);

    api.answers(call -> call.answer(200, ""));
    var run = rehearsal.runNow(job());
    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.reason()).asString().contains("an empty response");
  }

  @Test
  void aNextPageThatTheJobDoesNotReadIsNotPassedOver() throws Exception {
    api.answers(call -> call.header("Link", "</more>; rel=\"next\"").answer(200, rows(1, 3)));
    var one = rehearsal.runNow(job());
    assertThat(one.reason()).asString().contains("paging = link");

    api.answers(
        call -> call.answer(200, "{\"rows\": " + rows(1, 3) + ", \"next\": {\"href\": \"/2\"}}"));
    var pointed =
        rehearsal.runNow(
            job("paging = cursor", "pointer = /rows", "next = /next", "page-parameter = c"));
    assertThat(pointed.reason()).asString().contains("next").contains("object or a list");
    assertThat(rehearsal.held("name")).isEmpty();
  }

  @Test
  void aWrongPasswordAndAWrongAddressAreRefusedInWordsWithoutTheSecret() throws Exception {
    api.answers(
        call -> call.answer(call.number() == 1 ? 401 : 404, "{\"error\": \"bad token abcdef\"}"));
    var job = rehearsal.apiJob(api.url() + "?tenant=4", Map.of("SOURCE_TOKEN_CUSTOMERS", "abcdef"));
    var locked = rehearsal.runNow(job);
    assertThat(locked.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(locked.reason())
        .asString()
        .contains("401")
        .contains("bad token ***")
        .doesNotContain("abcdef");
    assertThat(rehearsal.runNow(job).reason()).asString().contains("404").contains("Correct url");

    api.answers(call -> call.answer(200, "[abcdef ]"));
    assertThat(rehearsal.runNow(job).reason())
        .asString()
        .contains("'***'")
        .doesNotContain("abcdef");
  }

  @Test
  void anAnswerWithoutTheListSaysWhereListsAre() throws Exception {
    api.answers(call -> call.answer(200, "{\"d\": {\"results\": " + rows(1, 2) + "}}"));
    assertThat(rehearsal.runNow(job()).reason()).asString().contains("/d/results");
  }

  @Test
  void anIncrementalRunAsksForWhatHasChangedSinceLessTheOverlap() throws Exception {
    api.answers(
        call ->
            call.answer(
                200,
                "[{\"code\": \"A\", \"name\": \"a\", \"changed\":"
                    + " \"2026-04-23T15:31:05.123+09:00\"},{\"code\": \"B\", \"name\": \"b\","
                    + " \"changed\": \"2026-04-22T15:31:05Z\"},{\"code\": \"C\", \"name\": \"c\","
                    + " \"changed\": \"2099-01-01T00:00:00Z\"}]"));
    var job =
        job(
            "checkpoint = changed",
            "checkpoint-parameter = since",
            "overlap = 30m",
            "map = code=code, name=name");
    var first = rehearsal.runNow(job);
    assertThat(first.report().counts().inserted()).isEqualTo(3);
    assertThat(first.remarks().toString()).contains("2099");
    assertThat(api.asked().get(0).query()).isEmpty();

    api.answers(
        call -> call.answer(200, "[{\"code\": \"D\", \"changed\": \"2026-04-24T00:00:00Z\"}]"));
    assertThat(rehearsal.runNow(job).report().counts().inserted()).isEqualTo(1);
    assertThat(api.asked().get(0).query()).containsEntry("since", "2026-04-23T15:01:05+09:00");

    api.answers(call -> call.answer(200, "[]"));
    assertThat(rehearsal.runNow(job).report().state()).isEqualTo(RunState.COMPLETED);
    rehearsal.runNow(job);
    assertThat(api.asked())
        .hasSize(2)
        .allMatch(asked -> asked.query().get("since").equals("2026-04-23T23:30:00Z"));
  }

  @Test
  void theCheckpointStaysWhereItWasWhenARunStopsAndNumbersWorkToo() throws Exception {
    api.answers(call -> call.answer(200, "[{\"code\": \"A\", \"version\": 5000}]"));
    var job =
        job(
            "checkpoint = version",
            "checkpoint-parameter = from",
            "overlap = 10",
            "map = code=code");
    rehearsal
        .simulator
        .faults()
        .add(Fault.error(403, "CB_NO02").on("POST", "/records.json").times(1));
    assertThat(rehearsal.runNow(job).report().state()).isEqualTo(RunState.STOPPED);
    rehearsal.runNow(job);
    rehearsal.runNow(job);
    assertThat(api.asked())
        .extracting(asked -> asked.query().get("from"))
        .containsExactly(null, null, "4990");
  }

  @Test
  void aRejectedRowWithATableIsTriedAgainWithItsTable() throws Exception {
    rehearsal.close();
    Files.createDirectories(home.resolve("two"));
    rehearsal =
        new Rehearsal(
            home.resolve("two"),
            """
            {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code", "unique": true, "maxLength": "3"},
             "lines": {"type": "SUBTABLE", "code": "lines", "label": "lines", "fields": {
               "item": {"type": "SINGLE_LINE_TEXT", "code": "item", "label": "item", "maxLength": "3"}}}}
            """,
            Map.of());
    api.answers(
        call ->
            call.answer(
                200,
                call.number() > 1
                    ? "[]"
                    : "[{\"code\": \"A\", \"v\": 1, \"lines\": [{\"value\": {\"item\": {\"value\":"
                        + " \"long\"}}}]}]"));
    var job = job("checkpoint = v", "checkpoint-parameter = v", "map = code=code, lines=lines");
    assertThat(rehearsal.runNow(job).report().open()).isEqualTo(1);
    rehearsal.changeForm(
        "PUT",
        """
        {"app": 1, "properties": {"lines": {"type": "SUBTABLE", "code": "lines", "label": "lines", "fields": {
           "item": {"type": "SINGLE_LINE_TEXT", "code": "item", "label": "item", "maxLength": "9"}}}}}
        """);
    var second = rehearsal.runNow(job).report();
    assertThat(second.retried()).isEqualTo(1);
    assertThat(second.open()).isZero();
    assertThat(rehearsal.app.records().get(0).at("/lines/value/0/value/item/value").asText())
        .isEqualTo("long");
  }

  @Test
  void aRejectedRowStandsInAFileOfItsForm() throws Exception {
    api.answers(
        call -> call.answer(200, "[7, {\"code\": \"A\", \"name\": \"" + "x".repeat(21) + "\"}]"));
    var run = rehearsal.runNow(job("max-rejected = off"));
    assertThat(run.report().counts().rejected()).isEqualTo(2);
    assertThat(Path.of(run.report().rejectsFile()).toString()).endsWith(".jsonl");
    assertThat(Files.readString(Path.of(run.report().rejectsFile())))
        .contains("\"code\":\"A\"")
        .contains("_error");
  }

  @Test
  void aPlanAndACheckWriteNothingAndRememberNothing() throws Exception {
    api.answers(call -> call.header("ETag", "\"v1\"").answer(200, rows(1, 5)));
    var job = job();
    assertThat(rehearsal.application().runner().plan(job).get(0).report().counts().inserted())
        .isEqualTo(5);
    assertThat(rehearsal.application().runner().check(job).planned().reason()).isNull();
    assertThat(rehearsal.journal().checkpoints().of("customers")).isEmpty();
    assertThat(rehearsal.held("name")).isEmpty();
  }

  @Test
  void itRunsAtItsTimesAndIsTriedAgainWhenTheApiWantsItBack() throws Exception {
    api.answers(
        call -> {
          if (call.number() == 1) {
            call.header("Retry-After", "120").answer(503, "");
          } else {
            call.answer(200, rows(1, 3));
          }
        });
    rehearsal.application().watch(job("schedule = every 12h"));
    assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.STOPPED);
    assertThat(rehearsal.runWithin(100)).as("before its time").isNull();
    assertThat(api.asked()).hasSize(1);
  }

  @Test
  void tenThousandRowsOnAHundredPages() throws Exception {
    api.answers(
        call -> {
          int page = Integer.parseInt(call.parameter("page"));
          call.answer(200, page > 100 ? "[]" : rows(page * 100 - 99, page * 100));
        });
    var run = rehearsal.runNow(job("paging = page"));
    assertThat(run.report().counts()).isEqualTo(new Counts(10_000, 10_000, 0, 0, 0, 0, 0));
    assertThat(rehearsal.app.size()).isEqualTo(10_000);
  }

  @Test
  void anAnswerIsWrittenToDiskWhileItComesIn() throws Exception {
    var before = TemporaryFiles.now();
    String half = rows(1, 20_000);
    api.answers(
        call -> {
          call.exchange().sendResponseHeaders(200, 0);
          var out = call.exchange().getResponseBody();
          out.write(half.substring(0, half.length() - 1).getBytes(StandardCharsets.UTF_8));
          out.flush();
          Patience.await().until(() -> written(before) > half.length() / 2);
          out.write(("," + rows(20_001, 20_010).substring(1)).getBytes(StandardCharsets.UTF_8));
          out.close();
        });
    var plan = rehearsal.application().runner().plan(job()).get(0);
    assertThat(plan.reason()).isNull();
    assertThat(plan.report().counts().read()).isEqualTo(20_010);
  }

  /** How much stands in the temporary file that was not there before, and has the first row. */
  private static long written(Set<Path> before) throws IOException {
    long most = 0;
    for (Path file : TemporaryFiles.now()) {
      if (!before.contains(file)) {
        most = Math.max(most, written(file));
      }
    }
    return most;
  }

  private static long written(Path file) throws IOException {
    try {
      byte[] there = Files.readAllBytes(file);
      return new String(there, StandardCharsets.UTF_8).contains("\"K1\"") ? there.length : 0;
    } catch (NoSuchFileException e) {
      return 0; // another test's, which is gone
    }
  }

  @Test
  void nothingOfItStaysBehind() throws Exception {
    var before = TemporaryFiles.now();
    api.answers(call -> call.answer(200, call.number() == 2 ? "oops" : rows(1, 3)));
    rehearsal.runNow(job());
    rehearsal.runNow(job());
    TemporaryFiles.noneIsLeftSince(before);
  }
}
