package dev.kintonesync.camel.kintone;

import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.Backoff;
import dev.kintonesync.kintone.ErrorCode;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.camel.Exchange;

/**
 * Which domains are away, a night of maintenance long for instance. While one is, its watched
 * folders keep their files, and one cheap request asks now and then whether it is back, for the
 * route {@code await-kintone}. A domain to which no watched folder goes is never away: who runs
 * once is told by the run itself.
 */
public final class OutageMonitor {
  private static final Backoff PAUSES = new Backoff(Duration.ofMinutes(1), Duration.ofMinutes(10));

  private final Clock clock;
  private final Consumer<UserMessage> listener;
  private final Set<URI> watched = ConcurrentHashMap.newKeySet();
  private final Map<URI, Absence> absences = new ConcurrentHashMap<>();

  /**
   * A domain is away.
   *
   * @param question what asks whether it is back
   * @param since when it was found to be away
   * @param asked how often that was asked
   * @param next when it is asked next
   */
  private record Absence(KintoneRequest question, Instant since, int asked, Instant next) {

    Absence askedAt(Instant now) {
      return new Absence(question, since, asked + 1, now.plus(PAUSES.after(asked + 2)));
    }
  }

  public OutageMonitor(Clock clock, Consumer<UserMessage> listener) {
    this.clock = clock;
    this.listener = listener;
  }

  /** A watched folder's files go to that domain. */
  public void watch(URI baseUrl) {
    watched.add(baseUrl);
  }

  /** Whether that domain is known to be away. */
  public boolean isAway(URI baseUrl) {
    return absences.containsKey(baseUrl);
  }

  /**
   * A run has lost its patience with the domain of a request.
   *
   * @param words what was seen instead of an answer
   */
  void gone(KintoneRequest request, String words) {
    URI domain = request.connection().baseUrl();
    var now = clock.instant();
    // whoever may sync may ask this, and where a right is missing, the refusal is an answer too
    var question =
        KintoneRequest.getRecords(request.connection(), request.app(), "limit 1", List.of("$id"));
    var absence = new Absence(question, now, 0, now.plus(PAUSES.first()));
    if (watched.contains(domain) && absences.putIfAbsent(domain, absence) == null) {
      listener.accept(MessageCode.DOMAIN_GONE.with(domain, words));
    }
  }

  /** The domain of a request has answered it. */
  void heard(KintoneRequest request) {
    URI domain = request.connection().baseUrl();
    var absence = absences.remove(domain);
    if (absence != null) {
      long minutes = Duration.between(absence.since(), clock.instant()).toMinutes();
      listener.accept(MessageCode.DOMAIN_BACK.with(domain, minutes));
    }
  }

  /** The questions that are to be asked now, one for each domain whose pause is over. */
  public List<KintoneRequest> questions() {
    var now = clock.instant();
    var due = new ArrayList<KintoneRequest>();
    absences.replaceAll(
        (domain, absence) -> {
          if (now.isBefore(absence.next())) {
            return absence;
          }
          due.add(absence.question());
          return absence.askedAt(now);
        });
    return due;
  }

  /** A question was answered, or not. */
  public void answered(Exchange exchange) {
    var call = KintoneHttp.callOf(exchange);
    if (isKintones(call.getAnswer())) {
      heard(call.request());
    }
  }

  /** Whether it comes from a Kintone that works, and not from a proxy before it. */
  private static boolean isKintones(Answer answer) {
    return answer instanceof Answer.Done
        || (answer instanceof Answer.Refused refused
            && ErrorCode.isKintones(refused.code())
            && !ErrorCode.isBusy(refused.code()));
  }
}
