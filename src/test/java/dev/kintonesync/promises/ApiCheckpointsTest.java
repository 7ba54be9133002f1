package dev.kintonesync.promises;

import static dev.kintonesync.promises.RehearsedApi.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run of an HTTP API begins where the last one got to, and skips no row that one left open. */
class ApiCheckpointsTest extends ApiSync {
  @TempDir Path home;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home);
  }

  @AfterEach
  void stop() {
    rehearsal.close();
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
}
