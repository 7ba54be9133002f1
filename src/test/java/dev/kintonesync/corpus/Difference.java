package dev.kintonesync.corpus;

/**
 * What a reader of ours and another library do not read alike, of one kind in one sheet or list.
 *
 * @param file the sample, below the name of its package's archive
 * @param part the sheet, or the pointer of a list; otherwise empty
 * @param kind what is not alike
 * @param count how often
 * @param first the first of them
 */
record Difference(String file, String part, String kind, int count, String first) {

  private static final int LONGEST = 160;

  /** The same with one more. */
  Difference again() {
    return new Difference(file, part, kind, count + 1, first);
  }

  /** The difference as a line of the list, without why it is one. */
  String line() {
    return String.join("\t", shown(file), shown(part), kind, String.valueOf(count), shown(first));
  }

  private static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(LONGEST)
        .forEach(
            c -> {
              if (Character.isISOControl(c) || c == '\\' || c == 0xFEFF || c == 0xA0) {
                shown.append(String.format("\\u%04x", c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    return shown.toString().strip();
  }
}
