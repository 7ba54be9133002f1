package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.HostileServer;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.kintone.Credentials;
import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.RunState;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
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

/**
 * A Kintone that is broken, or something that only stands in its place: it holds up no run, fills
 * no memory, and what it has done is found out all the same.
 */
@Order(1) // it waits long
@Timeout(90)
class HostileKintoneTest {
  @TempDir static Path home;
  private static Rehearsal rehearsal;
  private HostileServer kintone;

  @BeforeAll
  static void start() throws Exception {
    rehearsal =
        new Rehearsal(
            home,
            Map.of(
                "kintone.timeout", "1s", "kintone.bulk-timeout", "1s", "kintone.patience", "2s"));
  }

  @AfterAll
  static void stop() {
    rehearsal.close();
  }

  @BeforeEach
  void standInItsWay() throws Exception {
    rehearsal.withAnotherApp();
    kintone = new HostileServer(rehearsal.simulator.url());
  }

  @AfterEach
  void leaveItsWay() {
    kintone.close();
  }

  private RunResult sync(String... lines) throws Exception {
    return sync(rehearsal, kintone, lines);
  }

  private static RunResult sync(Rehearsal rehearsal, HostileServer kintone, String... lines)
      throws Exception {
    var connection =
        new KintoneConnection(URI.create(kintone.url()), null, Credentials.ofTokens("t"), "en");
    var job =
        Job.upsert(
            "customers",
            connection,
            String.valueOf(rehearsal.app.id()),
            "code",
            new Source.Folder(rehearsal.inbox()));
    return rehearsal.application().runner().run(job.on(new Source.OneFile(rehearsal.csv(lines))));
  }

  private static Predicate<HostileServer.Request> records(String method) {
    return request -> request.method().equals(method) && request.target().endsWith("/records.json");
  }

  private static Predicate<HostileServer.Request> first(Predicate<HostileServer.Request> which) {
    var count = new AtomicInteger();
    return request -> which.test(request) && count.getAndIncrement() == 0;
  }

  private static void write(OutputStream out, String text) throws java.io.IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @EnumSource(Misbehaviour.class)
  void whatWasCommittedBeforeItIsFoundOut(Misbehaviour misbehaviour) throws Exception {
    kintone.answers(
        first(records("POST")),
        (request, out) -> {
          assertThat(kintone.commit(request)).isEqualTo(200);
          misbehaviour.answer(kintone, out);
        });

    var run = sync("code,name", "A,Abe");

    assertThat(run.report().counts()).isEqualTo(new Counts(1, 1, 0, 0, 0, 0, 0));
    assertThat(rehearsal.held("name")).containsExactly(Map.entry("A", "Abe"));
    assertThat(rehearsal.revision("A")).isEqualTo("1");
    assertThat(Rehearsal.changes(run)).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(Misbehaviour.class)
  void itHoldsUpNoRunThatReads(Misbehaviour misbehaviour) throws Exception {
    kintone.answers(records("GET"), (request, out) -> misbehaviour.answer(kintone, out));

    var run = sync("code,name", "A,Abe");

    assertThat(run.report().state()).isIn(RunState.STOPPED, RunState.REFUSED);
    assertThat(run.report().reason()).contains(kintone.url());
    assertThat(rehearsal.app.size()).isZero();
  }

  @Test
  void anAnswerWithoutEndIsNotReadToItsEnd(@TempDir Path folder) throws Exception {
    try (var patient = new Rehearsal(folder, Map.of("kintone.timeout", "5m"));
        var endless = new HostileServer(patient.simulator.url())) {
      endless.answers(
          records("GET"), (request, out) -> Misbehaviour.BODY_WITHOUT_END.answer(endless, out));

      var run = sync(patient, endless, "code,name", "A,Abe");

      assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
      assertThat(run.report().reason()).contains("more than");
      long most = Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 32);
      assertThat(endless.written() / endless.requests().size()).isLessThan(most + (8 << 20));
    }
  }

  @Test
  void aLookUpThatIsTooLargeAsksForHalf() throws Exception {
    rehearsal.app.size();
    var lines = new String[401];
    lines[0] = "code,name";
    for (int i = 1; i < lines.length; i++) {
      lines[i] = "K" + i + ",n" + i;
    }
    sync(lines); // now their keys are looked up
    kintone.answers(
        request ->
            records("GET").test(request)
                && new String(request.body(), StandardCharsets.UTF_8).split("\"K").length > 100,
        (request, out) -> Misbehaviour.BODY_WITHOUT_END.answer(kintone, out));

    var run = sync(lines);

    assertThat(run.report().counts()).isEqualTo(new Counts(400, 0, 0, 400, 0, 0, 0));
  }

