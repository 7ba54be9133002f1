package dev.kintonesync.simulator.state;

import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/**
 * Which values Kintone takes for the same one in a unique field. Numbers compare by value. Whether
 * texts that differ only in case or width are the same is not known; a setting decides.
 */
final class KeyFolding {
  private final BooleanSupplier folds;

  KeyFolding(BooleanSupplier folds) {
    this.folds = folds;
  }

  Object key(Object value) {
    if (value instanceof BigDecimal number) {
      return number.stripTrailingZeros();
    }
    if (value instanceof String text && folds.getAsBoolean()) {
      return Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    }
    return value;
  }
}
