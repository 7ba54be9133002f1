package dev.kintonesync.settings;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.Overlap;
import dev.kintonesync.source.file.DoneFile;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** How the properties of a source that is polled are written. */
final class SourceValues {
  /** Where a database or an HTTP API answers. */
  static final ValueType<String> URL =
      new ValueType<>("JDBC URL or URL of an API", false, SourceValues::url);

  /** Where a registry of schemas answers: what stands before the paths of its API. */
  static final ValueType<URI> REGISTRY_URL =
      new ValueType<>("URL of an API", false, SourceValues::registryUrl);

  /** Where a shared journal is. */
  static final ValueType<String> JOURNAL_URL =
      new ValueType<>("JDBC URL", false, SourceValues::journalUrl);

  /** How long a lease holds of which nothing is heard. */
  static final ValueType<Duration> LEASE = new ValueType<>("duration", false, SourceValues::lease);

  /** The name of a parameter of a URL. */
  static final ValueType<String> PARAMETER =
      new ValueType<>("name", false, value -> named(value, "[^\\s&=?#]+"));

  /** The name of an HTTP header. Source: RFC 9110, "token". */
  static final ValueType<String> HEADER_NAME =
      new ValueType<>("name", false, value -> named(value, "[!#$%&'*+.^_`|~0-9A-Za-z-]+"));

  /** The name of the file that says that another one is complete. */
  static final ValueType<DoneFile> DONE_FILE =
      new ValueType<>("file name with NAME", false, SourceValues::doneFile);

  /** How far behind its checkpoint a poll begins. */
  static final ValueType<Overlap> OVERLAP =
      new ValueType<>("duration or number", false, SourceValues::overlap);

  /** Hosts, some of them with a port. */
  static final ValueType<Set<String>> HOSTS = new ValueType<>("hosts", false, SourceValues::hosts);

  private static final Pattern NO_TIME = Pattern.compile("0+\\s*(ms|s|m|h)");
  private static final Pattern HOST =
      Pattern.compile("(?:[\\w.-]+|\\[[0-9a-f:.]+])(?::[0-9]{1,5})?");
  private static final Pattern SECRET =
      Pattern.compile("(?i).*[?;&]([\\w-]*(password|pwd|passphrase|secret|token))=.*");
  private static final Pattern API_SECRET =
      Pattern.compile("(?i).*[?&]([\\w-]*(api[_-]?key|apikey|access[_-]?key|signature|auth))=.*");
  private static final Pattern LOGIN = Pattern.compile("jdbc:[^/]*//[^/?;]*@.*");

  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(5);
  private static final Duration LONGEST_LEASE = Duration.ofMinutes(5);

  private SourceValues() {}

  private static String named(String value, String pattern) {
    if (!value.matches(pattern)) {
      throw new UserErrorException(MessageCode.NOT_A_NAME.with(value));
    }
    return value;
  }

  private static DoneFile doneFile(String value) {
    int at = value.indexOf(DoneFile.NAME);
    if (at < 0
        || value.equals(DoneFile.NAME)
        || value.indexOf(DoneFile.NAME, at + 1) >= 0
        || value.matches(".*[/\\\\].*")) {
      throw new UserErrorException(MessageCode.NOT_A_DONE_FILE.with(value));
    }
    return new DoneFile(value);
  }

  private static Duration lease(String value) {
    Duration lease = ValueType.DURATION.reader().apply(value);
    if (lease.compareTo(SHORTEST_LEASE) < 0 || lease.compareTo(LONGEST_LEASE) > 0) {
      throw new UserErrorException(MessageCode.NOT_A_LEASE.with(value));
    }
    return lease;
  }

  private static URI registryUrl(String value) {
    if (!value.matches("(?i)https?://[^?]*")) {
      throw new UserErrorException(MessageCode.NOT_A_REGISTRY_URL.with());
    }
    return URI.create(webUrl(value).replaceAll("/+$", ""));
  }

  private static String journalUrl(String value) {
    if (!value.startsWith("jdbc:postgresql:")) {
      throw new UserErrorException(MessageCode.NOT_A_JOURNAL_URL.with());
    }
    return url(value);
  }

  private static String url(String value) {
    // none of them says the value, which may hold a password
    if (value.matches("(?i)https?://.*")) {
      return webUrl(value);
    }
    if (!value.startsWith("jdbc:")) {
      throw new UserErrorException(MessageCode.NOT_A_SOURCE_URL.with());
    }
    if (SECRET.matcher(value).matches() || LOGIN.matcher(value).matches()) {
      throw new UserErrorException(MessageCode.JDBC_URL_WITH_PASSWORD.with());
    }
    return value;
  }

  private static String webUrl(String value) {
    URI url;
    try {
      url = new URI(value);
    } catch (URISyntaxException e) {
      throw new UserErrorException(
          MessageCode.NOT_A_SOURCE_URL.with()); // its message holds the value
    }
    if (url.getHost() == null || url.getRawFragment() != null) {
      throw new UserErrorException(MessageCode.NOT_A_SOURCE_URL.with());
    }
    if (url.getRawUserInfo() != null) {
      throw new UserErrorException(MessageCode.JDBC_URL_WITH_PASSWORD.with());
    }
    if (SECRET.matcher(value).matches() || API_SECRET.matcher(value).matches()) {
      throw new UserErrorException(MessageCode.API_URL_WITH_SECRET.with());
    }
    return value;
  }

  private static Set<String> hosts(String value) {
    var hosts = new LinkedHashSet<String>();
    for (String part : value.split(",", -1)) {
      String host = part.strip().toLowerCase(Locale.ROOT);
      if (!HOST.matcher(host).matches()) {
        throw new UserErrorException(MessageCode.NOT_A_HOST.with(part.strip()));
      }
      hosts.add(host);
    }
    return Collections.unmodifiableSet(hosts);
  }

  /** Nothing is the same in every unit. */
  private static Overlap overlap(String value) {
    if (value.matches("[0-9]{1,18}")) {
      long numbers = Long.parseLong(value);
      return new Overlap(numbers == 0 ? Duration.ZERO : null, numbers);
    }
    if (NO_TIME.matcher(value).matches()) {
      return new Overlap(Duration.ZERO, 0L);
    }
    return new Overlap(ValueType.DURATION.reader().apply(value), null);
  }
}
