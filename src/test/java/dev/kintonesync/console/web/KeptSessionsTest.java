package dev.kintonesync.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions that began with a link, after the program was started again. */
class KeptSessionsTest {
  private static final Instant NOW = Instant.parse("2026-11-29T10:00:00Z");

  @TempDir Path home;

  private Sessions sessionsAt(Instant now) {
    var clock = Clock.fixed(now, ZoneOffset.UTC);
    return new Sessions(clock, new SetupLinks(home, clock).sessions());
  }

  @Test
  void oneOfALinkGoesOnOnThisMachineAlone() throws Exception {
    String token = sessionsAt(NOW).begin(Role.SETUP, true);
    var again = sessionsAt(NOW.plus(Duration.ofMinutes(20)));
    assertThat(again.role(token, false)).isNull();
    assertThat(again.role(token, true)).isEqualTo(Role.SETUP);
    // it was seen meanwhile
    assertThat(sessionsAt(NOW.plus(Duration.ofMinutes(40))).role(token, true))
        .isEqualTo(Role.SETUP);
    try (var files = Files.list(home.resolve("drafts/sessions"))) {
      assertThat(files).hasSize(1).noneMatch(file -> file.toString().contains(token));
    }
  }

  @Test
  void oneThatIsOverOrLoggedOutIsGone() {
    String idle = sessionsAt(NOW).begin(Role.SETUP, true);
    assertThat(sessionsAt(NOW.plus(Duration.ofMinutes(31))).role(idle, true)).isNull();
    String out = sessionsAt(NOW).begin(Role.SETUP, true);
    sessionsAt(NOW).end(out);
    assertThat(sessionsAt(NOW).role(out, true)).isNull();
    assertThat(sessionsAt(NOW).role("../../secrets.properties", true)).isNull();
  }

  @Test
  void oneOfAPasswordEndsWithTheProgram() {
    String token = sessionsAt(NOW).begin(Role.SETUP, false);
    assertThat(sessionsAt(NOW).role(token, true)).isNull();
  }
}
