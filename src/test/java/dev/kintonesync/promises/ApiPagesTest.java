package dev.kintonesync.promises;

import static dev.kintonesync.promises.RehearsedApi.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import dev.kintonesync.TemporaryFiles;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An HTTP API as the source of a job: every page of it arrives, or nothing of it is used. */
class ApiPagesTest extends ApiSync {
  @TempDir static Path home;
  private static Rehearsal started;

  @BeforeAll
  static void start() throws Exception {
    started = new Rehearsal(home);
  }

  @AfterAll
  static void stop() {
    started.close();
  }

  @BeforeEach
  void begin() throws Exception {
    rehearsal = started.withAnotherApp();
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
  void brokenJsonInTheMiddleStopsTheRunAndNothingOfItIsUsed() throws Exception {
    api.answers(
        call ->
            call.answer(200, call.number() == 1 ? rows(1, 10) : "[{\"code\": \"B\"}, oops, {}]"));
    var run = rehearsal.runNow(job("paging = page"));
    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.reason())
        .asString()
        .contains("The response is not JSON: \"oops\" (column 17) is neither a number");
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
  void anAnswerWithoutTheListSaysWhereListsAre() throws Exception {
    api.answers(call -> call.answer(200, "{\"d\": {\"results\": " + rows(1, 2) + "}}"));
    assertThat(rehearsal.runNow(job()).reason()).asString().contains("/d/results");
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
