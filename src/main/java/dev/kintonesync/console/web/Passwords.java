package dev.kintonesync.console.web;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the passwords that callers give, and the more slowly the more of them are wrong: after
 * some wrong ones from an address, and after many from everywhere, none is looked at for a while. A
 * program that repeats the same wrong one guesses nothing, and so does not lock out others behind
 * its address. No thread waits for anything.
 */
final class Passwords {
  static final int FREE = 5;
  static final int MOST_A_MINUTE = 60;
  static final int MOST_ADDRESSES = 10_000;

  private static final Logger log = LoggerFactory.getLogger(Passwords.class);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final Duration FORGOTTEN = Duration.ofHours(1);
  private static final int PREFIX_OF_IPV6 = 8;

  private static final int SHORTEST = 12;
  private static final int SHORTEST_ON_THIS_MACHINE = 8;
  private static final int FEWEST_DIFFERENT = 5;

  /** Of the sample in application.properties, which everybody knows. */
  private static final String SAMPLE = "your-page-password";

  private final Map<Role, byte[]> passwords = new EnumMap<>(Role.class);
  private final Clock clock;
  private final Map<String, Wrong> wrong = new Recent<>();
  private final Map<String, Boolean> known = new Recent<>();
  private Instant windowEnds = Instant.MIN;
  private int inWindow;
  private Instant toldOfAll = Instant.MIN;

  /**
   * The wrong passwords of an address: how many, the last one, and until when none is looked at.
   */
  private static final class Wrong {
    private int count;
    private byte[] last = new byte[0];
    private Instant at = Instant.MIN;
    private Instant until = Instant.MIN;
  }

  /** Keeps the entries that were used last, so that many addresses take no more memory. */
  private static final class Recent<V> extends LinkedHashMap<String, V> {
    private static final long serialVersionUID = 1;

    Recent() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
      return size() > MOST_ADDRESSES;
    }
  }

  /**
   * What becomes of a password.
   *
   * @param role what who knows it may do; null: it is none of ours
   * @param pause not zero: it was not looked at, and will not be for so long
   */
  record Outcome(@Nullable Role role, Duration pause) {
    /** Whether it is one of ours. */
    boolean right() {
      return role != null;
    }
  }

  /** The guard of the passwords of roles. */
  Passwords(Map<Role, String> passwords, Clock clock) {
    passwords.forEach((role, password) -> this.passwords.put(role, digest(password)));
    this.clock = clock;
  }

  /** Whether a role has a password. */
  boolean has(Role role) {
    return passwords.containsKey(role);
  }

  /**
   * Refuses a password that is guessed too easily.
   *
   * @param address where the page is to listen; one that this machine alone reaches asks for less
   * @param property which one it is
   */
  static void check(String address, String property, String password) {
    int shortest = isThisMachine(address) ? SHORTEST_ON_THIS_MACHINE : SHORTEST;
    if (password.codePointCount(0, password.length()) < shortest
        || password.codePoints().distinct().count() < FEWEST_DIFFERENT
        || password.equals(SAMPLE)) {
      throw new UserErrorException(
          MessageCode.PAGE_PASSWORD_WEAK.with(address, shortest, FEWEST_DIFFERENT, property));
    }
  }

  private static boolean isThisMachine(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /**
   * Looks at a password, unless there is a pause for its address.
   *
   * @param from the address of the caller, in figures
   */
  synchronized Outcome look(String from, String given) {
    String network = network(from);
    Instant now = clock.instant();
    var before = wrong.get(network);
    if (before != null && now.isAfter(before.at.plus(FORGOTTEN))) {
      wrong.remove(network);
      before = null;
    }
    if (before != null && now.isBefore(before.until)) {
      return new Outcome(null, Duration.between(now, before.until));
    }
    if (now.isAfter(windowEnds)) {
      windowEnds = now.plus(WINDOW);
      inWindow = 0;
    }
    if (inWindow >= MOST_A_MINUTE && known.get(network) == null) {
      return new Outcome(null, Duration.between(now, windowEnds).plusSeconds(1));
    }
    byte[] digest = digest(given);
    Role role = null;
    for (var password : passwords.entrySet()) {
      role = MessageDigest.isEqual(digest, password.getValue()) ? password.getKey() : role;
    }
    if (role != null) {
      known.put(network, true);
      return new Outcome(role, Duration.ZERO);
    }
    if (before == null || !Arrays.equals(digest, before.last)) {
      count(network, digest, now);
    }
    return new Outcome(null, Duration.ZERO);
  }

  private void count(String network, byte[] digest, Instant now) {
    var entry = wrong.computeIfAbsent(network, first -> new Wrong());
    entry.count++;
    entry.last = digest;
    entry.at = now;
    if (entry.count >= FREE) {
      var pause = Duration.ofSeconds(1L << Math.min(entry.count - FREE, 10));
      entry.until = now.plus(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
    }
    if (entry.count == FREE) {
      log.warn("{} wrong passwords of the page from {}: slowed down", FREE, network);
    }
    inWindow++;
    if (inWindow == MOST_A_MINUTE && now.isAfter(toldOfAll.plus(FORGOTTEN))) {
      toldOfAll = now;
      log.warn("{} wrong passwords of the page in a minute: all are slowed down", MOST_A_MINUTE);
    }
  }

  /** Who has an address of IPv6 has a whole network of them. */
  private static String network(String from) {
    try {
      var address = InetAddress.getByName(from);
      return address instanceof Inet6Address
          ? InetAddress.getByAddress(
                      Arrays.copyOf(
                          Arrays.copyOf(address.getAddress(), PREFIX_OF_IPV6), 2 * PREFIX_OF_IPV6))
                  .getHostAddress()
              + "/64"
          : address.getHostAddress();
    } catch (UnknownHostException e) {
      return from;
    }
  }

  /** Of equal length for all passwords, so that comparing takes equally long. */
  private static byte[] digest(String password) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(password.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
