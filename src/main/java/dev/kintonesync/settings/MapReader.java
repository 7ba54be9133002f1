package dev.kintonesync.settings;

import dev.kintonesync.form.Assignment;
import dev.kintonesync.form.Assignment.Term;
import dev.kintonesync.form.Step;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads {@code CUST_CD=顧客コード, SEI + ' ' + MEI=氏名 | nfkc, "Name, first"=name}: pairs between commas.
 * In front of the equals sign stand columns and, in single quotes, constants, with {@code +} and
 * blanks between them; behind the field code stand steps, each after a {@code |}. A name that holds
 * a comma, an equals sign or a bar stands in quotation marks; a quotation mark inside them is
 * doubled, and so is a single quote in a constant.
 */
final class MapReader {
  private final String text;
  private int at;

  /** Where the steps of the last pair begin. */
  private int firstStep;

  private MapReader(String text) {
    this.text = text;
  }

  /**
   * The pairs in the order written.
   *
   * @throws UserErrorException without the place, for a pair or a step that is none, and for a
   *     field that stands there twice
   */
  static List<Assignment> read(String text) {
    var reader = new MapReader(text);
    var pairs = new ArrayList<Assignment>();
    do {
      pairs.add(reader.pair());
    } while (reader.skip(','));
    return once(pairs);
  }

  /**
   * The pairs as they are written, in the same order as {@link #read}.
   *
   * @throws UserErrorException as that
   */
  static List<WrittenPair> withTexts(String text) {
    var reader = new MapReader(text);
    var pairs = new ArrayList<WrittenPair>();
    do {
      int start = reader.at;
      var pair = reader.pair();
      String steps = pair.steps().isEmpty() ? "" : text.substring(reader.firstStep, reader.at);
      pairs.add(new WrittenPair(pair, text.substring(start, reader.at).strip(), steps.strip()));
    } while (reader.skip(','));
    return pairs;
  }

  /** The text of plain pairs of column and field code, which {@link #read} reads. */
  static String written(Map<String, String> pairs) {
    return pairs.entrySet().stream()
        .map(pair -> name(pair.getKey()) + "=" + name(pair.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** A name as it stands in a map: in quotation marks where it needs them. */
  static String name(String name) {
    boolean plain = !name.matches(".*[',=|+\"].*") && name.equals(name.strip());
    return plain ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  /**
   * The pairs of a file in UTF-8, one in each line; a line that begins with # is a comment.
   *
   * @throws UserErrorException with file and line
   */
  static List<Assignment> readFile(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UserErrorException(MessageCode.MAP_FILE_UNREADABLE.with(file, e.toString()), e);
    }
    var pairs = new ArrayList<Assignment>();
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1).replace("\uFEFF", "").strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        try {
          pairs.addAll(read(line.endsWith(",") ? line.substring(0, line.length() - 1) : line));
          once(pairs);
        } catch (UserErrorException e) {
          throw new UserErrorException(MessageCode.MAP_FILE_LINE.with(file, number, e.reason()), e);
        }
      }
    }
    if (pairs.isEmpty()) {
      throw new UserErrorException(MessageCode.MAP_FILE_EMPTY.with(file));
    }
    return pairs;
  }

  private static List<Assignment> once(List<Assignment> pairs) {
    var fields = new HashSet<String>();
    for (Assignment pair : pairs) {
      if (!fields.add(pair.field())) {
        throw new UserErrorException(MessageCode.FIELD_NAMED_TWICE.with(pair.field()));
      }
    }
    return Collections.unmodifiableList(pairs);
  }

  private Assignment pair() {
    int start = at;
    var terms = new ArrayList<Term>();
    boolean whole = true;
    do {
      Term term = term();
      whole &= !(term instanceof Term.Column column) || !column.name().isEmpty();
      terms.add(term);
    } while (skipPlus());
    String field = skip('=') ? name(false) : "";
    var steps = new ArrayList<Step>();
    firstStep = at + 1; // behind the bar
    while (!field.isEmpty() && skip('|')) {
      steps.add(step(start));
    }
    if (!whole || field.isEmpty() || !atPairEnd()) {
      throw new UserErrorException(MessageCode.NOT_A_PAIR.with(pairFrom(start)));
    }
    return new Assignment(terms, field, steps);
  }

  private Term term() {
    skipBlanks();
    if (at < text.length() && text.charAt(at) == '\'') {
      at++;
      return new Term.Constant(quoted('\''));
    }
    return new Term.Column(name(true));
  }

  /** A plus between two terms has a blank in front and behind; any other belongs to a name. */
  private boolean skipPlus() {
    skipBlanks();
    boolean plus = isPlus(at);
    at += plus ? 1 : 0;
    return plus;
  }

  private boolean isPlus(int where) {
    return where > 0
        && where + 1 < text.length()
        && text.charAt(where) == '+'
        && Character.isWhitespace(text.charAt(where - 1))
        && Character.isWhitespace(text.charAt(where + 1));
  }

  private String name(boolean ofColumn) {
    skipBlanks();
    if (!skip('"')) {
      int start = at;
      String end = ofColumn ? ",=\"" : ",=\"|";
      while (at < text.length() && end.indexOf(text.charAt(at)) < 0 && !(ofColumn && isPlus(at))) {
        at++;
      }
      return text.substring(start, at).strip();
    }
    return quoted('"');
  }

  /** What stands between quotes, the first of which is passed; empty when the last is missing. */
  private String quoted(char quote) {
    var quoted = new StringBuilder();
    while (at < text.length()) {
      char letter = text.charAt(at++);
      if (letter != quote) {
        quoted.append(letter);
      } else if (!skip(quote)) {
        skipBlanks();
        return quoted.toString();
      } else {
        quoted.append(quote);
      }
    }
    return "";
  }

  private Step step(int pair) {
    skipBlanks();
    int start = at;
    while (at < text.length() && Character.isLetter(text.charAt(at))) {
      at++;
    }
    String word = text.substring(start, at);
    String arguments = skip('(') ? inBrackets(pair) : null;
    skipBlanks();
    return StepWords.step(word, arguments);
  }

  /** All up to the bracket that closes; brackets inside, and all in single quotes, are passed. */
  private String inBrackets(int pair) {
    int start = at;
    int open = 1;
    boolean quoted = false;
    for (; at < text.length(); at++) {
      char letter = text.charAt(at);
      quoted ^= letter == '\'';
      open += quoted ? 0 : letter == '(' ? 1 : letter == ')' ? -1 : 0;
      if (open == 0) {
        return text.substring(start, at++);
      }
    }
    throw new UserErrorException(MessageCode.STEP_NOT_CLOSED.with(text.substring(pair).strip()));
  }

  private void skipBlanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private boolean skip(char letter) {
    boolean there = at < text.length() && text.charAt(at) == letter;
    if (there) {
      at++;
    }
    return there;
  }

  private boolean atPairEnd() {
    return at == text.length() || text.charAt(at) == ',';
  }

  private String pairFrom(int start) {
    int end = text.indexOf(',', Math.max(at, start));
    return text.substring(start, end < 0 ? text.length() : end).strip();
  }
}
