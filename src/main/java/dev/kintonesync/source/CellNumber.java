package dev.kintonesync.source;

import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;

/**
 * The number in a cell of a workbook that is more than its digits: it is shown with text around it,
 * or it has more digits than a workbook keeps. As a {@link CharSequence} it is what the cell shows,
 * as a {@link Number} the number without the text.
 */
public final class CellNumber extends Number implements CharSequence {
  private static final long serialVersionUID = 1;

  private final BigDecimal value;
  private final BigDecimal number;
  private final String text;
  private final boolean exact;
  private final String format;

  /**
   * @param value what the cell holds
   * @param number what it shows of it, such as 15 of 0.15 and a percent sign
   * @param text the same with the text around it
   * @param exact whether the workbook holds just this number, and not only one next to it
   * @param format the format of the cell
   */
  public CellNumber(
      BigDecimal value, BigDecimal number, String text, boolean exact, String format) {
    this.value = value;
    this.number = number;
    this.text = text;
    this.exact = exact;
    this.format = format;
  }

  /** Whether the workbook holds just this number; otherwise it may have been another one. */
  public boolean isExact() {
    return exact;
  }

  /** What the cell holds. */
  public BigDecimal value() {
    return value;
  }

  /** The format of the cell. */
  public String format() {
    return format;
  }

  @Override
  public int intValue() {
    return number.intValue();
  }

  @Override
  public long longValue() {
    return number.longValue();
  }

  @Override
  public float floatValue() {
    return number.floatValue();
  }

  @Override
  public double doubleValue() {
    return number.doubleValue();
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public char charAt(int index) {
    return text.charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.subSequence(start, end);
  }

  /** What the cell shows; JSON has that, too. */
  @Override
  @JsonValue
  public String toString() {
    return text;
  }
}
