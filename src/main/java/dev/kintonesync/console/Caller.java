package dev.kintonesync.console;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask for what. Without a password the page is for this machine alone, and only shows. With
 * one, everything asks for it. A foreign page can neither read what is here nor change it, whatever
 * its name resolves to.
 *
 * @param password null: none
 */
record Caller(@Nullable String password) {
  private static final Pattern THIS_MACHINE =
      Pattern.compile("(?:127\\.0\\.0\\.1|localhost|\\[::1])(?::[0-9]{1,5})?");
  private static final String BASIC = "Basic ";

  /** What becomes of a request. */
  enum Verdict {
    WELCOME,
    FORBIDDEN,
    ASKED_FOR_THE_PASSWORD
  }

  /**
   * Judges a request.
   *
   * @param changes whether it would change something
   * @param host under which name and port it was sent here
   * @param headers the value of a header, or null
   */
  Verdict judge(
      boolean changes, @Nullable String host, Function<String, @Nullable String> headers) {
    if (host == null || (password == null && !isThisMachine(host))) {
      return Verdict.FORBIDDEN; // led here under a name of the attacker's
    }
    if (changes && !isOwn(host, headers)) {
      return Verdict.FORBIDDEN;
    }
    if (password == null) {
      return changes ? Verdict.FORBIDDEN : Verdict.WELCOME;
    }
    return knows(password, headers.apply("Authorization"))
        ? Verdict.WELCOME
        : Verdict.ASKED_FOR_THE_PASSWORD;
  }

  private static boolean isThisMachine(String host) {
    return THIS_MACHINE.matcher(host.toLowerCase(Locale.ROOT)).matches();
  }

  /** A browser says from which page a request comes; other programs send our header by will. */
  private static boolean isOwn(String host, Function<String, @Nullable String> headers) {
    String origin = headers.apply("Origin");
    boolean same =
        origin == null || origin.equals("http://" + host) || origin.equals("https://" + host);
    String site = headers.apply("Sec-Fetch-Site");
    return same
        && (site == null || site.equals("same-origin"))
        && headers.apply("X-Kintone-Sync") != null;
  }

  /** The user name is free: there is one password. */
  private static boolean knows(String password, @Nullable String authorization) {
    if (authorization == null || !authorization.startsWith(BASIC)) {
      return false;
    }
    try {
      byte[] pair = Base64.getDecoder().decode(authorization.substring(BASIC.length()).strip());
      String said = new String(pair, StandardCharsets.UTF_8);
      String given = said.substring(said.indexOf(':') + 1);
      return MessageDigest.isEqual(
          given.getBytes(StandardCharsets.UTF_8), password.getBytes(StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
