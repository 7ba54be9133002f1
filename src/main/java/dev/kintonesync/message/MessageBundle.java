package dev.kintonesync.message;

import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The sentences of {@link MessageCode} in one language.
 *
 * <p>A gap {@code {0}} stands for an argument. {@code {0 row|rows}} stands for a count and its
 * noun: the first noun after 1, the second after every other count.
 */
public final class MessageBundle {

  /** For logs, exceptions and everything that a machine reads again. */
  public static final MessageBundle ENGLISH = new MessageBundle(Locale.ENGLISH);

  /** For people who read Japanese. */
  public static final MessageBundle JAPANESE = new MessageBundle(Locale.JAPANESE);

  private static final List<String> STOPS = List.of(".", "。");
  private static final Pattern GAP = Pattern.compile("\\{(\\d)(?:( [^{}|]+)\\|([^{}|]+))?}");

  private static final int ONE = 2;
  private static final int MANY = 3;

  private final Locale locale;

  /** Read when something is to be said in this language. */
  private volatile @Nullable ResourceBundle words;

  private MessageBundle(Locale locale) {
    this.locale = locale;
  }

  private ResourceBundle words() {
    ResourceBundle read = words;
    if (read == null) {
      read =
          ResourceBundle.getBundle(
              "dev.kintonesync.message.messages",
              locale,
              ResourceBundle.Control.getNoFallbackControl(
                  ResourceBundle.Control.FORMAT_PROPERTIES));
      words = read;
    }
    return read;
  }

  /** Japanese for a Japanese locale, English for every other. */
  public static MessageBundle of(Locale locale) {
    return locale.getLanguage().equals("ja") ? JAPANESE : ENGLISH;
  }

  /** {@code en} or {@code ja}, as sent to Kintone in {@code Accept-Language}. */
  public String language() {
    return locale.getLanguage();
  }

  /** The message as a person reads it: what others wrote stands on one line, see {@link Shown}. */
  public String say(UserMessage message) {
    String sentence = words().getString(message.code());
    return GAP.matcher(sentence)
        .replaceAll(
            gap -> {
              String rest = sentence.substring(gap.end());
              return Matcher.quoteReplacement(withoutStopBefore(rest, fill(message, gap)));
            });
  }

  /** A sentence inside a sentence does not end with a full stop where another one follows. */
  private static String withoutStopBefore(String rest, String filled) {
    boolean goesOn = STOPS.stream().anyMatch(rest::startsWith) || rest.startsWith(";");
    for (String stop : STOPS) { // what others say is English in a Japanese sentence too
      if (goesOn && filled.endsWith(stop) && !filled.endsWith("..")) {
        return filled.substring(0, filled.length() - 1);
      }
    }
    return filled;
  }

  private String fill(UserMessage message, MatchResult gap) {
    String argument = argument(message.arguments().get(Integer.parseInt(gap.group(1))));
    if (gap.group(ONE) == null) {
      return argument;
    }
    return argument.equals("1") ? argument + gap.group(ONE) : argument + " " + gap.group(MANY);
  }

  private String argument(Object argument) {
    return argument instanceof UserMessage inner
        ? say(inner)
        : Shown.text(String.valueOf(argument));
  }
}
