package dev.kintonesync.kintone;

import java.util.Collection;
import java.util.stream.Collectors;

/** Conditions of Kintone's query language, escaped. Source: "Query" of the API documentation. */
public final class Query {
  private Query() {}

  /** {@code field in ("a", "b")}: records whose field has one of the values. */
  public static String in(String field, Collection<String> values) {
    return values.stream()
        .map(Query::quote)
        .collect(Collectors.joining(", ", field + " in (", ")"));
  }

  /** A string literal: backslash and quote escaped, tab and line feed written as escapes. */
  public static String quote(String value) {
    var text = new StringBuilder(value.length() + 2).append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> text.append("\\\\");
        case '"' -> text.append("\\\"");
        case '\t' -> text.append("\\t");
        case '\n' -> text.append("\\n");
        default -> text.append(c);
      }
    }
    return text.append('"').toString();
  }
}
