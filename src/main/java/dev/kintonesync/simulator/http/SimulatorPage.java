package dev.kintonesync.simulator.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import dev.kintonesync.simulator.rules.Language;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The page at {@code /simulator/}: files of the jar, the words of one language filled into them.
 * What it shows it asks for itself, see {@link DomainOverview}. Only a browser on this machine that
 * names this machine may ask: a foreign page can neither read what is here nor change it.
 */
final class SimulatorPage {
  private static final String FOLDER = "/dev/kintonesync/simulator/page/";
  private static final Map<String, String> FILES =
      Map.of(
          "page.css", "text/css;charset=utf-8",
          "page.js", "text/javascript;charset=utf-8",
          "values.js", "text/javascript;charset=utf-8",
          "form.js", "text/javascript;charset=utf-8",
          "icon.svg", "image/svg+xml");
  private static final Pattern GAP = Pattern.compile("\\{\\{([a-z-]+)}}");
  private static final Pattern THIS_MACHINE =
      Pattern.compile("(?:127\\.0\\.0\\.1|localhost|\\[::1])(?::[0-9]{1,5})?");

  /** What a browser may do with any answer below {@code /simulator/}. */
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
              + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cache-Control",
          "no-store");

  private SimulatorPage() {}

  /** The page in a language. */
  static Reply in(Language language) {
    String name = language.name().toLowerCase(Locale.ROOT);
    Properties words = words(name);
    words.setProperty("lang", name);
    String filled =
        GAP.matcher(new String(file("index.html"), StandardCharsets.UTF_8))
            .replaceAll(gap -> Matcher.quoteReplacement(words.getProperty(gap.group(1))));
    return reply("text/html;charset=utf-8", filled.getBytes(StandardCharsets.UTF_8));
  }

  /** One of the files that the page loads, or null. */
  static @Nullable Reply part(String name) {
    String type = FILES.get(name);
    return type == null ? null : reply(type, file(name));
  }

  /** Leads to the page. */
  static Reply elsewhere() {
    return Reply.html(302, "Found").with(Map.of("Location", "/simulator/"));
  }

  /** Whether a request was sent by a browser in the name of a foreign page, or under its name. */
  static boolean isForeign(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    String method = exchange.getRequestMethod();
    String scheme = exchange instanceof HttpsExchange ? "https://" : "http://";
    String origin = headers.getFirst("Origin");
    boolean reads = method.equals("GET") || method.equals("HEAD");
    return !namesThisMachine(headers)
        || (!reads && origin != null && !origin.equals(scheme + headers.getFirst("Host")));
  }

  /** Whether a browser was led here under a foreign name, so that a foreign page reads answers. */
  static boolean isMisled(Headers headers) {
    return headers.containsKey("Sec-Fetch-Site") && !namesThisMachine(headers);
  }

  private static boolean namesThisMachine(Headers headers) {
    String host = headers.getFirst("Host");
    return host != null && THIS_MACHINE.matcher(host.toLowerCase(Locale.ROOT)).matches();
  }

  /** An answer that only this page may use. */
  static Reply guarded(Reply reply) {
    Map<String, String> headers = new HashMap<>(HEADERS);
    headers.putAll(reply.headers());
    return reply.with(headers);
  }

  private static Reply reply(String type, byte[] content) {
    return new Reply(200, type, content, Map.of());
  }

  private static Properties words(String language) {
    Properties words = new Properties();
    try (InputStreamReader reader =
        new InputStreamReader(open("words_" + language + ".properties"), StandardCharsets.UTF_8)) {
      words.load(reader);
      return words;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] file(String name) {
    try (InputStream content = open(name)) {
      return content.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String name) throws IOException {
    InputStream content = SimulatorPage.class.getResourceAsStream(FOLDER + name);
    if (content == null) {
      throw new IOException("the jar lacks " + name);
    }
    return content;
  }
}
