package dev.kintonesync.console.web;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who has logged in, until they log out, nobody has looked for half an hour, or half a day is over;
 * none outlives the program.
 */
final class Sessions {
  static final Duration IDLE = Duration.ofMinutes(30);
  static final Duration LONGEST = Duration.ofHours(12);
  private static final int MOST = 1000;
  private static final int BYTES = 32;

  private final SecureRandom random = new SecureRandom();
  private final Clock clock;
  private final Map<String, Session> sessions =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Session> eldest) {
          return size() > MOST;
        }
      };

  /**
   * One that goes on.
   *
   * @param nearby whether it is for callers on this machine alone
   */
  private record Session(Role role, boolean nearby, Instant begun, Instant seen) {}

  Sessions(Clock clock) {
    this.clock = clock;
  }

  /**
   * Begins one.
   *
   * @param nearby whether it is for callers on this machine alone
   * @return the token that it is known by
   */
  synchronized String begin(Role role, boolean nearby) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Instant now = clock.instant();
    sessions.put(token, new Session(role, nearby, now, now));
    return token;
  }

  /**
   * What the session of a token, which is thereby seen, may do; null: there is none.
   *
   * @param near whether the caller is on this machine
   */
  synchronized @Nullable Role role(@Nullable String token, boolean near) {
    var session = token == null ? null : sessions.get(token);
    if (token == null || session == null || (session.nearby() && !near)) {
      return null;
    }
    Instant now = clock.instant();
    if (now.isAfter(session.seen().plus(IDLE)) || now.isAfter(session.begun().plus(LONGEST))) {
      sessions.remove(token);
      return null;
    }
    sessions.put(token, new Session(session.role(), session.nearby(), session.begun(), now));
    return session.role();
  }

  synchronized void end(@Nullable String token) {
    sessions.remove(token);
  }
}
