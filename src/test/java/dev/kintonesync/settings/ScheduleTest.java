package dev.kintonesync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.message.UserErrorException;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
  /** A Sunday, 09:00 in Japan. */
  private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "every 15m | 2026-11-22T00:15:00Z",
        "daily 02:30 | 2026-11-22T17:30:00Z",
        "daily 9:00 | 2026-11-23T00:00:00Z",
        "weekly sun 04:00 | 2026-11-28T19:00:00Z",
        "weekly Mon 9:00 | 2026-11-23T00:00:00Z",
        "30 2 * * * | 2026-11-22T17:30:00Z",
        "0 30 2 * * * | 2026-11-22T17:30:00Z",
        "0 30 2 * * ? | 2026-11-22T17:30:00Z",
        "0 12 * * 0 | 2026-11-22T03:00:00Z",
        "0 12 * * 7 | 2026-11-22T03:00:00Z",
        "0 12 * * 1-5 | 2026-11-23T03:00:00Z",
        "0 12 * * mon,wed | 2026-11-23T03:00:00Z",
        "0 12 1 * * | 2026-12-01T03:00:00Z",
        "*/10 * * * * | 2026-11-22T00:10:00Z"
      })
  void theNextTimeIs(String written, Instant next) {
    var schedule =
        new Schedule(Schedule.TIMING.reader().apply(written), ZoneId.of("Asia/Tokyo"), true);
    assertThat(schedule.after(NOW)).isEqualTo(next);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hourly",
        "every",
        "every 0m",
        "daily 25:00",
        "weekly 04:00",
        "weekly sunday 04:00",
        "1 2 3",
        "61 * * * *",
        "0 12 1 * 1"
      })
  void whatIsNoScheduleIsRefused(String written) {
    assertThatThrownBy(() -> Schedule.TIMING.reader().apply(written))
        .isInstanceOf(UserErrorException.class);
  }

  @Test
  void aZoneIsNamed() {
    assertThat(Schedule.ZONE.reader().apply("America/Los_Angeles")).isNotNull();
    assertThatThrownBy(() -> Schedule.ZONE.reader().apply("Tokio"))
        .isInstanceOf(UserErrorException.class);
  }
}
