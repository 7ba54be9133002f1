package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.sync.RunState;
import java.nio.file.Path;
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
 * address; a proxy that does not let the header of such a POST through is named.
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
  }

  @AfterEach
  void passAgain() {
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
  void aProxyThatTakesTheHeaderAwayIsNamed(int status) throws Exception {
    rehearsal.crossing.losesHeader(HEADER, status);

    var run = rehearsal.sync("code,name", "A,Abe");

    assertNamed(run, rehearsal.crossing.url());
    assertThat(rehearsal.app.size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 405})
  void soItIsOnTheWayToAnAppThatIsRead(int status) throws Exception {
    var source = rehearsal.simulator.app("source", Rehearsal.FIELDS);
    source.add("{\"code\": {\"value\": \"A\"}}");
    try (var proxy = new Crossing(rehearsal.simulator.url())) {
      proxy.losesHeader(HEADER, status);

      var run =
          rehearsal.runNow(
              rehearsal.appJob(
                  Map.of("SOURCE_TOKEN_CUSTOMERS", "t"),
                  source,
                  "source.base-url = " + proxy.url(),
                  "map = code=code"));

      assertNamed(run, proxy.url());
    }
  }

  private static void assertNamed(RunResult run, String address) {
    assertThat(run.report().state()).isIn(RunState.STOPPED, RunState.REFUSED);
    assertThat(run.report().reason())
        .startsWith("Records cannot be read from " + address)
        .contains(HEADER, "/k/");
  }
}
