package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.RunState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Designs are read by plain GET, and records by POST, so that none of their values gets into an
 * address. Where a proxy does not let the header of such a POST through, records are read by GET as
 * well, and the run says so.
 */
class ReadsBehindAProxyTest {
  private static final String HEADER = "X-HTTP-Method-Override";

  @TempDir static Path home;
  private static Rehearsal rehearsal;

  @BeforeAll
  static void start() throws Exception {
    rehearsal = new Rehearsal(home);
  }

  @AfterAll
  static void stop() {
    rehearsal.close();
  }

  @BeforeEach
  void makeApp() throws Exception {
    rehearsal.withAnotherApp();
    rehearsal.clock.move(Duration.ofHours(1)); // a header that got lost is tried again by then
  }

  @AfterEach
  void passAgain() {
    rehearsal.simulator.faults().clear();
    rehearsal.crossing.losesHeader("", 0);
  }

  @Test
  void nothingOfARecordStandsInAnAddress() throws Exception {
    rehearsal.sync("code,name", "secret,Abe");
    int before = rehearsal.crossing.lines().size();

    rehearsal.sync("code,name", "secret,Baba");

    String app = "?app=" + rehearsal.app.id();
    var lines = rehearsal.crossing.lines();
    assertThat(lines.subList(before, lines.size()))
        .contains(
            "GET /k/v1/app/form/fields.json" + app,
            "GET /k/v1/app/settings.json" + app,
            "POST /k/v1/records.json")
        .allMatch(line -> line.startsWith("GET ") == line.contains("?"))
        .noneMatch(line -> line.contains("secret"));
    assertThat(rehearsal.held("name")).containsExactly(Map.entry("secret", "Baba"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 403, 404, 405})
  void whereAProxyTakesTheHeaderAwayRecordsAreReadByGet(int status) throws Exception {
    rehearsal.sync("code,name", "A,Abe");
    rehearsal.crossing.losesHeader(HEADER, status);

    var run = rehearsal.sync("code,name", "A,Baba", "B,Chiba");

    assertThat(run.report().counts()).isEqualTo(new Counts(2, 1, 1, 0, 0, 0, 0));
    assertThat(run.report().remarks())
        .filteredOn(remark -> remark.contains(HEADER))
        .singleElement(as(STRING))
        .startsWith("Records of " + rehearsal.crossing.url() + " are read by GET");
    assertThat(rehearsal.held("name"))
        .containsOnly(Map.entry("A", "Baba"), Map.entry("B", "Chiba"));
  }

  @Test
  void asManyKeysAtATimeAsAnAddressHolds() throws Exception {
    var lines = new String[301];
    lines[0] = "code,name";
    for (int i = 1; i < lines.length; i++) {
      lines[i] = "住所".repeat(10) + i + ",Abe";
    }
    rehearsal.sync(lines);
    rehearsal.crossing.losesHeader(HEADER, 405);

    var run = rehearsal.sync(lines);

    assertThat(run.report().counts()).isEqualTo(new Counts(300, 0, 0, 300, 0, 0, 0));
    assertThat(rehearsal.crossing.lines()).allMatch(line -> line.length() < 8_000);
  }

  @Test
  void recordsThatTheSourceLacksGoByDelete() throws Exception {
    var mirror =
        rehearsal.jobWith(
            "mode = mirror",
            "mirror.scope = code != \"\"",
            "mirror.missing = delete",
            "mirror.max-missing = 100%");
    rehearsal.sync(mirror, "code,name", "A,Abe", "B,Baba"); // the first run removes nothing
    rehearsal.crossing.losesHeader(HEADER, 405);

    var run = rehearsal.sync(mirror, "code,name", "A,Abe");

    assertThat(run.report().reason()).isNull();
    assertThat(rehearsal.held("name")).containsOnly(Map.entry("A", "Abe"));
    assertThat(rehearsal.crossing.lines()).anyMatch(line -> line.startsWith("DELETE "));
  }

  @Test
  void soItIsOnTheWayToAnAppThatIsRead() throws Exception {
    var source = rehearsal.simulator.app("source", Rehearsal.FIELDS);
    source.add("{\"code\": {\"value\": \"A\"}}");
    try (var proxy = new Crossing(rehearsal.simulator.url())) {
      proxy.losesHeader(HEADER, 405);

      rehearsal.runNow(
          rehearsal.appJob(
              Map.of("SOURCE_TOKEN_CUSTOMERS", "t"),
              source,
              "source.base-url = " + proxy.url(),
              "map = code=code"));

      assertThat(rehearsal.app.values("code")).containsExactly("A");
    }
  }

  @Test
  void aProxyThatTurnsBothWaysAwayIsNamed() throws Exception {
    rehearsal
        .simulator
        .faults()
        .add(Fault.status(403, "<html>no</html>").on("GET", "records.json").times(20));

    var run = rehearsal.sync("code,name", "A,Abe");

    assertNamed(run, rehearsal.crossing.url());
    assertThat(rehearsal.app.size()).isZero();
  }

  private static void assertNamed(RunResult run, String address) {
    assertThat(run.report().state()).isIn(RunState.STOPPED, RunState.REFUSED);
    assertThat(run.report().reason())
        .startsWith("Records cannot be read from " + address)
        .contains(HEADER, "/k/");
  }
}
