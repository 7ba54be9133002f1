package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.simulator.http.Fault.Kind;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.RunState;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Promise 4, at every place: whatever goes wrong, the end is the same, and nothing goes twice. */
@Order(1) // it waits long
class FaultMatrixTest {
  private static final String[] BEFORE = rows(1, 30, "old");

  /** 10 unchanged, 20 to be updated, 30 to be inserted. */
  private static final String[] ROWS =
      Stream.concat(Arrays.stream(rows(1, 10, "old")), Arrays.stream(rows(11, 60, "new")).skip(1))
          .toArray(String[]::new);

  private static final Counts ALL_DONE = new Counts(60, 30, 20, 10, 0, 0, 0);

  @TempDir static Path home;

  /** One for each place, and for each place one that does not wait long for an answer. */
  private static final Map<String, Rehearsal> REHEARSALS = new HashMap<>();

  @AfterAll
  static void stop() {
    REHEARSALS.values().forEach(Rehearsal::close);
    REHEARSALS.clear();
  }

  /** Where something goes wrong. */
  enum Place {
    START("GET", "/fields.json", 20),
    KEY_LOOKUP("GET", "/records.json", 20),
    INSERT("POST", "/records.json", 1),
    UPDATE("PUT", "/records.json", 1),
    BULK("POST", "/bulkRequest.json", 20);

    private final String method;
    private final String path;
    private final int requestsPerBatch;

    Place(String method, String path, int requestsPerBatch) {
      this.method = method;
      this.path = path;
      this.requestsPerBatch = requestsPerBatch;
    }

    private Fault spoilt(Fault fault) {
      Fault there = fault.on(method, path);
      return this == KEY_LOOKUP ? there.after(1) : there; // the first one reads for the start
    }
  }

  /** What goes wrong. */
  enum Wrong {
    NO_ANSWER(Fault.of(Kind.HANG)),
    RESET(Fault.of(Kind.RESET)),
    RESET_AFTER_COMMIT(Fault.of(Kind.RESET_AFTER_COMMIT)),
    HTML_502(Fault.status(502, "<html><h1>Bad Gateway</h1></html>")),
    TEXT_503(Fault.status(503, "Service Unavailable")),
    EMPTY_504(Fault.status(504, "")),
    TOO_MANY(Fault.error(429, "GAIA_TO04")),
    TOO_MANY_IN_HTML(Fault.status(429, "<html>Too Many Requests</html>")),
    LOCKED_400(Fault.error(400, "GAIA_DA02")),
    LOCKED_520(Fault.error(520, "GAIA_DA02")),
    NOT_SAVED_520(Fault.error(520, "GAIA_RE18"));

    private final Fault fault;

    Wrong(Fault fault) {
      this.fault = fault;
    }

    private boolean isRefusal() {
      return compareTo(TOO_MANY) >= 0;
    }
  }

  static Stream<Arguments> everyWrongAtEveryPlace() {
    return Arrays.stream(Place.values())
        .flatMap(place -> Arrays.stream(Wrong.values()).map(wrong -> Arguments.of(place, wrong)));
  }

  @ParameterizedTest(name = "{1} at {0}")
  @MethodSource("everyWrongAtEveryPlace")
  void theRunGoesOnAndNothingIsLostOrDoneTwice(Place place, Wrong wrong) throws Exception {
    var rehearsal = rehearsal(place, wrong == Wrong.NO_ANSWER ? "2s" : "1m");
    int faults = 2;
    rehearsal.simulator.faults().add(place.spoilt(wrong.fault).times(faults));

    var report = rehearsal.report(ROWS);

    assertThat(report.state()).as(report.reason()).isEqualTo(RunState.COMPLETED);
    assertThat(report.counts()).isEqualTo(ALL_DONE);
    assertEnd(rehearsal);
    if (wrong.isRefusal()) {
      assertThat(report.requests().retries()).isEqualTo(faults);
    }
    assertNothingIsLeftToDo(rehearsal);
  }

