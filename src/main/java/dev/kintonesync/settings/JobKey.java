package dev.kintonesync.settings;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A key of a job, taken apart: {@code job.customers.update-key} is {@code update-key} of {@code
 * customers}. The name may be one that is not allowed; {@link #isNameAllowed} tells.
 */
record JobKey(String job, String property) {
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{M}\\p{N}_-]+");
  private static final String PREFIX = "job.";

  /** First words of properties whose names have a dot: {@code job.customers.mirror.scope}. */
  private static final Set<String> GROUPS =
      Set.of("folder", "key", "mirror", "registry", "snapshot", "source");

  static @Nullable JobKey of(String key) {
    int last = key.lastIndexOf('.');
    int before = last < 0 ? -1 : key.lastIndexOf('.', last - 1);
    if (before > PREFIX.length() && GROUPS.contains(key.substring(before + 1, last))) {
      last = before;
    }
    return key.startsWith(PREFIX) && last > PREFIX.length()
        ? new JobKey(key.substring(PREFIX.length(), last), key.substring(last + 1))
        : null;
  }

  /** A name that is allowed, as like to a word as can be; empty when nothing of it is allowed. */
  static String allowed(String word) {
    return word.replaceAll("[^\\p{L}\\p{M}\\p{N}_-]+", "-").replaceAll("^-+|-+$", "");
  }

  /**
   * A name as part of a variable that every shell can export: in capitals, with {@code _} for
   * {@code -}, and the code point of a letter that is not of ASCII, such as {@code U5F97}.
   */
  static String inVariable(String job) {
    var variable = new StringBuilder();
    job.codePoints()
        .forEach(
            letter -> {
              if (letter < 128) {
                variable.append(letter == '-' ? '_' : (char) Character.toUpperCase(letter));
              } else {
                variable.append("U%04X".formatted(letter));
              }
            });
    return variable.toString();
  }

  /** A name as part of a variable as it stands, for systems that take letters of any script. */
  static String asVariable(String job) {
    return job.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** Whether the name is of letters of any script, digits, hyphens and underscores. */
  boolean isNameAllowed() {
    return NAME.matcher(job).matches();
  }
}
