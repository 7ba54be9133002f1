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
 * Who has logged in, until they log out, nobody has looked for half an hour, or half a day is over.
 * One that began with a password ends with the program. One that began with a link goes on when the
 * program is started again, since its link is used up.
 */
final class Sessions {
  static final Duration IDLE = Duration.ofMinutes(30);
  static final Duration LONGEST = Duration.ofHours(12);
  private static final int MOST = 1000;
  private static final int BYTES = 32;

  private final SecureRandom random = new SecureRandom();
  private final Clock clock;
  private final @Nullable KeptSessions kept;
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
   * @param nearby whether it began with a link and is for callers on this machine alone
   */
  record Session(Role role, boolean nearby, Instant begun, Instant seen) {
    /** Whether it is over at an instant. */
    boolean isOver(Instant now) {
      return now.isAfter(seen.plus(IDLE)) || now.isAfter(begun.plus(LONGEST));
    }
  }

  /**
   * Sessions of a page.
   *
   * @param kept those that began with a link; null: none do
   */
  Sessions(Clock clock, @Nullable KeptSessions kept) {
    this.clock = clock;
    this.kept = kept;
  }

  /**
   * Begins one.
   *
   * @param nearby whether it begins with a link and is for callers on this machine alone
   * @return the token that it is known by
   */
  synchronized String begin(Role role, boolean nearby) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Instant now = clock.instant();
    var session = new Session(role, nearby, now, now);
    sessions.put(token, session);
    if (nearby && kept != null) {
      kept.keep(token, session);
    }
    return token;
  }

  /**
   * What the session of a token, which is thereby seen, may do; null: there is none.
   *
   * @param near whether the caller is on this machine
   */
  synchronized @Nullable Role role(@Nullable String token, boolean near) {
    if (token == null) {
      return null;
    }
    var session = sessions.get(token);
    if (session == null && kept != null && near) {
      session = kept.find(token);
    }
    if (session == null || (session.nearby() && !near)) {
      return null;
    }
    Instant now = clock.instant();
    if (session.isOver(now)) {
      end(token);
      return null;
    }
    var seen = new Session(session.role(), session.nearby(), session.begun(), now);
    sessions.put(token, seen);
    if (session.nearby() && kept != null) {
      kept.seen(token, now);
    }
    return session.role();
  }

  synchronized void end(@Nullable String token) {
    if (token == null) {
      return;
    }
    sessions.remove(token);
    if (kept != null) {
      kept.forget(token);
    }
  }
}
