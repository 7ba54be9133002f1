package dev.kintonesync.settings;

import dev.kintonesync.form.Assignment;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.Encoding;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a property's value is written, and what it is read as.
 *
 * @param <T> what it is read as
 * @param description what one writes, in a few words, for the reference document
 * @param secret whether the value may be neither shown nor written into application.properties
 * @param reader reads a value; throws {@link UserErrorException} saying what is wrong with it and
 *     what to write, without naming the place, and without the value where it may hold a secret
 */
public record ValueType<T>(String description, boolean secret, Function<String, T> reader) {

  /** Scheme and host of a Kintone domain. */
  static final ValueType<URI> BASE_URL = new ValueType<>("URL", false, ValueType::baseUrl);

  /** Scheme, host and port of an HTTP proxy. */
  static final ValueType<URI> PROXY = new ValueType<>("URL", false, ValueType::proxy);

  /** Scheme, host and perhaps port of the page. */
  static final ValueType<URI> PAGE_URL = new ValueType<>("URL", false, ValueType::pageUrl);

  /** Accepts any text. */
  static final ValueType<String> TEXT = new ValueType<>("text", false, Function.identity());

  /** Any text that nobody may see. */
  static final ValueType<String> PASSWORD = new ValueType<>("secret", true, Function.identity());

  /** API tokens, separated by commas. */
  static final ValueType<List<String>> TOKENS = new ValueType<>("secret", true, ValueType::tokens);

  /** The number by which Kintone knows an app or a guest space. */
  static final ValueType<String> ID = new ValueType<>("number", false, ValueType::id);

  /** An encoding by one of the names that users know. */
  static final ValueType<String> ENCODING = new ValueType<>("encoding", false, ValueType::encoding);

  /** A file or folder; a relative one lies below the home. */
  static final ValueType<Path> PATH = new ValueType<>("path", false, ValueType::path);

  /** From 1 ms to 168 h. */
  static final ValueType<Duration> DURATION =
      new ValueType<>("duration", false, ValueType::duration);

  /** Bytes, from 1 KB to 1 GB. */
  static final ValueType<Long> SIZE = new ValueType<>("size", false, ValueType::size);

  /** Bytes, from 1 KB to 1024 GB. */
  static final ValueType<Long> LARGE_SIZE = new ValueType<>("size", false, ValueType::largeSize);

  /** What fills which field, in the order written. */
  static final ValueType<List<Assignment>> MAP =
      new ValueType<>("COLUMN=FIELD, ...", false, MapReader::read);

  /** A port; 0 for any free one, {@link #NO_PORT} for off. */
  static final ValueType<Integer> PORT = new ValueType<>("port or off", false, ValueType::port);

  /** A value that means that no port is opened. */
  static final int NO_PORT = -1;

