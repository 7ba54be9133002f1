package dev.kintonesync.console.web;

import dev.kintonesync.console.web.Passwords.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask for what. Without a password the page is for this machine alone, and only shows. With
 * one, everything asks for it: people log in and have a session, programs give it with each
 * request. A foreign page can neither read what is here nor change it, whatever its name resolves
 * to.
 */
final class Authenticator {
  private static final Pattern THIS_MACHINE =
      Pattern.compile("(?:127\\.0\\.0\\.1|localhost|\\[::1])(?::[0-9]{1,5})?");
  private static final String BASIC = "Basic ";

  private final @Nullable Passwords passwords;
  private final Sessions sessions;

  /** What becomes of a request. */
  enum Verdict {
    WELCOME,
    FORBIDDEN,
    ASKED_FOR_THE_PASSWORD,
    /** Its password was not even looked at. */
    SLOWED_DOWN
  }

  /**
   * What becomes of a request.
   *
   * @param pause how long no password of this caller is looked at
   */
  record Judgement(Verdict verdict, Duration pause) {
    private static Judgement of(Verdict verdict) {
      return new Judgement(verdict, Duration.ZERO);
    }

    private static Judgement of(Outcome outcome) {
      if (outcome.right()) {
        return of(Verdict.WELCOME);
      }
      return outcome.pause().isZero()
          ? of(Verdict.ASKED_FOR_THE_PASSWORD)
          : new Judgement(Verdict.SLOWED_DOWN, outcome.pause());
    }
  }

  /**
   * The callers of a page.
   *
   * @param password null: none
   */
  Authenticator(@Nullable String password, Clock clock) {
    this.passwords = password == null ? null : new Passwords(password, clock);
    this.sessions = new Sessions(clock);
  }

  /** Whether a request may not even ask: led here under a foreign name, or by a foreign page. */
  boolean isForeign(PageRequest asked) {
    String host = asked.header("Host");
    return host == null
        || (passwords == null && (asked.changes() || !isThisMachine(host)))
        || (asked.changes() && !isOwn(host, asked));
  }

  private static boolean isThisMachine(String host) {
    return THIS_MACHINE.matcher(host.toLowerCase(Locale.ROOT)).matches();
  }

  /**
   * A browser says from which page a request comes, of pages with TLS in a word of its own; other
   * programs send our header by will.
   */
  private static boolean isOwn(String host, PageRequest asked) {
    String site = asked.header("Sec-Fetch-Site");
    String origin = asked.header("Origin");
    boolean same =
        site != null
            ? site.equals("same-origin")
            : origin == null || origin.equals("http://" + host) || origin.equals("https://" + host);
    return same && isOfAProgram(asked);
  }

  /** Whether it is sent by the script of the page, or by another program that knows us. */
  static boolean isOfAProgram(PageRequest asked) {
    return asked.header("X-Kintone-Sync") != null;
  }

  /**
   * Judges a request that is not foreign.
   *
   * @param session the token of a session, if it has one
   */
  Judgement judge(PageRequest asked, @Nullable String session) {
    if (passwords == null || sessions.isOpen(session)) {
      return Judgement.of(Verdict.WELCOME);
    }
    String given = password(asked.header("Authorization"));
    return given == null
        ? Judgement.of(Verdict.ASKED_FOR_THE_PASSWORD)
        : Judgement.of(passwords.look(asked.from(), given));
  }

  /** Judges a request that gives the password to log in. */
  Judgement judgeLogin(PageRequest asked) {
    return passwords == null
        ? Judgement.of(Verdict.FORBIDDEN)
        : Judgement.of(passwords.look(asked.from(), asked.body()));
  }

  /** Those who have logged in. */
  Sessions sessions() {
    return sessions;
  }

  /** The password that a program gives; the user name is free. Null: none that can be read. */
  private static @Nullable String password(@Nullable String authorization) {
    if (authorization == null || !authorization.startsWith(BASIC)) {
      return null;
    }
    try {
      byte[] pair = Base64.getDecoder().decode(authorization.substring(BASIC.length()).strip());
      String said = new String(pair, StandardCharsets.UTF_8);
      return said.substring(said.indexOf(':') + 1);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
