package dev.kintonesync.console.web;

import dev.kintonesync.console.web.Passwords.Outcome;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask for what. Without a password the page is for this machine alone, and only shows. With
 * one, everything asks for it: people log in and have a session, programs give it with each
 * request. To set up asks for a password of its own, or for a link that was made in the home of the
 * program and is used on this machine. A foreign page can neither read what is here nor change it,
 * whatever its name resolves to.
 */
final class Authenticator {
  private static final Pattern THIS_MACHINE =
      Pattern.compile("(?:127\\.0\\.0\\.1|localhost|\\[::1])(?::[0-9]{1,5})?");

  /** The header that pages of others cannot send. */
  static final String OURS = "X-Kintone-Sync";

  private static final String BASIC = "Basic ";

  private final Passwords passwords;
  private final @Nullable SetupLinks links;
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
   * @param role what who is welcome may do
   * @param pause how long no password of this caller is looked at
   */
  record Judgement(Verdict verdict, Role role, Duration pause) {
    private static Judgement of(Verdict verdict) {
      return new Judgement(verdict, Role.LOOK, Duration.ZERO);
    }

    private static Judgement welcome(Role role) {
      return new Judgement(Verdict.WELCOME, role, Duration.ZERO);
    }

    private static Judgement of(Outcome outcome) {
      if (outcome.role() != null) {
        return welcome(outcome.role());
      }
      return outcome.pause().isZero()
          ? of(Verdict.ASKED_FOR_THE_PASSWORD)
          : new Judgement(Verdict.SLOWED_DOWN, Role.LOOK, outcome.pause());
    }

    /** Returns it for a request that asks for a role. */
    Judgement asking(Role wanted) {
      boolean enough = verdict != Verdict.WELCOME || role.includes(wanted);
      return enough ? this : of(Verdict.FORBIDDEN);
    }
  }

  /**
   * The callers of a page.
   *
   * @param password null: none
   * @param setupPassword of those who may set up; null: none
   * @param links those who may set up; null: there is nothing to set up here
   */
  Authenticator(
      @Nullable String password,
      @Nullable String setupPassword,
      @Nullable SetupLinks links,
      Clock clock) {
    var all = new EnumMap<Role, String>(Role.class);
    if (password != null) {
      all.put(Role.WORK, password);
    }
    if (setupPassword != null) {
      all.put(Role.SETUP, setupPassword);
    }
    this.passwords = new Passwords(all, clock);
    this.links = links;
    this.sessions = new Sessions(clock, links == null ? null : links.sessions());
  }

  /** Whether a request may not even ask: led here under a foreign name, or by a foreign page. */
  boolean isForeign(PageRequest asked) {
    String host = asked.header("Host");
    return host == null
        || (!passwords.has(Role.WORK) && !isThisMachine(host))
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
    return asked.header(OURS) != null;
  }

  /**
   * Judges a request that is not foreign.
   *
   * @param session the token of a session, if it has one
   */
  Judgement judge(PageRequest asked, @Nullable String session) {
    Role open = role(asked, session);
    if (open != null) {
      return Judgement.welcome(open);
    }
    boolean everybodyLooks = !passwords.has(Role.WORK);
    String given = password(asked.header("Authorization"));
    if (given == null || (everybodyLooks && !passwords.has(Role.SETUP))) {
      return everybodyLooks
          ? Judgement.welcome(Role.LOOK)
          : Judgement.of(Verdict.ASKED_FOR_THE_PASSWORD);
    }
    return Judgement.of(passwords.look(asked.from(), given));
  }

  /** What the session of a request may do; null: it has none that is open. */
  @Nullable Role role(PageRequest asked, @Nullable String session) {
    return sessions.role(session, isNear(asked));
  }

  /** Judges a request that gives the password to log in. */
  Judgement judgeLogin(PageRequest asked) {
    return passwords.has(Role.WORK) || passwords.has(Role.SETUP)
        ? Judgement.of(passwords.look(asked.from(), asked.body()))
        : Judgement.of(Verdict.FORBIDDEN);
  }

  /**
   * Begins the session of a link that leads into the setup.
   *
   * @return its token; null when the link does not hold here: it was used, its time is over, or
   *     somebody elsewhere has it
   */
  @Nullable String enter(PageRequest asked) {
    String host = asked.header("Host");
    boolean holds =
        links != null
            && host != null
            && isThisMachine(host)
            && isNear(asked)
            && links.use(asked.of("link"));
    return holds ? sessions.begin(Role.SETUP, true) : null;
  }

  /** Whether a password lets somebody set up. */
  boolean hasSetupPassword() {
    return passwords.has(Role.SETUP);
  }

  private static boolean isNear(PageRequest asked) {
    try {
      return InetAddress.getByName(asked.from()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
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
