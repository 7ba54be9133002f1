package dev.kintonesync.promises;

import static dev.kintonesync.promises.RehearsedApi.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.HostileServer;
import dev.kintonesync.TemporaryFiles;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An API that is broken or means harm: its run ends, and nothing of it is used or stays behind. */
@Order(1) // it waits long
@Timeout(90)
class HostileApiTest {
  private static final String JSON = Misbehaviour.JSON + "Connection: close\r\n";

  @TempDir static Path home;
  private static Rehearsal rehearsal;
  private HostileServer api;
  private Set<Path> before;

  @BeforeAll
  static void start() throws Exception {
    rehearsal = new Rehearsal(home, Map.of("source.timeout", "300"));
  }

  @AfterAll
  static void stop() {
    rehearsal.close();
  }

  @BeforeEach
  void serve() throws Exception {
    rehearsal.withAnotherApp();
    api = new HostileServer();
    before = TemporaryFiles.now();
  }

  @AfterEach
  void serveNoMore() {
    api.close();
  }

  private RunResult run(String... properties) throws Exception {
    return run(rehearsal, properties);
  }

  private RunResult run(Rehearsal asked, String... properties) throws Exception {
    var all = new ArrayList<>(Arrays.asList(properties));
    all.add("source.max-bytes = 2MB");
    return asked.runNow(
        asked.apiJob(
            api.url() + "/rows",
            Map.of("SOURCE_TOKEN_CUSTOMERS", "s3cret-token"),
            all.toArray(String[]::new)));
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private void answers(String body) {
    api.answers(request -> true, (request, out) -> write(out, JSON + "\r\n" + body));
  }

  private void nothingIsUsedOrLeft(RunResult run) throws IOException {
    nothingIsUsedOrLeft(rehearsal, run);
  }

  private void nothingIsUsedOrLeft(Rehearsal asked, RunResult run) throws IOException {
    assertThat(run.report().state()).isIn(RunState.STOPPED, RunState.REFUSED);
    assertThat(run.report().reason()).doesNotContain("s3cret");
    assertThat(asked.app.size()).isZero();
    TemporaryFiles.noneIsLeftSince(before);
  }

  @ParameterizedTest
  @EnumSource(Misbehaviour.class)
  void itHoldsUpNoRun(Misbehaviour misbehaviour) throws Exception {
    api.answers(request -> true, (request, out) -> misbehaviour.answer(api, out));

    nothingIsUsedOrLeft(run("pointer = /records"));
  }

  @Test
  void anAnswerThatGoesOnSlowlyEndsWithItsTime() throws Exception {
    api.answers(
        request -> true,
        (request, out) -> {
          write(out, Misbehaviour.JSON + "\r\n[");
          api.drip(out, " ".repeat(1000), 20);
        });

    var run = run("source.max-time = 1s");

    nothingIsUsedOrLeft(run);
    assertThat(run.report().reason()).contains("1 s", "source.max-time");
  }

  @Test
  void aCursorWithoutEndEndsWithTheRows() throws Exception {
    var page = new AtomicInteger();
    api.answers(
        request -> true,
        (request, out) -> {
          int number = page.incrementAndGet();
          String rows = rows(number * 10, number * 10 + 9);
          write(out, JSON + "\r\n{\"next\": \"c" + number + "\", \"rows\": " + rows + "}");
        });

    var run = run("paging = cursor", "next = /next", "pointer = /rows", "source.max-rows = 200");

    nothingIsUsedOrLeft(run);
    assertThat(run.report().reason()).contains("200", "source.max-rows");
    assertThat(page.get()).isEqualTo(21);
  }

  @Test
  void pagesWithoutRowsEnd() throws Exception {
    var page = new AtomicInteger();
    api.answers(
        request -> true,
        (request, out) ->
            write(out, JSON + "\r\n{\"next\": \"c" + page.incrementAndGet() + "\", \"rows\": []}"));

    var run = run("paging = cursor", "next = /next", "pointer = /rows");

    nothingIsUsedOrLeft(run);
    assertThat(run.report().reason()).contains("1000 pages");
  }

  @Test
  void theSameRowsUnderAnotherCursorEnd() throws Exception {
    var page = new AtomicInteger();
    api.answers(
        request -> true,
        (request, out) -> {
          String next = "</rows?c=" + page.incrementAndGet() + ">; rel=next";
          write(out, JSON + "Link: " + next + "\r\n\r\n" + rows(1, 5));
        });

    var run = run("paging = link");

    nothingIsUsedOrLeft(run);
    assertThat(run.report().reason()).contains("Page 2 has exactly the rows");
  }

  @Test
  void rowsWithoutEndInOneAnswerEndWithItsBytes(@TempDir Path other) throws Exception {
    api.answers(
        request -> true,
        (request, out) -> {
          write(out, JSON + "\r\n[");
          api.drip(out, "{\"code\": \"A\"},".repeat(1000), 0);
        });

    RunResult run;
    // an answer that a busy machine sends late would be asked for again
    try (var patient = new Rehearsal(other, Map.of())) {
      run = run(patient);
      nothingIsUsedOrLeft(patient, run);
    }
    assertThat(run.report().reason()).contains("2097152", "source.max-bytes");
    assertThat(api.connections()).isEqualTo(1);
    assertThat(api.written()).isLessThan(50_000_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data",
        "http://localhost:%d/rows",
        "http://127.0.0.1:%d/rows",
        "http://[::1]:%d/rows",
        "//127.0.0.1:%d/rows",
        "HTTP://0.0.0.0:%d/rows",
      })
  void itLeadsNowhereElse(String address) throws Exception {
    try (var inside = new HostileServer()) {
      inside.answers(request -> true, (request, out) -> write(out, JSON + "\r\n" + rows(1, 1)));
      int port = Integer.parseInt(inside.url().replaceAll(".*:", ""));
      String there = address.replace("%d", String.valueOf(port));

      for (String status : List.of("301 Moved", "302 Found", "307 Moved", "308 Moved")) {
        api.answers(
            request -> true,
            (request, out) ->
                write(out, "HTTP/1.1 " + status + "\r\nLocation: " + there + "\r\n\r\n"));
        var redirected = run();
        nothingIsUsedOrLeft(redirected);
        assertThat(redirected.report().reason())
            .contains("another host", "job.customers.source.allowed-hosts");
      }
      answers("{\"next\": \"%s?\", \"rows\": %s}".formatted(there, rows(1, 1)));
      if (!address.startsWith("//")) {
        var cursor = run("paging = cursor", "next = /next", "pointer = /rows");
        nothingIsUsedOrLeft(cursor);
        assertThat(cursor.report().reason()).contains("another host");
      }
      api.answers(
          request -> true,
          (request, out) ->
              write(out, JSON + "Link: <" + there + ">; rel=next\r\n\r\n" + rows(1, 1)));
      nothingIsUsedOrLeft(run("paging = link"));
      assertThat(inside.connections()).isZero();
    }
  }

  @Test
  void hostileHeadersCostNoTime() throws Exception {
    for (String link :
        List.of(
            "<".repeat(30_000),
            "<a>" + ";".repeat(30_000),
            "<a>;" + " ".repeat(30_000),
            "<a>; rel=\"" + "next ".repeat(6_000),
            "<a>; rel=\"" + " ".repeat(30_000) + "\"",
            "<a>;a=\"".repeat(4_000))) {
      api.answers(
          request -> true,
          (request, out) -> write(out, JSON + "Link: " + link + "\r\n\r\n" + "oops"));
      nothingIsUsedOrLeft(run());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"<", "<a ", " ", "\n", "<><", "\u001b["})
  void anErrorPageCostsNoTime(String part) throws Exception {
    api.answers(
        request -> true,
        (request, out) ->
            write(out, "HTTP/1.1 400 Bad\r\nConnection: close\r\n\r\n" + part.repeat(1_000_000)));

    var run = run();

    nothingIsUsedOrLeft(run);
    assertThat(run.report().reason()).contains("HTTP 400").doesNotContain("\u001b");
  }

  @Test
  void aCheckpointThatCannotBeWrittenOutIsRefused() throws Exception {
    answers("[{\"code\": \"A\", \"at\": 1e999999999}]");

    var run = run("checkpoint = at", "checkpoint-parameter = since", "overlap = 0");

    nothingIsUsedOrLeft(run);
    assertThat(run.report().reason()).contains("checkpoint at");
  }

  @Test
  void aCursorOfMegabytesIsNoCursor() throws Exception {
    answers("{\"next\": \"/" + "?".repeat(1_000_000) + "\\n\", \"rows\": []}");

    var run = run("paging = cursor", "next = /next", "pointer = /rows");

    nothingIsUsedOrLeft(run);
    assertThat(run.report().reason()).contains("8192");
  }
}
