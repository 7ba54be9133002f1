package dev.kintonesync.camel.kintone;

import dev.kintonesync.journal.Journal;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The calls that may be made to an app in a day, counted as Kintone counts them and over all
 * processes that share the journal. Counted before they go out: a call that was made is never
 * forgotten, one that failed may count.
 */
public final class DailyQuota {
  private static final ZoneId JAPAN = ZoneId.of("Asia/Tokyo");
  private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  private final @Nullable Journal journal;
  private final long most;
  private final Clock clock;
  private final Consumer<UserMessage> listener;

  /**
   * The calls as the journal has them.
   *
   * @param most in a day to one app; 0: any number
   */
  public DailyQuota(
      @Nullable Journal journal, long most, Clock clock, Consumer<UserMessage> listener) {
    this.journal = journal;
    this.most = most;
    this.clock = clock;
    this.listener = listener;
  }

  /** Any number of calls, which nobody counts. */
  public static DailyQuota uncounted(Clock clock) {
    return new DailyQuota(null, 0, clock, said -> {});
  }

  /**
   * The call of this exchange is about to go out. The first one that passes four fifths of the
   * day's calls is told.
   *
   * @throws UserErrorException when the day's calls do not cover it; its run stops
   */
  public synchronized void spend(Exchange exchange) {
    if (journal == null) {
      return;
    }
    var request = KintoneHttp.callOf(exchange).request();
    String domain = String.valueOf(request.connection().baseUrl());
    var now = clock.instant();
    long before = most == 0 ? 0 : journal.calls(domain, request.app(), now);
    long after = before + request.counted();
    if (most > 0 && after > most) {
      stop(
          exchange,
          MessageCode.DAILY_CALLS_SPENT.with(request.app(), before, most, next(now)),
          now);
    }
    journal.called(domain, request.app(), now, request.counted());
    if (5 * before < 4 * most && 5 * after >= 4 * most) {
      listener.accept(MessageCode.DAILY_CALLS_RUN_LOW.with(request.app(), after, most, next(now)));
    }
  }

  /** Whether four fifths of the day's calls to the app of a job are spent. */
  public synchronized boolean runLow(Job job) {
    if (journal == null || most == 0) {
      return false;
    }
    String domain = String.valueOf(job.connection().baseUrl());
    return 5 * journal.calls(domain, job.app(), clock.instant()) >= 4 * most;
  }

  private static void stop(Exchange exchange, UserMessage reason, Instant now) {
    RequestContext run = RequestContext.find(exchange);
    if (run != null) {
      run.stop(reason, nextDay(now));
    }
    throw new UserErrorException(reason);
  }

  /** Kintone's day begins at 09:00 in Japan, which is 00:00 UTC. */
  private static Instant nextDay(Instant now) {
    var today = now.atOffset(ZoneOffset.UTC).toLocalDate();
    return today.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private static String next(Instant now) {
    return MINUTE.format(nextDay(now).atZone(JAPAN));
  }
}