  private static final List<String> ANSWERS_OF_OTHERS =
      List.of(
          "{\"code\": %d, \"message\": \"upstream request timeout\"}",
          "{\"code\": \"%d\", \"id\": \"x\", \"message\": \"timeout\"}",
          "{\"code\": \"GATEWAY_TIMEOUT\", \"message\": \"timeout %d\"}",
          "{\"code\": \"GAIA_RE01\", \"message\": \"without an id %d\"}",
          "{\"message\": \"Endpoint request timed out %d\"}",
          "{\"results\": [{\"code\": %d}]}",
          "[{\"code\": %d}]",
          "<html><h1>%d</h1></html>",
          "");

  /** Promise 4: whatever a proxy says of a write, Kintone may have carried it out. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        200, 201, 307, 400, 401, 403, 404, 405, 408, 409, 418, 422, 499, 500, 502, 503, 504, 520
      })
  void whatAProxySaysIsNoRefusal(int status) throws Exception {
    var keys = new ArrayList<String>();
    for (String body : ANSWERS_OF_OTHERS) {
      kintone.answers(
          first(records("POST")),
          (request, out) -> {
            assertThat(kintone.commit(request)).isEqualTo(200);
            write(out, "HTTP/1.1 " + status + " Said\r\nContent-Type: application/json\r\n");
            write(out, "Connection: close\r\n\r\n" + body.replace("%d", String.valueOf(status)));
          });
      keys.add("K" + keys.size());

      var run = sync("code,name", keys.get(keys.size() - 1) + ",Abe");

      assertThat(run.report().counts()).as(body).isEqualTo(new Counts(1, 1, 0, 0, 0, 0, 0));
      assertThat(Rehearsal.changes(run)).as(body).hasSize(1);
    }
    assertThat(rehearsal.held("$revision").keySet()).containsExactlyElementsOf(keys);
    assertThat(rehearsal.held("$revision").values()).containsOnly("1");
  }

  @ParameterizedTest
  @EnumSource(
      value = Misbehaviour.class,
      names = {"SAYS_NOTHING", "DRIPS_ITS_BODY"})
  void anUpdateAndABulkRequestAreFoundOutToo(Misbehaviour misbehaviour) throws Exception {
    var before = new String[251];
    var after = new String[251];
    before[0] = after[0] = "code,name";
    for (int i = 1; i < before.length; i++) {
      before[i] = "K" + i + ",n" + i;
      after[i] = "K" + i + ",m" + i;
    }
    sync(before);
    kintone.answers(
        first(request -> request.target().endsWith("/bulkRequest.json")),
        (request, out) -> {
          kintone.commit(request);
          misbehaviour.answer(kintone, out);
        });

    var run = sync(after);

    assertThat(run.report().counts()).isEqualTo(new Counts(250, 0, 250, 0, 0, 0, 0));
    assertThat(rehearsal.held("$revision").values()).containsOnly("2");
  }

  @Test
  void anotherAppThatAnswersOnePageForEverIsNotReadForEver() throws Exception {
    var source = rehearsal.simulator.app("source", Rehearsal.FIELDS);
    kintone.answers(
        records("GET"),
        (request, out) ->
            write(
                out,
                Misbehaviour.JSON
                    + """
                    Connection: close\r
                    \r
                    {"records": [
                     {"$id": {"value": "1"}, "code": {"type": "SINGLE_LINE_TEXT", "value": "A"}},
                     {"$id": {"value": "2"}, "code": {"type": "SINGLE_LINE_TEXT", "value": "B"}}]}
                    """));

    var run =
        rehearsal.runNow(
            rehearsal.appJob(
                Map.of("SOURCE_TOKEN_CUSTOMERS", "t"),
                source,
                "source.base-url = " + kintone.url(),
                "page-size = 2",
                "map = code=code"));

    assertThat(run.report().state()).isIn(RunState.STOPPED, RunState.REFUSED);
    assertThat(run.report().reason()).contains("does not continue after record 2");
  }

  @Test
  void aRedirectIsNotFollowedAndSaidInWords() throws Exception {
    try (var other = new HostileServer()) {
      for (String method : new String[] {"GET", "POST"}) {
        kintone.answers(
            records(method),
            (request, out) -> {
              String there = other.url() + "/k/v1/records.json?secret=1";
              write(out, "HTTP/1.1 307 Moved\r\nLocation: " + there + "\r\n");
              write(out, "Content-Length: 0\r\nConnection: close\r\n\r\n");
            });

        var run = sync("code,name", "A,Abe");

        assertThat(run.report().counts().inserted()).isZero();
        assertThat(run.report().state()).isIn(RunState.STOPPED, RunState.REFUSED);
        assertThat(run.report().reason())
            .contains("kintone.base-url", other.url())
            .doesNotContain("secret");
      }
      assertThat(other.connections()).isZero();
    }
  }
}