  /** Kintone takes nine tokens in one request. Source: "Authentication" of its API overview. */
  private static final int MOST_TOKENS = 9;

  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e&&[^,]]+");
  private static final Pattern TOKEN_SEPARATOR = Pattern.compile("\\s*,\\s*");
  private static final Pattern IDENTIFIER = Pattern.compile("[1-9][0-9]{0,18}");
  private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,9})\\s*([A-Za-z]+)");
  private static final Duration LONGEST = Duration.ofDays(7);
  private static final long LARGEST = 1L << 30;
  private static final int LAST_PORT = 65_535;
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

  /** A whole number within limits. */
  static ValueType<Integer> number(int least, int most) {
    return new ValueType<>(
        "number, " + least + " to " + most,
        false,
        value -> {
          if (value.matches("[0-9]{1,9}")) {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
              return number;
            }
          }
          throw new UserErrorException(MessageCode.NOT_A_NUMBER.with(value, least, most));
        });
  }

  /** Accepts {@code true} or {@code false}. */
  static ValueType<Boolean> yesOrNo() {
    return oneOf(List.of(true, false), String::valueOf);
  }

  /** One of a few words. */
  static ValueType<String> oneOf(String... words) {
    return oneOf(Arrays.asList(words), word -> word);
  }

  /** One of the constants of an enum, by its name in lower case. */
  static <E extends Enum<E>> ValueType<E> oneOf(Class<E> constants) {
    return oneOf(
        Arrays.asList(constants.getEnumConstants()),
        constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  private static <T> ValueType<T> oneOf(List<T> choices, Function<T, String> name) {
    String names = choices.stream().map(name).collect(Collectors.joining(", "));
    return new ValueType<>(
        "one of " + names,
        false,
        value ->
            choices.stream()
                .filter(choice -> name.apply(choice).equalsIgnoreCase(value))
                .findFirst()
                .orElseThrow(
                    () -> new UserErrorException(MessageCode.NOT_ONE_OF.with(value, names))));
  }

  private static URI baseUrl(String value) {
    URI url;
    try {
      url = new URI(value);
    } catch (URISyntaxException e) {
      // its message holds the value, and the value may hold a password
      throw new UserErrorException(MessageCode.URL_UNREADABLE.with());
    }
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    String host = url.getHost();
    if (host == null || !(scheme.equals("https") || scheme.equals("http"))) {
      throw new UserErrorException(MessageCode.URL_UNREADABLE.with());
    }
    if (url.getUserInfo() != null) {
      throw new UserErrorException(MessageCode.URL_WITH_PASSWORD.with());
    }
    String base = scheme + "://" + host + (url.getPort() < 0 ? "" : ":" + url.getPort());
    boolean bare = Set.of("", "/", "/k", "/k/").contains(url.getRawPath());
    if (!bare || url.getRawQuery() != null || url.getRawFragment() != null) {
      throw new UserErrorException(MessageCode.URL_WITH_PATH.with(base));
    }
    if (scheme.equals("http") && !LOOPBACK.contains(host.toLowerCase(Locale.ROOT))) {
      throw new UserErrorException(MessageCode.URL_IN_CLEAR.with("https://" + host));
    }
    return URI.create(base);
  }

  private static URI proxy(String value) {
    URI url;
    try {
      url = new URI(value);
    } catch (URISyntaxException e) {
      // its message holds the value, and the value may hold a password
      throw new UserErrorException(MessageCode.NOT_A_PROXY.with());
    }
    boolean http = "http".equalsIgnoreCase(url.getScheme());
    boolean bare = Set.of("", "/").contains(url.getRawPath() == null ? "" : url.getRawPath());
    if (!http || url.getHost() == null || url.getPort() < 0 || !bare || url.getUserInfo() != null) {
      throw new UserErrorException(MessageCode.NOT_A_PROXY.with());
    }
    return url;
  }

  private static URI pageUrl(String value) {
    URI url;
    try {
      url = new URI(value);
    } catch (URISyntaxException e) {
      throw new UserErrorException(MessageCode.NOT_A_PAGE_URL.with(), e);
    }
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    boolean bare = Set.of("", "/").contains(url.getRawPath() == null ? "" : url.getRawPath());
    boolean more = url.getRawQuery() != null || url.getRawFragment() != null;
    if (!Set.of("http", "https").contains(scheme)
        || url.getHost() == null
        || !bare
        || more
        || url.getUserInfo() != null) {
      throw new UserErrorException(MessageCode.NOT_A_PAGE_URL.with());
    }
    return url;
  }

  private static List<String> tokens(String value) {
    List<String> tokens = List.of(TOKEN_SEPARATOR.split(value, -1));
    if (!tokens.stream().allMatch(token -> TOKEN.matcher(token).matches())) {
      throw new UserErrorException(MessageCode.NOT_TOKENS.with());
    }
    if (tokens.size() > MOST_TOKENS) {
      throw new UserErrorException(MessageCode.TOO_MANY_TOKENS.with(tokens.size(), MOST_TOKENS));
    }
    return tokens;
  }

  private static String id(String value) {
    if (!IDENTIFIER.matcher(value).matches()) {
      throw new UserErrorException(MessageCode.NOT_AN_ID.with(value));
    }
    return value;
  }

  private static String encoding(String value) {
    Encoding.named(value);
    return value;
  }

  private static Path path(String value) {
    try {
      return Path.of(value);
    } catch (InvalidPathException e) {
      throw new UserErrorException(MessageCode.NOT_A_PATH.with(value, e.getReason()), e);
    }
  }

  private static Duration duration(String value) {
    Matcher amount = AMOUNT.matcher(value);
    if (amount.matches()) {
      long number = Long.parseLong(amount.group(1));
      Duration duration =
          switch (amount.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ZERO;
          };
      if (duration.compareTo(Duration.ZERO) > 0 && duration.compareTo(LONGEST) <= 0) {
        return duration;
      }
    }
    throw new UserErrorException(MessageCode.NOT_A_DURATION.with(value));
  }

  private static Integer port(String value) {
    if (value.equalsIgnoreCase("off")) {
      return NO_PORT;
    }
    if (value.matches("[0-9]{1,5}") && Integer.parseInt(value) <= LAST_PORT) {
      return Integer.parseInt(value);
    }
    throw new UserErrorException(MessageCode.NOT_A_PORT.with(value));
  }

  private static Long size(String value) {
    return size(value, LARGEST, MessageCode.NOT_A_SIZE);
  }

  private static Long largeSize(String value) {
    return size(value, LARGEST << 10, MessageCode.NOT_A_LARGE_SIZE);
  }

  private static Long size(String value, long largest, MessageCode refused) {
    Matcher amount = AMOUNT.matcher(value);
    if (amount.matches()) {
      int shift =
          switch (amount.group(2).toUpperCase(Locale.ROOT)) {
            case "KB" -> 10;
            case "MB" -> 20;
            case "GB" -> 30;
            default -> -1;
          };
      long number = Long.parseLong(amount.group(1));
      if (shift > 0 && number > 0 && number <= largest >> shift) {
        return number << shift;
      }
    }
    throw new UserErrorException(refused.with(value));
  }
}
