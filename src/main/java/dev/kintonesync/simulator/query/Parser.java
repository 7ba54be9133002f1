package dev.kintonesync.simulator.query;

import dev.kintonesync.simulator.query.Condition.And;
import dev.kintonesync.simulator.query.Condition.Comparison;
import dev.kintonesync.simulator.query.Condition.Or;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads tokens by recursive descent. Only parentheses recurse, and only {@link #MAX_DEPTH} deep, so
 * that no text can exhaust the stack here or in whoever walks the tree later. A word is a keyword
 * only where one can stand: a field may be called {@code limit}.
 */
final class Parser {

  private static final int MAX_DEPTH = 200;
  private static final int MAX_INTEGER_DIGITS = 18;

  private final List<Token> tokens;
  private int at;
  private int depth;

  Parser(List<Token> tokens) {
    this.tokens = tokens;
  }

  Query query() {
    @Nullable Condition condition = atClause() ? null : or();
    List<SortKey> order = List.of();
    if (peek(0).isWord("order") && peek(1).isWord("by")) {
      at += 2;
      order = separated(this::sortKey);
    }
    OptionalLong limit = clause("limit");
    OptionalLong offset = clause("offset");
    if (peek(0).type() != Token.Type.END) {
      throw unexpected("the end of the query");
    }
    return new Query(condition, order, limit, offset);
  }

  private boolean atClause() {
    Token first = peek(0);
    Token second = peek(1);
    return first.type() == Token.Type.END
        || (first.isWord("order") && second.isWord("by"))
        || ((first.isWord("limit") || first.isWord("offset"))
            && second.type() == Token.Type.NUMBER);
  }

  private Condition or() {
    return chain("or", this::and, Or::new);
  }

  private Condition and() {
    return chain("and", this::primary, And::new);
  }

  private Condition chain(
      String keyword, Supplier<Condition> part, Function<List<Condition>, Condition> whole) {
    Condition first = part.get();
    if (!peek(0).isWord(keyword)) {
      return first;
    }
    List<Condition> parts = new ArrayList<>(List.of(first));
    while (skipWord(keyword)) {
      parts.add(part.get());
    }
    return whole.apply(parts);
  }

  private Condition primary() {
    if (!skip("(")) {
      return comparison();
    }
    if (++depth > MAX_DEPTH) {
      throw unexpected("no more than " + MAX_DEPTH + " parentheses within each other");
    }
    Condition inner = or();
    expect(")");
    depth--;
    return inner;
  }

  private Condition comparison() {
    String field = name();
    Operator operator = operator();
    return new Comparison(field, operator, operands(operator));
  }

  private Operator operator() {
    Token token = next();
    if (token.type() == Token.Type.SYMBOL) {
      for (Operator operator : Operator.values()) {
        if (operator.symbol().equals(token.text())) {
          return operator;
        }
      }
    }
    if (token.isWord("like")) {
      return Operator.LIKE;
    }
    if (token.isWord("in")) {
      return Operator.IN;
    }
    if (token.isWord("not")) {
      if (skipWord("like")) {
        return Operator.NOT_LIKE;
      }
      if (skipWord("in")) {
        return Operator.NOT_IN;
      }
    }
    if (token.isWord("is")) {
      boolean not = skipWord("not");
      if (skipWord("empty")) {
        return not ? Operator.IS_NOT_EMPTY : Operator.IS_EMPTY;
      }
    }
    throw QueryException.syntax(token.position(), "expected an operator");
  }

  private List<Operand> operands(Operator operator) {
    return switch (operator.positive()) {
      case IS_EMPTY -> List.of();
      case IN -> {
        expect("(");
        List<Operand> values = separated(this::value);
        expect(")");
        yield values;
      }
      default -> List.of(value());
    };
  }

  private Operand value() {
    Token token = next();
    return switch (token.type()) {
      case STRING -> new Operand.Text(token.text());
      case NUMBER -> new Operand.Figure(token.text());
      case NAME -> call(token);
      default -> throw QueryException.syntax(token.position(), "expected a value");
    };
  }

  private Operand call(Token name) {
    QueryFunction function;
    try {
      function = QueryFunction.valueOf(name.text());
    } catch (IllegalArgumentException e) {
      throw QueryException.syntax(name.position(), "no such function");
    }
    expect("(");
    List<String> arguments = peek(0).is(")") ? List.of() : separated(this::argument);
    expect(")");
    return new Operand.Call(function, arguments);
  }

  private String argument() {
    Token token = next();
    if (token.type() != Token.Type.NAME && token.type() != Token.Type.NUMBER) {
      throw QueryException.syntax(token.position(), "expected a word or a number");
    }
    return token.text();
  }

  private SortKey sortKey() {
    String field = name();
    if (skipWord("asc")) {
      return new SortKey(field, true);
    }
    // without a direction Kintone is reported to sort descending
    skipWord("desc");
    return new SortKey(field, false);
  }

  private OptionalLong clause(String keyword) {
    if (!skipWord(keyword)) {
      return OptionalLong.empty();
    }
    Token token = next();
    boolean wholeNumber =
        token.type() == Token.Type.NUMBER
            && token.text().length() <= MAX_INTEGER_DIGITS
            && token.text().chars().allMatch(c -> c >= '0' && c <= '9');
    if (!wholeNumber) {
      throw QueryException.syntax(token.position(), "expected a whole number from 0");
    }
    return OptionalLong.of(Long.parseLong(token.text()));
  }

  private <T> List<T> separated(Supplier<T> part) {
    List<T> parts = new ArrayList<>();
    do {
      parts.add(part.get());
    } while (skip(","));
    return parts;
  }

  private String name() {
    Token token = next();
    if (token.type() != Token.Type.NAME) {
      throw QueryException.syntax(token.position(), "expected a field code");
    }
    return token.text();
  }

  private void expect(String symbol) {
    if (!skip(symbol)) {
      throw unexpected(symbol);
    }
  }

  private boolean skip(String symbol) {
    boolean found = peek(0).is(symbol);
    at += found ? 1 : 0;
    return found;
  }

  private boolean skipWord(String keyword) {
    boolean found = peek(0).isWord(keyword);
    at += found ? 1 : 0;
    return found;
  }

  private Token peek(int ahead) {
    return tokens.get(Math.min(at + ahead, tokens.size() - 1));
  }

  private Token next() {
    Token token = peek(0);
    at++;
    return token;
  }

  private QueryException unexpected(String expected) {
    return QueryException.syntax(peek(0).position(), "expected " + expected);
  }
}
