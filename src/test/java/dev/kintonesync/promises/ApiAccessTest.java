package dev.kintonesync.promises;

import static dev.kintonesync.promises.RehearsedApi.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.RunState;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An HTTP API gets its login and nobody else does; a busy one is asked again, or left alone. */
class ApiAccessTest extends ApiSync {
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
        .contains("The response is not JSON: \"***\" (column 2)")
        .containsOnlyOnce("is not JSON")
        .doesNotContain("abcdef");
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
}
