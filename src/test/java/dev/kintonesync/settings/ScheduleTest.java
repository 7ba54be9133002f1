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

  /** A time that a clock going forward leaves out is run for at the first instant after the gap. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "daily 02:30 | America/New_York | 2026-03-08T00:00:00Z | 2026-03-08T07:00:00Z",
        "daily 02:30 | America/New_York | 2026-03-08T07:00:00Z | 2026-03-09T06:30:00Z",
        "daily 02:00 | America/New_York | 2026-03-08T00:00:00Z | 2026-03-08T07:00:00Z",
        "daily 03:00 | America/New_York | 2026-03-08T00:00:00Z | 2026-03-08T07:00:00Z",
        "daily 03:00 | America/New_York | 2026-03-08T07:00:00Z | 2026-03-09T07:00:00Z",
        "daily 01:59 | America/New_York | 2026-03-08T00:00:00Z | 2026-03-08T06:59:00Z",
        "weekly sun 02:30 | America/New_York | 2026-03-05T00:00:00Z | 2026-03-08T07:00:00Z",
        "weekly sun 02:30 | America/New_York | 2026-03-08T07:00:00Z | 2026-03-15T06:30:00Z",
        "weekly mon 02:30 | America/New_York | 2026-03-05T00:00:00Z | 2026-03-09T06:30:00Z",
        "30 2 * * * | Europe/Berlin | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z",
        "30 2 8 3 * | America/New_York | 2026-01-01T00:00:00Z | 2026-03-08T07:00:00Z",
        "daily 00:00 | America/Santiago | 2026-09-05T12:00:00Z | 2026-09-06T04:00:00Z",
        "daily 02:15 | Australia/Lord_Howe | 2026-10-03T12:00:00Z | 2026-10-03T15:30:00Z",
        "*/10 2 * * * | America/New_York | 2026-03-08T06:00:00Z | 2026-03-08T07:00:00Z",
        "*/10 2 * * * | America/New_York | 2026-03-08T07:00:00Z | 2026-03-09T06:00:00Z",
        // one that runs in any hour misses none
        "30 * * * * | America/New_York | 2026-03-08T06:30:00Z | 2026-03-08T07:30:00Z",
        // in autumn once
        "daily 01:30 | America/New_York | 2026-11-01T00:00:00Z | 2026-11-01T06:30:00Z",
        "daily 01:30 | America/New_York | 2026-11-01T06:30:00Z | 2026-11-02T06:30:00Z",
        "daily 02:30 | Europe/Berlin | 2026-10-24T12:00:00Z | 2026-10-25T01:30:00Z",
        "daily 02:30 | Europe/Berlin | 2026-10-25T01:30:00Z | 2026-10-26T01:30:00Z"
      })
  void aDayOnWhichTheClockChangesHasItsTimeOnce(
      String written, String zone, Instant after, Instant next) {
    var schedule = new Schedule(Schedule.TIMING.reader().apply(written), ZoneId.of(zone), true);
    assertThat(schedule.after(after)).isEqualTo(next);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 9 1 * 1", "0 0 9 1 * MON", "0 9 1-7 * sun"})
  void aCronThatNamesBothDaysSaysThatThisCannotBe(String written) {
    assertThatThrownBy(() -> Schedule.TIMING.reader().apply(written))
        .hasMessageContaining("day of the month")
        .hasMessageContaining("day of the week");
  }

  @Test
  void aZoneIsNamed() {
    assertThat(Schedule.ZONE.reader().apply("America/Los_Angeles")).isNotNull();
    assertThatThrownBy(() -> Schedule.ZONE.reader().apply("Tokio"))
        .isInstanceOf(UserErrorException.class);
  }
}
