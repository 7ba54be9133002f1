package dev.kintonesync.source.api;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Addresses of pages: parameters put in, links followed. */
public final class Address {
  private Address() {}

  /** The address with a parameter set, in the place of those of its name. */
  static URI with(URI address, String name, String value) {
    String own = encoded(name) + "=";
    String query = address.getRawQuery();
    var pairs =
        Stream.concat(
            Stream.ofNullable(query)
                .flatMap(text -> Arrays.stream(text.split("&")))
                .filter(pair -> !pair.isEmpty() && !pair.startsWith(own)),
            Stream.of(own + encoded(value)));
    return URI.create(bare(address.toString()) + "?" + pairs.collect(Collectors.joining("&")));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** An address without its parameters. */
  public static String bare(String address) {
    int end = 0;
    while (end < address.length() && address.charAt(end) != '?' && address.charAt(end) != '#') {
      end++;
    }
    return address.substring(0, end);
  }

  /** Whether a cursor is an address itself. A slash alone may also begin a cursor in Base64. */
  static boolean isOne(String cursor) {
    return cursor.startsWith("?")
        || (cursor.startsWith("/") && cursor.indexOf('?') > 0)
        || cursor.regionMatches(true, 0, "http://", 0, 7)
        || cursor.regionMatches(true, 0, "https://", 0, 8);
  }

  /** The address that a link on a page leads to; null when it leads to no page of the web. */
  public static @Nullable URI resolved(URI page, String link) {
    try {
      // URI.resolve would take the last part of the path away
      URI target =
          link.startsWith("?")
              ? new URI(bare(page.toString()) + link)
              : page.resolve(new URI(link));
      return isWeb(target) ? target : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static boolean isWeb(URI address) {
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    return address.getHost() != null && (scheme.equals("http") || scheme.equals("https"));
  }

  /** Whether two addresses lie at one place: scheme, host and port. */
  public static boolean sameOrigin(URI one, URI other) {
    return origin(one).equals(origin(other));
  }

  private static String origin(URI address) {
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    int usual = scheme.equals("https") ? 443 : 80;
    int port = address.getPort() < 0 ? usual : address.getPort();
    return scheme
        + "://"
        + Objects.toString(address.getHost(), "").toLowerCase(Locale.ROOT)
        + ":"
        + port;
  }
}
