package dev.kintonesync.form;

import dev.kintonesync.message.Blank;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;

/**
 * How keys of a source are made alike before they are compared: blanks around them go and Unicode
 * is composed in any case; these steps come on top, in their order.
 *
 * @param steps what is done besides
 */
public record KeyNormalization(List<Step> steps) {

  /** Blanks around a key go, and Unicode is composed. */
  public static final KeyNormalization DEFAULT = new KeyNormalization(List.of());

  public KeyNormalization {
    steps = List.copyOf(steps);
  }

  /**
   * One step.
   *
   * @param kind what it does
   * @param length to how many characters {@link Kind#PAD} fills up; 0 for the others
   */
  public record Step(Kind kind, int length) {}

  /** The kinds of steps. */
  public enum Kind {
    /** Full-width letters and digits become ordinary ones, half-width kana full ones. */
    NFKC,
    /** Small letters become capitals. */
    UPPER,
    /** A key of digits that is too short gets zeros in front. */
    PAD
  }

  /** The key as it is compared and written. */
  String apply(String key) {
    String normal = key;
    for (Step step : steps) {
      normal =
          switch (step.kind()) {
            case NFKC -> Blank.strip(Normalizer.normalize(normal, Normalizer.Form.NFKC));
            case UPPER -> normal.toUpperCase(Locale.ROOT);
            case PAD -> padded(normal, step.length());
          };
    }
    return normal;
  }

  static String padded(String key, int length) {
    boolean digits = key.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits && key.length() < length ? "0".repeat(length - key.length()) + key : key;
  }
}
