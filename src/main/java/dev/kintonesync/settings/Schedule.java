package dev.kintonesync.settings;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.text.ParseException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.quartz.CronExpression;

/**
 * When a job runs by itself.
 *
 * @param timing every so often, at set times, or after another job
 * @param zone in which the set times are meant
 * @param catchesUp whether a time that passed while the program was down is made up for, once, at
 *     the next start
 */
public record Schedule(Timing timing, ZoneId zone, boolean catchesUp) {

  /** Every so often, at set times, or whenever another job has run. */
  public sealed interface Timing {

    /** As a person would write it. */
    String written();
  }

  /**
   * So long after the last time.
   *
   * @param pause how long
   */
  public record Every(String written, Duration pause) implements Timing {}

  /**
   * At set times.
   *
   * @param cron Quartz's six fields
   */
  public record AtTimes(String written, String cron) implements Timing {}

  /**
   * Whenever a run of another job has come to its end.
   *
   * @param job its name
   */
  public record Following(String job) implements Timing {
    @Override
    public String written() {
      return "after " + job;
    }
  }

  private static final Pattern EVERY = Pattern.compile("every\\s+(\\S.*)");
  private static final Pattern DAILY = Pattern.compile("daily\\s+(\\d{1,2}):(\\d{2})");
  private static final Pattern WEEKLY =
      Pattern.compile(
          "weekly\\s+(sun|mon|tue|wed|thu|fri|sat)\\s+(\\d{1,2}):(\\d{2})",
          Pattern.CASE_INSENSITIVE);

  /** Quartz has the hours behind seconds and minutes. */
  private static final Pattern ANY_HOUR = Pattern.compile("\\S+ \\S+ \\*.*");

  /** So many changes of a clock are looked at: those of a hundred years. */
  private static final int LOOK_AHEAD = 200;

  private static final Pattern DAY_OF_WEEK = Pattern.compile("(?<![/#\\d])[0-7](?![\\d])");

  /**
   * {@code every 15m}, {@code daily 02:30}, {@code weekly sun 04:00}, or cron with five or six
   * fields.
   */
  static final ValueType<Timing> TIMING = new ValueType<>("schedule", false, Schedule::timing);

  /** A time zone by its name. */
  static final ValueType<ZoneId> ZONE = new ValueType<>("time zone", false, Schedule::zone);

  /**
   * The first time after an instant that the schedule names; every so often: so long after it; far
   * in the future for a job that follows another. For a time that a clock going forward leaves out
   * it is the first instant after the gap.
   */
  public Instant after(Instant instant) {
    if (timing instanceof Every every) {
      return instant.plus(every.pause());
    }
    if (timing instanceof AtTimes times) {
      Instant next = after(times, zone, instant);
      return leftOut(instant, 1).stream().filter(next::isAfter).findFirst().orElse(next);
    }
    return Instant.MAX;
  }

  private Instant after(AtTimes times, ZoneId zone, Instant instant) {
    Date next = expression(times, zone).getNextValidTimeAfter(Date.from(instant));
    return next == null ? Instant.MAX : next.toInstant();
  }

  /**
   * The next instants at which the clock of the zone goes forward over a set time, which cron alone
   * would leave out on that day. Times in hours that are not named come again an hour later: none
   * of them is left out.
   *
   * @param most how many are wanted at most
   */
  public List<Instant> leftOut(Instant after, int most) {
    var leftOut = new ArrayList<Instant>();
    if (timing instanceof AtTimes times && !ANY_HOUR.matcher(times.cron()).matches()) {
      var change = zone.getRules().nextTransition(after);
      for (int i = 0; change != null && i < LOOK_AHEAD && leftOut.size() < most; i++) {
        if (change.isGap() && isLeftOut(times, change)) {
          leftOut.add(change.getInstant());
        }
        change = zone.getRules().nextTransition(change.getInstant());
      }
    }
    return List.copyOf(leftOut);
  }

  private boolean isLeftOut(AtTimes times, ZoneOffsetTransition gap) {
    // on a clock that never changes, which is what the times were written for
    Instant begins = gap.getDateTimeBefore().toInstant(ZoneOffset.UTC);
    Instant ends = gap.getDateTimeAfter().toInstant(ZoneOffset.UTC);
    Instant justBefore = gap.getInstant().minusSeconds(1);
    return after(times, ZoneOffset.UTC, begins.minusSeconds(1)).isBefore(ends)
        && !after(times, zone, justBefore).equals(gap.getInstant());
  }

  private CronExpression expression(AtTimes times, ZoneId zone) {
    try {
      var expression = new CronExpression(times.cron());
      expression.setTimeZone(TimeZone.getTimeZone(zone));
      return expression;
    } catch (ParseException e) {
      throw new IllegalStateException(timing.written(), e); // it was read before
    }
  }

  private static Timing timing(String value) {
    Matcher every = EVERY.matcher(value);
    if (every.matches()) {
      return new Every(value, ValueType.DURATION.reader().apply(every.group(1)));
    }
    Matcher daily = DAILY.matcher(value);
    if (daily.matches()) {
      return at(value, daily.group(1), daily.group(2), "* * ?");
    }
    Matcher weekly = WEEKLY.matcher(value);
    if (weekly.matches()) {
      String day = weekly.group(1).toUpperCase(Locale.ROOT);
      return at(value, weekly.group(2), weekly.group(3), "? * " + day);
    }
    String cron = quartz(value.strip().split("\\s+"));
    if (!CronExpression.isValidExpression(cron)) {
      if (CronExpression.isValidExpression(cron.replaceFirst("\\S+$", "?"))) {
        throw new UserErrorException(MessageCode.CRON_OF_BOTH_DAYS.with(value));
      }
      throw new UserErrorException(MessageCode.NOT_A_SCHEDULE.with(value));
    }
    return new AtTimes(value, cron);
  }

  private static AtTimes at(String written, String hour, String minute, String days) {
    try {
      var time = LocalTime.of(Integer.parseInt(hour), Integer.parseInt(minute));
      return new AtTimes(written, "0 %d %d %s".formatted(time.getMinute(), time.getHour(), days));
    } catch (DateTimeException e) {
      throw new UserErrorException(MessageCode.NOT_A_SCHEDULE.with(written), e);
    }
  }

  /**
   * The six fields of Quartz. Five are those of Unix: without seconds, and with days of the week
   * that begin with 0 for Sunday, where Quartz begins with 1. Quartz also wants a question mark for
   * one of the two fields that name days.
   */
  private static String quartz(String[] fields) {
    String[] six = fields;
    if (fields.length == 5) {
      six = ("0 " + String.join(" ", fields)).split(" ");
      six[5] =
          DAY_OF_WEEK
              .matcher(six[5])
              .replaceAll(day -> String.valueOf(Integer.parseInt(day.group()) % 7 + 1));
    }
    if (six.length == 6 && !six[3].equals("?") && !six[5].equals("?")) {
      int free = six[5].equals("*") ? 5 : 3;
      six[free] = six[free].equals("*") ? "?" : six[free];
    }
    return String.join(" ", six).toUpperCase(Locale.ROOT);
  }

  private static ZoneId zone(String value) {
    try {
      return ZoneId.of(value);
    } catch (DateTimeException e) {
      throw new UserErrorException(MessageCode.NOT_A_ZONE.with(value), e);
    }
  }
}
