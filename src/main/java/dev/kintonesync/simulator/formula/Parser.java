package dev.kintonesync.simulator.formula;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a formula by descending through the ranks of its operators: comparison, {@code &}, {@code +
 * -}, {@code * /}, {@code ^}, sign.
 */
final class Parser {
  private static final String OPERATORS = "+-*/^&=!<>(),";

  /** Far more than anybody writes, and few enough for the stack. */
  private static final int MOST_PARTS = 1000;

  private static final int DEEPEST = 50;

  private final String text;
  private final List<String> references = new ArrayList<>();
  private int position;
  private int parts;
  private int depth;

  Parser(String text) {
    this.text = text;
  }

  /** The codes of the fields met so far. */
  List<String> references() {
    return references;
  }

  Term formula() {
    Term term = comparison();
    if (peek() != 0) {
      throw wrong();
    }
    return term;
  }

  private Term comparison() {
    Term left = concatenation();
    String operator = take("!=", "<>", "<=", ">=", "=", "<", ">");
    return operator == null ? left : new Term.Binary(operator, left, concatenation());
  }

  private Term concatenation() {
    Term left = sum();
    while (take("&") != null) {
      left = new Term.Binary("&", left, sum());
    }
    return left;
  }

  private Term sum() {
    Term left = product();
    String operator;
    while ((operator = take("+", "-")) != null) {
      left = new Term.Binary(operator, left, product());
    }
    return left;
  }

  private Term product() {
    Term left = power();
    String operator;
    while ((operator = take("*", "/")) != null) {
      left = new Term.Binary(operator, left, power());
    }
    return left;
  }

  private Term power() {
    Term left = signed();
    while (take("^") != null) {
      left = new Term.Binary("^", left, signed());
    }
    return left;
  }

  private Term signed() {
    if (++parts > MOST_PARTS || ++depth > DEEPEST) {
      throw wrong();
    }
    Term term =
        take("-") != null ? new Term.Negative(signed()) : take("+") != null ? signed() : primary();
    depth--;
    return term;
  }

  private Term primary() {
    char next = peek();
    if (take("(") != null) {
      Term inner = comparison();
      expect(")");
      return inner;
    }
    if (next == '"') {
      return new Term.Literal(quoted());
    }
    if (Character.isDigit(next) || next == '.') {
      return new Term.Literal(number());
    }
    String name = name();
    Function function = Function.named(name);
    if (peek() != '(') {
      references.add(name);
      return new Term.Reference(name);
    }
    if (function == null) {
      throw new FormulaException("The function " + name + " cannot be used.", name + "関数は使用できません。");
    }
    return call(function);
  }

  private Term call(Function function) {
    expect("(");
    List<Term> arguments = new ArrayList<>();
    if (take(")") == null) {
      do {
        arguments.add(comparison());
      } while (take(",") != null);
      expect(")");
    }
    function.check(arguments.size());
    return new Term.Call(function, List.copyOf(arguments));
  }

  private String quoted() {
    StringBuilder content = new StringBuilder();
    position++;
    while (position < text.length() && text.charAt(position) != '"') {
      if (text.charAt(position) == '\\') {
        position++;
      }
      if (position < text.length()) {
        content.append(text.charAt(position++));
      }
    }
    expect("\"");
    return content.toString();
  }

  private BigDecimal number() {
    int start = position;
    while (position < text.length()
        && (Character.isDigit(text.charAt(position)) || text.charAt(position) == '.')) {
      position++;
    }
    try {
      return new BigDecimal(text.substring(start, position));
    } catch (NumberFormatException e) {
      throw wrong();
    }
  }

  private String name() {
    int start = position;
    while (position < text.length() && isPartOfName(text.charAt(position))) {
      position++;
    }
    if (start == position) {
      throw wrong();
    }
    return text.substring(start, position);
  }

  private static boolean isPartOfName(char c) {
    return OPERATORS.indexOf(c) < 0 && c != '"' && !Character.isWhitespace(c);
  }

  /** The next character that is no blank, or 0 at the end. */
  private char peek() {
    while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
    return position < text.length() ? text.charAt(position) : 0;
  }

  private @Nullable String take(String... candidates) {
    peek();
    for (String candidate : candidates) {
      if (text.startsWith(candidate, position)) {
        position += candidate.length();
        return candidate;
      }
    }
    return null;
  }

  private void expect(String expected) {
    if (take(expected) == null) {
      throw wrong();
    }
  }

  private FormulaException wrong() {
    return new FormulaException("The syntax of the formula is wrong.", "計算式の文法が正しくありません。");
  }
}
