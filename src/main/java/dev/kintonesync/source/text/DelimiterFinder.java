package dev.kintonesync.source.text;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.HeaderColumns;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.Understanding.How;
import dev.kintonesync.source.Understanding.Taken;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what stands between two fields: by a line {@code sep=;} as Excel knows it, by the
 * header of a rejects file, else by what cuts the header and the first rows into the same number of
 * fields.
 */
public final class DelimiterFinder {

  private static final Set<String> WITH_TABS = Set.of("tsv", "tab");
  private static final Map<Character, String> CANDIDATES = new LinkedHashMap<>();

  static {
    CANDIDATES.put(',', "comma");
    CANDIDATES.put('\t', "tab");
    CANDIDATES.put(';', "semicolon");
    CANDIDATES.put('|', "pipe");
    CANDIDATES.put('^', "caret");
  }

  private static final Pattern SEPARATOR_LINE =
      Pattern.compile("(?i)\\A\"?sep=([^\"\\r\\n])\"?(\\r\\n?|\\n)");
  private static final Pattern BOOKKEEPING =
      Pattern.compile(HeaderColumns.ERROR + "\"?([^\"\\w])\"?" + HeaderColumns.REF);
  private static final int ROWS_LOOKED_AT = 20;

  private final String start;
  private final @Nullable Character separatedBy;

  /**
   * @param start the text that the file begins with, as far as whole lines go
   */
  public DelimiterFinder(String start) {
    String text = start.startsWith("\uFEFF") ? start.substring(1) : start;
    Matcher separator = SEPARATOR_LINE.matcher(text);
    boolean separated = separator.find();
    this.separatedBy = separated ? separator.group(1).charAt(0) : null;
    this.start = separated ? text.substring(separator.end()) : text;
  }

  /** Whether the first line names the delimiter, and is no row. */
  public boolean hasSeparatorLine() {
    return separatedBy != null;
  }

  /**
   * The delimiter.
   *
   * @param extension the end of the file's name in lower case
   * @throws UserErrorException if it may be one or another
   */
  public Taken<Character> find(Path file, SourceOptions options, String extension) {
    Character declared = options.delimiter();
    if (declared != null) {
      return new Taken<>(declared, How.SETTING);
    }
    if (separatedBy != null) {
      return new Taken<>(separatedBy, How.MARK);
    }
    Matcher bookkeeping = BOOKKEEPING.matcher(start.lines().findFirst().orElse(""));
    if (bookkeeping.find()) {
      return new Taken<>(bookkeeping.group(1).charAt(0), How.MARK);
    }
    Taken<Character> usual =
        WITH_TABS.contains(extension) ? new Taken<>('\t', How.NAME) : new Taken<>(',', How.USUAL);
    return byFit(file, options, usual);
  }

  private Taken<Character> byFit(Path file, SourceOptions options, Taken<Character> usual) {
    Fit ofUsual = fit(usual.value(), options.header());
    if (ofUsual.isTable() && 2 * ofUsual.alike() >= ofUsual.rows()) {
      return usual;
    }
    List<Character> fitting = new ArrayList<>();
    for (char candidate : CANDIDATES.keySet()) {
      Fit fit = fit(candidate, options.header());
      if (fit.width() > ofUsual.width() && 5 * fit.alike() >= 4 * fit.rows()) {
        fitting.add(candidate);
      }
    }
    if (fitting.size() > 1) {
      throw new UserErrorException(
          MessageCode.DELIMITER_UNCLEAR.with(
              file, fitting.stream().map(CANDIDATES::get).collect(Collectors.joining(", "))));
    }
    return fitting.isEmpty() ? usual : new Taken<>(fitting.get(0), How.GUESS);
  }

  /**
   * What a delimiter makes of the first rows.
   *
   * @param width how many fields the header has
   * @param rows how many rows below it were looked at
   * @param alike how many of them have as many fields
   */
  private record Fit(int width, int rows, int alike) {
    boolean isTable() {
      return width > 1;
    }
  }

  private Fit fit(char delimiter, int headerLine) {
    int width = 0;
    int rows = 0;
    int alike = 0;
    var scan = new Scan(start, delimiter, separatedBy != null ? 2 : 1);
    while (rows < ROWS_LOOKED_AT && scan.next()) {
      if (scan.line < headerLine) {
        continue;
      }
      if (width == 0) {
        width = scan.fields;
      } else {
        rows++;
        alike += scan.fields == width ? 1 : 0;
      }
    }
    return new Fit(width, rows, alike);
  }

  /** Counts the fields of row after row. */
  private static final class Scan {
    private final String text;
    private final char delimiter;
    private int at;
    private int nextLine;
    private int line;
    private int fields;

    Scan(String text, char delimiter, int firstLine) {
      this.text = text;
      this.delimiter = delimiter;
      this.nextLine = firstLine;
    }

    /** Goes to the next row that has anything in it; false when there is none. */
    boolean next() {
      while (at < text.length()) {
        int from = at;
        row();
        if (!text.substring(from, at).isBlank()) {
          return true;
        }
      }
      return false;
    }

    private void row() {
      boolean quoted = false;
      boolean fieldBegins = true;
      line = nextLine;
      fields = 1;
      while (at < text.length()) {
        char c = text.charAt(at++);
        if (c == '"' && (quoted || fieldBegins)) {
          quoted = !quoted;
        } else if (c == delimiter && !quoted) {
          fields++;
        }
        // The second of two quotes inside a field opens it again.
        fieldBegins = c == '"' || (c == delimiter && !quoted);
        if (c == '\n' || (c == '\r' && (at == text.length() || text.charAt(at) != '\n'))) {
          nextLine++;
          if (!quoted) {
            return;
          }
        }
      }
    }
  }
}
