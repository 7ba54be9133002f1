package dev.kintonesync.console;

import dev.kintonesync.message.Catalogue;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of the page: those of the jar, with the words of one language filled in. What the page
 * shows it asks for itself, see {@link Views}.
 */
final class Page {
  private static final String FOLDER = "/dev/kintonesync/console/page/";
  private static final Map<String, String> PARTS =
      Map.of(
          "/page.css", "text/css;charset=utf-8",
          "/page.js", "text/javascript;charset=utf-8",
          "/icon.svg", "image/svg+xml");
  private static final Pattern GAP = Pattern.compile("\\{\\{([a-z-]+)}}");

  private Page() {}

  /** The page in a language. */
  static Answer in(Catalogue catalogue) {
    Properties words = words(catalogue.language());
    words.setProperty("lang", catalogue.language());
    String filled =
        GAP.matcher(new String(file("index.html"), StandardCharsets.UTF_8))
            .replaceAll(gap -> Matcher.quoteReplacement(words.getProperty(gap.group(1))));
    return Answer.of("text/html;charset=utf-8", filled.getBytes(StandardCharsets.UTF_8));
  }

  /** One of the files that the page loads. */
  static Optional<Answer> part(String path) {
    return Optional.ofNullable(PARTS.get(path))
        .map(type -> Answer.of(type, file(path.substring(1))));
  }

  private static Properties words(String language) {
    Properties words = new Properties();
    try (var reader =
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
    InputStream content = Page.class.getResourceAsStream(FOLDER + name);
    if (content == null) {
      throw new IOException("the jar lacks " + name);
    }
    return content;
  }
}
