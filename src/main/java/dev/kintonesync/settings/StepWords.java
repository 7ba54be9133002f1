package dev.kintonesync.settings;

import dev.kintonesync.form.DateStep;
import dev.kintonesync.form.NumberStep;
import dev.kintonesync.form.Step;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The words by which a map names what is done with a value, and what stands in their brackets. */
final class StepWords {
  private static final List<String> WORDS =
      List.of(
          "trim", "nfkc", "upper", "lower", "pad", "default", "values", "part", "split", "join",
          "date", "number", "simple");

  private static final Set<String> LOCALES =
      Stream.of(Locale.getAvailableLocales()).map(Locale::getLanguage).collect(Collectors.toSet());

  private StepWords() {}

  /**
   * The step of a word.
   *
   * @param arguments what stands in the brackets, as written; null: there are none
   * @throws UserErrorException without the place
   */
  static Step step(String word, @Nullable String arguments) {
    String lower = word.toLowerCase(Locale.ROOT);
    boolean bare = Set.of("trim", "nfkc", "upper", "lower").contains(lower);
    if (!WORDS.contains(lower)) {
      throw new UserErrorException(MessageCode.NOT_A_STEP.with(word, String.join(", ", WORDS)));
    }
    if (bare != (arguments == null)) {
      throw misused(word, arguments);
    }
    String given = arguments == null ? "" : arguments;
    return switch (lower) {
      case "trim" -> Step.OfText.TRIM;
      case "nfkc" -> Step.OfText.NFKC;
      case "upper" -> Step.OfText.UPPER;
      case "lower" -> Step.OfText.LOWER;
      case "pad" -> new Step.Pad(number(word, given, given));
      case "default" -> new Step.Default(bare(given));
      case "values" -> values(word, given);
      case "split" -> new Step.Split(separator(word, given));
      case "join" -> new Step.Join(bare(given));
      case "part" -> part(word, given);
      case "number" -> new NumberStep(locale(word, given));
      case "date" -> date(word, given);
      default -> new Step.Simple(given.strip());
    };
  }

  private static UserErrorException misused(String word, @Nullable String arguments) {
    String example =
        switch (word.toLowerCase(Locale.ROOT)) {
          case "pad" -> "pad(7)";
          case "default" -> "default(未設定)";
          case "values" -> "values(A=Active, B=Blocked, *=Other)";
          case "split" -> "split(;)";
          case "join" -> "join(' ')";
          case "part" -> "part(2, -)";
          case "number" -> "number(de)";
          case "date" -> "date(yyyyMMdd), date(dd MMM yyyy, locale=en, zone=UTC)";
          case "simple" -> "simple(${body.length})";
          default -> word;
        };
    String written = arguments == null ? word : word + "(" + arguments + ")";
    return new UserErrorException(MessageCode.STEP_MISUSED.with(written, example));
  }

  private static Step values(String word, String arguments) {
    var table = new LinkedHashMap<String, String>();
    String otherwise = null;
    for (String pair : split(arguments)) {
      int equals = outsideQuotes(pair, '=', 0);
      if (equals < 0) {
        throw misused(word, arguments);
      }
      String from = pair.substring(0, equals).strip();
      String to = bare(pair.substring(equals + 1));
      if (from.equals("*")) {
        otherwise = to;
      } else if (table.put(bare(from).strip(), to) != null) {
        throw new UserErrorException(MessageCode.STEP_VALUE_TWICE.with(word, bare(from)));
      }
    }
    return new Step.Values(table, otherwise);
  }

  private static Step part(String word, String arguments) {
    int comma = arguments.indexOf(',');
    if (comma < 0) {
      throw misused(word, arguments);
    }
    return new Step.Part(
        number(word, arguments, arguments.substring(0, comma)),
        separator(word, arguments.substring(comma + 1)));
  }

  private static Step date(String word, String arguments) {
    var patterns = new ArrayList<String>();
    Locale locale = Locale.ROOT;
    ZoneId zone = null;
    for (String argument : split(arguments)) {
      String stripped = argument.strip();
      if (stripped.startsWith("locale=")) {
        locale = locale(word, stripped.substring("locale=".length()));
      } else if (stripped.startsWith("zone=")) {
        zone = zone(word, arguments, stripped.substring("zone=".length()));
      } else if (!stripped.isEmpty()) {
        // a pattern has quotes of its own, around words in it
        boolean whole = stripped.chars().filter(letter -> letter == '\'').count() == 2;
        patterns.add(whole ? bare(stripped) : stripped);
      }
    }
    try {
      if (!patterns.isEmpty() || zone != null) {
        return new DateStep(patterns, locale, zone);
      }
    } catch (IllegalArgumentException noPattern) {
      throw misused(word, arguments);
    }
    throw misused(word, arguments);
  }

  private static ZoneId zone(String word, String arguments, String id) {
    try {
      return ZoneId.of(id.strip());
    } catch (DateTimeException noZone) {
      throw misused(word, arguments);
    }
  }

  private static Locale locale(String word, String tag) {
    Locale locale = Locale.forLanguageTag(tag.strip());
    if (locale.getLanguage().isEmpty() || !LOCALES.contains(locale.getLanguage())) {
      throw misused(word, tag);
    }
    return locale;
  }

  private static int number(String word, String arguments, String number) {
    if (!number.strip().matches("[1-9][0-9]{0,2}")) {
      throw misused(word, arguments);
    }
    return Integer.parseInt(number.strip());
  }

  private static String separator(String word, String argument) {
    String separator =
        switch (argument.strip()) {
          case "tab" -> "\t";
          case "newline" -> "\n";
          default -> bare(argument);
        };
    if (separator.isEmpty()) {
      throw misused(word, argument);
    }
    return separator;
  }

  /** Without blanks around it; or what stands between single quotes, as it is. */
  private static String bare(String argument) {
    String stripped = argument.strip();
    boolean quoted = stripped.length() > 1 && stripped.startsWith("'") && stripped.endsWith("'");
    return quoted ? stripped.substring(1, stripped.length() - 1).replace("''", "'") : stripped;
  }

  private static List<String> split(String arguments) {
    var parts = new ArrayList<String>();
    int from = 0;
    for (int comma = outsideQuotes(arguments, ',', 0);
        comma >= 0;
        comma = outsideQuotes(arguments, ',', from)) {
      parts.add(arguments.substring(from, comma));
      from = comma + 1;
    }
    parts.add(arguments.substring(from));
    return parts;
  }

  private static int outsideQuotes(String text, char letter, int from) {
    boolean quoted = false;
    for (int at = from; at < text.length(); at++) {
      quoted ^= text.charAt(at) == '\'';
      if (!quoted && text.charAt(at) == letter) {
        return at;
      }
    }
    return -1;
  }
}
