package dev.kintonesync.simulator.query;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a record must satisfy. {@code toString} writes it as a query that parses to an equal tree.
 */
public sealed interface Condition {

  /**
   * Every part holds. An {@code and} directly within an {@code and} is taken apart into its parts,
   * so that trees which mean the same are equal. There are at least two parts.
   */
  record And(List<Condition> parts) implements Condition {
    public And {
      parts = flat(parts, part -> part instanceof And and ? and.parts() : List.of(part));
    }

    @Override
    public String toString() {
      return parts.stream()
          .map(part -> part instanceof Or ? "(" + part + ")" : part.toString())
          .collect(Collectors.joining(" and "));
    }
  }

  /** At least one of two or more parts holds; taken apart like {@link And}. */
  record Or(List<Condition> parts) implements Condition {
    public Or {
      parts = flat(parts, part -> part instanceof Or or ? or.parts() : List.of(part));
    }

    @Override
    public String toString() {
      return parts.stream().map(Condition::toString).collect(Collectors.joining(" or "));
    }
  }

  /**
   * A field against operands: none for {@code is empty}, at least one for {@code in}, exactly one
   * otherwise.
   */
  record Comparison(String field, Operator operator, List<Operand> operands) implements Condition {
    public Comparison {
      operands = List.copyOf(operands);
      int count = operands.size();
      boolean fits =
          switch (operator.positive()) {
            case IS_EMPTY -> count == 0;
            case IN -> count > 0;
            default -> count == 1;
          };
      if (!fits) {
        throw new IllegalArgumentException(count + " operands for " + operator.symbol());
      }
    }

    @Override
    public String toString() {
      String head = field + " " + operator.symbol();
      return switch (operator.positive()) {
        case IS_EMPTY -> head;
        case IN ->
            operands.stream()
                .map(Operand::toString)
                .collect(Collectors.joining(", ", head + " (", ")"));
        default -> head + " " + operands.get(0);
      };
    }
  }

  private static List<Condition> flat(
      List<Condition> parts, Function<Condition, List<Condition>> takeApart) {
    List<Condition> flat = new ArrayList<>(parts.size());
    parts.forEach(part -> flat.addAll(takeApart.apply(part)));
    if (flat.size() < 2) {
      throw new IllegalArgumentException("a single condition needs no and, no or");
    }
    return List.copyOf(flat);
  }
}
