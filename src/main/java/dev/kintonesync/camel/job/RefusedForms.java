package dev.kintonesync.camel.job;

import dev.kintonesync.camel.kintone.DailyQuota;
import dev.kintonesync.camel.kintone.OutageMonitor;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.ErrorCode;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.settings.Job;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The forms of jobs that only a person can let go on, for the route {@code watch-forms}: most
 * refusals are mended there, or by the rights to read it. One question a minute and job asks for
 * the revision, which costs less than a run that would be refused again; a job whose form has
 * changed is tried at once. Nothing is asked while Kintone is away, or when most of the day's calls
 * are spent.
 */
public final class RefusedForms {
  private static final Logger log = LoggerFactory.getLogger(RefusedForms.class);

  private static final Duration BETWEEN_QUESTIONS = Duration.ofMinutes(1);

  private final Watch watch;
  private final OutageMonitor domains;
  private final DailyQuota calls;
  private final Clock clock;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  /**
   * What is known of the form of a refused job.
   *
   * @param revision as of the last answer, or of the run before the first one; null when the form
   *     could not be read
   * @param unreadable whether Kintone has refused to show it
   * @param next when it is asked for next
   */
  private record Seen(@Nullable Long revision, boolean unreadable, Instant next) {}

  public RefusedForms(Watch watch, OutageMonitor domains, DailyQuota calls, Clock clock) {
    this.watch = watch;
    this.domains = domains;
    this.calls = calls;
    this.clock = clock;
  }

  /** The jobs whose forms are to be looked at now. */
  public List<Job> due() {
    var refused = watch.refused();
    var names = refused.stream().map(Job::name).collect(Collectors.toSet());
    // one that was tried again and is refused anew is not asked about at once
    seen.entrySet()
        .removeIf(
            job ->
                !names.contains(job.getKey()) && !clock.instant().isBefore(job.getValue().next()));
    return refused.stream()
        .filter(job -> !domains.isAway(job.connection().baseUrl()))
        .filter(job -> !calls.runLow(job))
        .filter(this::isTime)
        .toList();
  }

  private boolean isTime(Job job) {
    var now = clock.instant();
    var before = seen.get(job.name());
    if (before != null && now.isBefore(before.next())) {
      return false;
    }
    Instant next = now.plus(BETWEEN_QUESTIONS);
    Long found = watch.formRevision(job);
    Long revision = found != null || before == null ? found : before.revision();
    boolean unreadable = before == null ? watch.needsPerson(job) : before.unreadable();
    seen.put(job.name(), new Seen(revision, revision == null && unreadable, next));
    return true;
  }

  /** Asks for the form of the job in the body. */
  public KintoneRequest question(Exchange exchange) {
    var job = exchange.getMessage().getBody(Job.class);
    return KintoneRequest.formFields(job.connection(), job.app());
  }

  /** The question was answered, or not. */
  public void answered(Exchange exchange) {
    var job = exchange.getProperty("kintoneRefusedJob", Job.class);
    var before = seen.get(job.name());
    if (before == null) {
      return; // it is not refused any more
    }
    var answer = exchange.getMessage().getBody();
    if (answer instanceof Answer.Refused refused && !ErrorCode.isBusy(refused.code())) {
      seen.put(job.name(), new Seen(null, true, before.next()));
      return;
    }
    if (!(answer instanceof Answer.Done done)) {
      return; // nobody knows
    }
    long now = done.body().path("revision").asLong();
    seen.put(job.name(), new Seen(now, false, before.next()));
    if (before.unreadable() || (before.revision() != null && before.revision() != now)) {
      log.info("job {}: the form of app {} has changed, trying again", job.name(), job.app());
      watch.runNow(job.name());
    }
  }
}
