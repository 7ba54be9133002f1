package dev.kintonesync.console.web;

import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.UserMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The files of the page: those of the jar, with the words of one language filled in. What the page
 * shows it asks for itself, see {@link PageViews}.
 */
final class PageFiles {
  private static final String FOLDER = "/dev/kintonesync/console/page/";
  private static final String SCRIPT = "text/javascript;charset=utf-8";
  private static final Map<String, String> PARTS_OF_LOGIN =
      Map.of(
          "/page.css", "text/css;charset=utf-8",
          "/login.js", SCRIPT,
          "/icon.svg", "image/svg+xml");

  /** What the page loads has such a name; anything else is no file of it. */
  private static final Pattern PART = Pattern.compile("/([a-z-]+\\.(js|css|svg))");

  private static final Map<String, String> TYPES =
      Map.of("js", SCRIPT, "css", "text/css;charset=utf-8", "svg", "image/svg+xml");
  private static final Pattern GAP = Pattern.compile("\\{\\{([a-z0-9-]+)}}");

  private static final Pattern CONTROL = Pattern.compile(" name=\"([a-z.-]+)\"");

  /** What the page of the setup sets without a control of that name. */
  private static final Set<String> OTHERWISE_SET = Set.of("map", "write");

  private PageFiles() {}

  /** Whether the page of the setup has a control for a property of a job. */
  static boolean isOfSetup(String property) {
    return OTHERWISE_SET.contains(property) || SetupControls.NAMES.contains(property);
  }

  /** Read when somebody asks first. */
  private static final class SetupControls {
    static final Set<String> NAMES =
        CONTROL
            .matcher(new String(file("setup.html"), StandardCharsets.UTF_8))
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * The page in a language.
   *
   * @param session whether somebody has logged in, and so may log out
   */
  static PageResponse in(MessageBundle bundle, boolean session) {
    return filled("index.html", bundle, session ? "" : "hidden");
  }

  /** The page that asks for the password. */
  static PageResponse login(MessageBundle bundle) {
    return filled("login.html", bundle, "");
  }

  private static PageResponse filled(String name, MessageBundle bundle, String hidden) {
    return filled(name, bundle.language(), words("words", bundle.language()), hidden);
  }

  private static PageResponse filled(
      String name, String language, Properties words, String hidden) {
    words.setProperty("lang", language);
    words.setProperty("hidden", hidden);
    String filled =
        GAP.matcher(new String(file(name), StandardCharsets.UTF_8))
            .replaceAll(gap -> Matcher.quoteReplacement(words.getProperty(gap.group(1))));
    return PageResponse.of("text/html;charset=utf-8", filled.getBytes(StandardCharsets.UTF_8));
  }

  /** The page on which jobs are set up. */
  static PageResponse setup(MessageBundle bundle) {
    String language = bundle.language();
    var words = words("words", language);
    words.putAll(words("setup", language));
    words.setProperty("all-words", templates(words));
    return filled("setup.html", language, words, "");
  }

  /** A page that says why setting up is closed, and how to get in. */
  static PageResponse closed(MessageBundle bundle, UserMessage reason) {
    var words = words("words", bundle.language());
    String sentence = bundle.say(reason);
    words.setProperty("sentence", sentence.replace("&", "&amp;").replace("<", "&lt;"));
    return filled("told.html", bundle.language(), words, "").as(403);
  }

  /** Every word in an element of its own, where the scripts of the page find it. */
  private static String templates(Properties words) {
    return words.stringPropertyNames().stream()
        .sorted()
        .map(key -> "<template id=\"word-" + key + "\">" + words.getProperty(key) + "</template>")
        .collect(Collectors.joining("\n"));
  }

  /** One of the files that the page loads. */
  static Optional<PageResponse> part(String path) {
    var part = PART.matcher(path);
    if (!part.matches() || PageFiles.class.getResource(FOLDER + part.group(1)) == null) {
      return Optional.empty();
    }
    return Optional.of(PageResponse.of(type(part.group(2)), file(part.group(1))));
  }

  /** One of the files that the page to log in loads, which everybody may see. */
  static Optional<PageResponse> partOfLogin(String path) {
    return Optional.ofNullable(PARTS_OF_LOGIN.get(path))
        .map(type -> PageResponse.of(type, file(path.substring(1))));
  }

  private static String type(String ending) {
    return Objects.requireNonNull(TYPES.get(ending), ending);
  }

  private static Properties words(String file, String language) {
    Properties words = new Properties();
    try (var reader =
        new InputStreamReader(
            open(file + "_" + language + ".properties"), StandardCharsets.UTF_8)) {
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
    InputStream content = PageFiles.class.getResourceAsStream(FOLDER + name);
    if (content == null) {
      throw new IOException("the jar lacks " + name);
    }
    return content;
  }
}
