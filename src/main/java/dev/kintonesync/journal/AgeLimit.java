package dev.kintonesync.journal;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says before when a run is old. Time in which nobody looked makes no run older: a clock that is a
 * year ahead, or a program that was off for as long, would else make all runs old at once.
 *
 * <p>When more than a month has passed since the last look, runs from before stay longer by that
 * time. Once the others are old too, or the clock has gone back as far, that is over.
 */
final class AgeLimit {
  private static final Logger log = LoggerFactory.getLogger(AgeLimit.class);

  /** Jobs that run by hand or by a timetable run once a month at least, or seldom enough. */
  private static final Duration LONGEST_SILENCE = Duration.ofDays(32);

  private final Database database;

  AgeLimit(Database database) {
    this.database = database;
  }

  /**
   * The last look.
   *
   * @param at when it was
   * @param leapt when somebody looked after a long silence, the last time; null: never
   * @param silence how long all was silent before {@code leapt}
   */
  private record Look(Instant at, @Nullable Instant leapt, Duration silence) {

    Look next(Instant now, Duration keep) {
      if (now.plus(LONGEST_SILENCE).isBefore(at)) {
        return new Look(now, null, Duration.ZERO);
      }
      boolean lasts = leapt != null && now.isBefore(leapt.plus(keep));
      Duration since = Duration.between(at, now);
      if (since.compareTo(LONGEST_SILENCE) > 0) {
        return new Look(now, now, lasts ? silence.plus(since) : since);
      }
      return lasts ? new Look(now, leapt, silence) : new Look(now, null, Duration.ZERO);
    }
  }

  /**
   * Looks at the clock.
   *
   * @param keep how long a run is kept
   * @return runs that began before are old
   */
  Instant at(Instant now, Duration keep) {
    Look last = last(now);
    Look look = last.next(now, keep);
    keep(look);
    if (now.equals(look.leapt())) {
      log.warn(
          "The last sign of life is {} days old (of {}): where the clock is right, runs from before"
              + " are kept longer by that time",
          Duration.between(last.at(), now).toDays(),
          last.at());
    }
    return now.minus(keep).minus(look.silence());
  }

  /** As long as nobody has looked, the newest run is the last sign of life. */
  private Look last(Instant now) {
    return database.call(
        connection -> {
          try (var query =
                  Sql.prepare(
                      connection,
                      """
                      SELECT looked_at, leapt_at, silence FROM age_limit
                      UNION ALL SELECT MAX(started_at), NULL, 0 FROM run
                      WHERE NOT EXISTS (SELECT 1 FROM age_limit)
                      """);
              var rows = query.executeQuery()) {
            Instant at = rows.next() ? instant(rows.getObject(1, OffsetDateTime.class)) : null;
            return at == null
                ? new Look(now, null, Duration.ZERO)
                : new Look(
                    at,
                    instant(rows.getObject(2, OffsetDateTime.class)),
                    Duration.ofSeconds(rows.getLong(3)));
          }
        });
  }

  private void keep(Look look) {
    Instant leapt = look.leapt();
    database.call(
        connection ->
            Sql.put(
                connection,
                "age_limit",
                1,
                "id, looked_at, leapt_at, silence",
                1,
                look.at().atOffset(ZoneOffset.UTC),
                leapt == null ? null : leapt.atOffset(ZoneOffset.UTC),
                look.silence().toSeconds()));
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
