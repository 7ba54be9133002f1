package dev.kintonesync.camel.kintone;

import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.KintoneRequest;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Knows the domains that the header {@code X-HTTP-Method-Override} does not get through to, because
 * of a proxy before them or an emulator in their place. Requests that need it go there by their own
 * method, with the parameters in the address, until an hour has passed: the proxy may let the
 * header through by then. Safe for several threads.
 */
final class LostOverrides {
  /** Servers and proxies take addresses of 8,000 characters; the rest of it is far below 1,000. */
  private static final int LONGEST_QUERY = 7_000;

  private static final Duration BELIEVED = Duration.ofHours(1);

  private final Map<URI, Instant> domains = new ConcurrentHashMap<>();
  private final Clock clock;

  LostOverrides(Clock clock) {
    this.clock = clock;
  }

  /** Whether the parameters of a request go into its address. */
  boolean isAddressed(KintoneRequest request) {
    return request.isAddressed()
        || (request.isOverridden()
            && isLost(request.connection().baseUrl())
            && (request.keys() > 1 || fits(request)));
  }

  private boolean isLost(URI domain) {
    Instant since = domains.get(domain);
    return since != null && clock.instant().isBefore(since.plus(BELIEVED));
  }

  private static boolean fits(KintoneRequest request) {
    return request.query().length() <= LONGEST_QUERY;
  }

  /**
   * Learns from the answer to a request.
   *
   * @param addressed whether its parameters were in its address
   * @return whether it was refused for want of the header only, and is to be sent once more
   */
  boolean learn(KintoneRequest request, boolean addressed, Answer answer) {
    if (!(answer instanceof Answer.Refused refused) || !refused.isOverrideLost(request)) {
      return false;
    }
    URI domain = request.connection().baseUrl();
    if (addressed) {
      domains.remove(domain); // it was not the header
      return false;
    }
    if (request.keys() <= 1 && !fits(request)) {
      return false;
    }
    domains.put(domain, clock.instant());
    return true;
  }

  /**
   * What comes of a key lookup in place of an answer where the keys are too long for an address:
   * the refusal of a proxy that is asked for too much, after which fewer keys are asked for.
   */
  Answer.@Nullable Refused tooLong(KintoneRequest request) {
    return isAddressed(request) && !request.isAddressed() && !fits(request)
        ? new Answer.Refused(414, "HTTP_414", "HTTP 414", Map.of(), 0)
        : null;
  }
}
