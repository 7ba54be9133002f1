package dev.kintonesync.source.text;

import java.util.regex.Pattern;

/**
 * A cell of a rejects file that a spreadsheet must take for text, and that is read as it was when
 * it comes back. What a spreadsheet would take for a formula ({@code =cmd()}, {@code +81-3-1234}),
 * and would run or spoil, gets an apostrophe in front of it. A cell that begins so by itself gets
 * one more, so that one is taken away from each that has any: no value is changed, none is mistaken
 * for another. Numbers, negative ones too, stay.
 */
public final class TextCell {
  private static final String SIGNS = "=+\\-@＝＋－＠\\t\\r\\n";
  private static final Pattern FORMULA = Pattern.compile("[" + SIGNS + "].*", Pattern.DOTALL);
  private static final Pattern MARKED = Pattern.compile("'+[" + SIGNS + "].*", Pattern.DOTALL);
  private static final Pattern NO_FORMULA =
      Pattern.compile("[-+－＋]([0-9０-９,，]*([.．][0-9０-９]*)?([eE][-+]?[0-9]{1,3})?[%％]?|[-+－＋]*)");

  private TextCell() {}

  /** The cell as delimited text has it. */
  public static String inText(String cell) {
    boolean formula = FORMULA.matcher(cell).matches() && !NO_FORMULA.matcher(cell).matches();
    return formula ? "'" + cell : inSheet(cell);
  }

  /** The cell as a sheet has it, where it is text whatever it begins with. */
  public static String inSheet(String cell) {
    return MARKED.matcher(cell).matches() ? "'" + cell : cell;
  }

  /** What a cell of a rejects file stands for. */
  public static String read(String cell) {
    return MARKED.matcher(cell).matches() ? cell.substring(1) : cell;
  }
}
