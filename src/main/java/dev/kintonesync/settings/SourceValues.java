package dev.kintonesync.settings;

import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import dev.kintonesync.source.Overlap;
import java.time.Duration;
import java.util.regex.Pattern;

/** How the properties of a source that is polled are written. */
final class SourceValues {
  /** Where a database answers. */
  static final ValueType<String> JDBC_URL = new ValueType<>("JDBC URL", false, SourceValues::url);

  /** How far behind its checkpoint a poll begins. */
  static final ValueType<Overlap> OVERLAP =
      new ValueType<>("duration or number", false, SourceValues::overlap);

  private static final Pattern SECRET =
      Pattern.compile("(?i).*[?;&](\\w*(password|pwd|passphrase|secret|token))=.*");
  private static final Pattern LOGIN = Pattern.compile("jdbc:[^/]*//[^/?;]*@.*");

  private SourceValues() {}

  private static String url(String value) {
    // none of the two says the value, which may hold a password
    if (!value.startsWith("jdbc:")) {
      throw new RefusedException(Text.NOT_A_JDBC_URL.with());
    }
    if (SECRET.matcher(value).matches() || LOGIN.matcher(value).matches()) {
      throw new RefusedException(Text.JDBC_URL_WITH_PASSWORD.with());
    }
    return value;
  }

  private static Overlap overlap(String value) {
    if (value.matches("[0-9]{1,18}")) {
      long numbers = Long.parseLong(value);
      return new Overlap(numbers == 0 ? Duration.ZERO : null, numbers);
    }
    return new Overlap(ValueType.DURATION.reader().apply(value), null);
  }
}
