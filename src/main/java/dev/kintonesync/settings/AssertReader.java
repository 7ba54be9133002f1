package dev.kintonesync.settings;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.sync.Assertion;
import dev.kintonesync.sync.Assertion.Subject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the assertions of a job:
 *
 * <pre>
 * assertions = assertion { "," assertion }
 * assertion  = figure limits | "newest(" column ")" "within" age
 *            | "column" column "is" ( "never empty" | "unique" | "one of" value { "|" value } )
 * figure     = "rows" | "inserted" | "updated" | "removed" | "cleared" | "rejected"
 *            | ( "sum" | "min" | "max" | "count" ) "(" column ")"
 * limits     = ( ">=" | "&lt;=" | "&gt;" | "&lt;" | "=" ) number | "between" number "and" number
 * age        = number ( "d" | "h" | "m" )
 * </pre>
 *
 * Columns and values stand in single quotes where they contain one of these signs.
 */
final class AssertReader {
  private static final Pattern WORD = Pattern.compile("[A-Za-z]+");
  private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]+(\\.[0-9]+)?");
  private static final Pattern AGE = Pattern.compile("([0-9]{1,5})\\s*([dhm])\\b");
  private static final Pattern OPERATOR = Pattern.compile(">=|<=|>|<|=");
  private static final Pattern QUOTED = Pattern.compile("'((?:[^']|'')+)'");
  private static final Pattern IN_BRACKETS = Pattern.compile("[^)',]+");
  private static final Pattern BEFORE_IS = Pattern.compile("[^',]+?(?=\\s+is\\b)");
  private static final Pattern VALUE = Pattern.compile("[^|,']+");
  private static final String SUBJECTS =
      "rows, column, sum(), min(), max(), count(), newest(), inserted, updated, removed, cleared,"
          + " rejected";

  private final String text;
  private int at;

  private AssertReader(String text) {
    this.text = text;
  }

  /**
   * Reads the assertions.
   *
   * @throws UserErrorException naming the character at which they cannot be read
   */
  static List<Assertion> read(String text) {
    var reader = new AssertReader(text);
    var assertions = new ArrayList<Assertion>();
    do {
      assertions.add(reader.assertion());
    } while (reader.takes(","));
    if (reader.at < text.length()) {
      throw reader.refused(",");
    }
    return List.copyOf(assertions);
  }

  private Assertion assertion() {
    blanks();
    int from = at;
    var subject = subject();
    String column = null;
    Assertion.Expected expected;
    if (subject == Subject.COLUMN) {
      column = name(BEFORE_IS, "COLUMN is");
      require("is");
      expected = ofColumn();
    } else {
      if (subject != Subject.ROWS && !subject.isPlanned()) {
        require("(");
        column = name(IN_BRACKETS, "COLUMN");
        require(")");
      }
      expected = subject == Subject.NEWEST ? within() : range();
    }
    return new Assertion(text.substring(from, at).strip(), subject, column, expected);
  }

  private Subject subject() {
    int before = at;
    String word = next(WORD);
    for (Subject subject : Subject.values()) {
      if (subject.word().equals(word)) {
        return subject;
      }
    }
    at = before;
    throw refused(SUBJECTS);
  }

  private Assertion.Expected ofColumn() {
    if (takes("never")) {
      require("empty");
      return new Assertion.NeverEmpty();
    }
    if (takes("unique")) {
      return new Assertion.Unique();
    }
    if (!takes("one")) {
      throw refused("never empty, unique, one of");
    }
    require("of");
    Set<String> values = new LinkedHashSet<>();
    do {
      values.add(name(VALUE, "VALUE"));
    } while (takes("|"));
    return new Assertion.OneOf(values);
  }

  private Assertion.Expected within() {
    require("within");
    blanks();
    Matcher age = AGE.matcher(text).region(at, text.length());
    if (!age.lookingAt()) {
      throw refused("2d, 12h, 30m");
    }
    at = age.end();
    long number = Long.parseLong(age.group(1));
    return new Assertion.Within(
        switch (age.group(2)) {
          case "d" -> Duration.ofDays(number);
          case "h" -> Duration.ofHours(number);
          default -> Duration.ofMinutes(number);
        });
  }

  private Assertion.Expected range() {
    if (takes("between")) {
      var least = number();
      require("and");
      int before = at;
      var most = number();
      if (most.compareTo(least) < 0) {
        at = before;
        throw refused(">= " + least.toPlainString());
      }
      return new Assertion.Range(least, most, true);
    }
    String operator = next(OPERATOR);
    if (operator == null) {
      throw refused(">=, <=, >, <, =, between");
    }
    var limit = number();
    return switch (operator) {
      case ">=" -> new Assertion.Range(limit, null, true);
      case "<=" -> new Assertion.Range(null, limit, true);
      case ">" -> new Assertion.Range(limit, null, false);
      case "<" -> new Assertion.Range(null, limit, false);
      default -> new Assertion.Range(limit, limit, true);
    };
  }

  private BigDecimal number() {
    String number = next(NUMBER);
    if (number == null) {
      throw refused("1000");
    }
    return new BigDecimal(number);
  }

  /** A name as it stands there, or what stands between single quotes. */
  private String name(Pattern bare, String expected) {
    String quoted = next(QUOTED);
    if (quoted != null) {
      return quoted.substring(1, quoted.length() - 1).replace("''", "'");
    }
    String name = next(bare);
    if (name == null || name.isBlank()) {
      throw refused(expected);
    }
    return name.strip();
  }

  private void require(String word) {
    if (!takes(word)) {
      throw refused(word);
    }
  }

  private boolean takes(String word) {
    blanks();
    int end = at + word.length();
    boolean cut =
        end < text.length()
            && Character.isLetterOrDigit(word.charAt(0))
            && Character.isLetterOrDigit(text.charAt(end));
    if (cut || !text.regionMatches(at, word, 0, word.length())) {
      return false;
    }
    at = end;
    blanks();
    return true;
  }

  private @Nullable String next(Pattern pattern) {
    blanks();
    Matcher found = pattern.matcher(text).region(at, text.length()).useTransparentBounds(true);
    if (!found.lookingAt()) {
      return null;
    }
    at = found.end();
    return found.group();
  }

  private void blanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private UserErrorException refused(String expected) {
    String rest = at == text.length() ? "" : text.substring(at);
    return new UserErrorException(
        rest.isEmpty()
            ? MessageCode.ASSERTION_ENDS.with(text, expected)
            : MessageCode.NOT_AN_ASSERTION.with(rest, at + 1, expected));
  }
}
