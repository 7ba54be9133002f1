package dev.kintonesync.simulator.query;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a query into tokens. Keywords are names here; only the parser knows where they mean more.
 */
final class Lexer {

  private static final String NAME_SYMBOLS = "_$.・･＿";
  private static final int IDEOGRAPHIC_SPACE = 0x3000;

  private final String query;
  private int at;

  private Lexer(String query) {
    this.query = query;
  }

  /** The tokens of a query; the last one is of type END. */
  static List<Token> tokens(String query) {
    Lexer lexer = new Lexer(query);
    List<Token> tokens = new ArrayList<>();
    Token token;
    do {
      token = lexer.next();
      tokens.add(token);
    } while (token.type() != Token.Type.END);
    return tokens;
  }

  private Token next() {
    while (at < query.length() && isBlank(query.charAt(at))) {
      at++;
    }
    if (at == query.length()) {
      return new Token(Token.Type.END, "", at);
    }
    char c = query.charAt(at);
    if (c == '"') {
      return string();
    }
    if (isDigit(at) || (c == '-' && isDigit(at + 1))) {
      return number();
    }
    if (isNamePart(query.codePointAt(at))) {
      return name();
    }
    return symbol(c);
  }

  private Token string() {
    int start = at++;
    StringBuilder text = new StringBuilder();
    while (at < query.length()) {
      char c = query.charAt(at++);
      switch (c) {
        case '"' -> {
          return new Token(Token.Type.STRING, text.toString(), start);
        }
        case '\\' -> text.append(escaped());
        case '\t', '\n', '\r' ->
            throw QueryException.syntax(at - 1, "a tab or line break must be escaped");
        default -> text.append(c);
      }
    }
    throw QueryException.syntax(start, "the string does not end");
  }

  private char escaped() {
    char c = at < query.length() ? query.charAt(at++) : ' ';
    return switch (c) {
      case '"', '\\' -> c;
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'r' -> '\r';
      default -> throw QueryException.syntax(at - 1, "no such escape");
    };
  }

  private Token number() {
    int start = at++;
    digits();
    if (at < query.length() && query.charAt(at) == '.' && isDigit(at + 1)) {
      at++;
      digits();
    }
    if (at < query.length() && Character.toLowerCase(query.charAt(at)) == 'e') {
      int sign = at + 1 < query.length() && "+-".indexOf(query.charAt(at + 1)) >= 0 ? 1 : 0;
      if (isDigit(at + 1 + sign)) {
        at += 1 + sign;
        digits();
      }
    }
    if (at < query.length() && isNamePart(query.codePointAt(at))) {
      throw QueryException.syntax(at, "a number ends before this");
    }
    return new Token(Token.Type.NUMBER, query.substring(start, at), start);
  }

  private void digits() {
    while (isDigit(at)) {
      at++;
    }
  }

  private Token name() {
    int start = at;
    while (at < query.length() && isNamePart(query.codePointAt(at))) {
      at += Character.charCount(query.codePointAt(at));
    }
    return new Token(Token.Type.NAME, query.substring(start, at), start);
  }

  private Token symbol(char c) {
    int start = at++;
    boolean withEqual = at < query.length() && query.charAt(at) == '=';
    String text =
        switch (c) {
          case '(', ')', ',', '=' -> String.valueOf(c);
          case '<', '>' -> withEqual ? c + "=" : String.valueOf(c);
          case '!' -> withEqual ? "!=" : "";
          default -> "";
        };
    if (text.isEmpty()) {
      throw QueryException.syntax(start, "unexpected character");
    }
    at = start + text.length();
    return new Token(Token.Type.SYMBOL, text, start);
  }

  private boolean isDigit(int index) {
    return index < query.length() && query.charAt(index) >= '0' && query.charAt(index) <= '9';
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == IDEOGRAPHIC_SPACE;
  }

  /**
   * Letters, digits and marks of any script, currency signs, and the few symbols of field codes.
   */
  static boolean isNamePart(int c) {
    return (Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c))
        || Character.getType(c) == Character.CURRENCY_SYMBOL
        || NAME_SYMBOLS.indexOf(c) >= 0;
  }
}
