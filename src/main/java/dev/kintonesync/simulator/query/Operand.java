package dev.kintonesync.simulator.query;

import java.util.List;

/** A value in a query, as written; what it means depends on the field it is compared with. */
public sealed interface Operand {

  /** A literal in double quotes, without them and with its escapes resolved. */
  record Text(String value) implements Operand {

    /** What stands for no value at all. */
    public static final Text EMPTY = new Text("");

    @Override
    public String toString() {
      StringBuilder quoted = new StringBuilder(value.length() + 2).append('"');
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        switch (c) {
          case '"' -> quoted.append("\\\"");
          case '\\' -> quoted.append("\\\\");
          case '\t' -> quoted.append("\\t");
          case '\n' -> quoted.append("\\n");
          case '\r' -> quoted.append("\\r");
          default -> quoted.append(c);
        }
      }
      return quoted.append('"').toString();
    }
  }

  /** A bare number, its digits kept as written. */
  record Figure(String value) implements Operand {
    @Override
    public String toString() {
      return value;
    }
  }

  /** A function call; arguments are bare words or whole numbers as written. */
  record Call(QueryFunction function, List<String> arguments) implements Operand {
    public Call {
      arguments = List.copyOf(arguments);
    }

    @Override
    public String toString() {
      return function + "(" + String.join(", ", arguments) + ")";
    }
  }
}