  static Stream<Arguments> everyLossAtEveryPlace() {
    return Stream.of(Place.KEY_LOOKUP, Place.INSERT, Place.UPDATE, Place.BULK)
        .flatMap(
            place ->
                Stream.of("400 GAIA_IA02", "403 GAIA_NO01", "401 CB_WA01", "403 CB_NO02")
                    // where a user lacks the right to a record, that record alone is rejected
                    .filter(error -> place != Place.UPDATE || !error.endsWith("CB_NO02"))
                    .map(error -> Arguments.of(place, error)));
  }

  @ParameterizedTest(name = "{1} at {0}")
  @MethodSource("everyLossAtEveryPlace")
  void aRightThatIsLostInTheMiddleStopsTheRunAndTheNextOneDoesTheRest(Place place, String error)
      throws Exception {
    var rehearsal = rehearsal(place, "1m");
    var parts = error.split(" ");
    int status = Integer.parseInt(parts[0]);
    rehearsal.simulator.faults().add(place.spoilt(Fault.error(status, parts[1]).times(1_000)));

    var report = rehearsal.report(ROWS);

    assertThat(report.state()).isEqualTo(RunState.STOPPED);
    assertThat(report.state().exitCode()).isEqualTo(3);
    assertThat(report.reason()).contains(parts[1]);
    assertThat(report.counts().addUp()).isTrue();
    assertThat(report.counts().rejected()).isZero();
    assertThat(report.counts().unprocessed()).isPositive();

    rehearsal.simulator.faults().clear();
    assertThat(rehearsal.report(ROWS).state()).isEqualTo(RunState.COMPLETED);
    assertEnd(rehearsal);
    assertNothingIsLeftToDo(rehearsal);
  }

  @ParameterizedTest(name = "more than {0} keys are answered {1}")
  @CsvSource({"7, 413", "7, 504", "1, 504"})
  void aLookUpThatIsTooMuchForOneAnswerIsAskedInHalves(int most, int status) throws Exception {
    var rehearsal = rehearsal(Place.KEY_LOOKUP, "1m");
    rehearsal.crossing.breaksOn(body -> keys(body) > most, status);

    var report = rehearsal.report(ROWS);

    assertThat(report.counts()).isEqualTo(ALL_DONE);
    assertEnd(rehearsal);
    assertThat(report.requests().keyLookups()).isBetween(60L / most, 130L);
  }

  private static int keys(String body) {
    return body.contains(" in (") ? body.split("\\\\\"K").length - 1 : 0;
  }

  private static Rehearsal rehearsal(Place place, String timeout) throws Exception {
    String name = place + "-" + timeout;
    var rehearsal = REHEARSALS.get(name);
    if (rehearsal == null) {
      rehearsal =
          new Rehearsal(
              home.resolve(name),
              Map.of(
                  "kintone.timeout",
                  timeout,
                  "kintone.bulk-timeout",
                  timeout,
                  "kintone.records-per-request",
                  place.requestsPerBatch == 1 ? "100" : "10",
                  "kintone.requests-per-batch",
                  String.valueOf(place.requestsPerBatch)));
      REHEARSALS.put(name, rehearsal);
    }
    rehearsal.simulator.faults().clear();
    rehearsal.crossing.breaksOn(body -> false, 0);
    rehearsal.withAnotherApp().report(BEFORE);
    return rehearsal.forgetRequests();
  }

  private static void assertEnd(Rehearsal rehearsal) {
    var names = new TreeMap<String, String>();
    var revisions = new TreeMap<String, String>();
    for (int i = 1; i <= 60; i++) {
      names.put("K" + i, (i <= 10 ? "old" : "new") + i);
      revisions.put("K" + i, i > 10 && i <= 30 ? "2" : "1");
    }
    assertThat(rehearsal.held("name")).isEqualTo(names);
    assertThat(rehearsal.held("$revision")).as("written once each").isEqualTo(revisions);
  }

  private static void assertNothingIsLeftToDo(Rehearsal rehearsal) throws Exception {
    rehearsal.forgetRequests();
    assertThat(rehearsal.report(ROWS).counts()).isEqualTo(new Counts(60, 0, 0, 60, 0, 0, 0));
    assertThat(rehearsal.writes()).isEmpty();
  }

  private static String[] rows(int from, int to, String name) {
    return Stream.concat(
            Stream.of("code,name"),
            IntStream.rangeClosed(from, to).mapToObj(i -> "K" + i + "," + name + i))
        .toArray(String[]::new);
  }
}
