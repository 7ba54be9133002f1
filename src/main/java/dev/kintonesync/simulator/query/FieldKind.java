package dev.kintonesync.simulator.query;

import static dev.kintonesync.simulator.query.Operator.*;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Kintone's field types by their own names, with what a query may do with each: the operators and
 * whether one can sort by it. ({@code $id} is {@link #ID}; its wire name is {@code __ID__}.)
 */
public enum FieldKind {
  ID(true, Group.EQUALITY, Group.RANGE, Group.LIST),
  RECORD_NUMBER(true, Group.EQUALITY, Group.RANGE, Group.LIST),
  NUMBER(true, Group.EQUALITY, Group.RANGE, Group.LIST),
  CALC(true, Group.EQUALITY, Group.RANGE, Group.LIST),
  SINGLE_LINE_TEXT(true, Group.EQUALITY, Group.LIST, Group.SEARCH),
  LINK(true, Group.EQUALITY, Group.LIST, Group.SEARCH),
  MULTI_LINE_TEXT(false, Group.SEARCH, Group.EMPTINESS),
  RICH_TEXT(false, Group.SEARCH, Group.EMPTINESS),
  FILE(false, Group.SEARCH, Group.EMPTINESS),
  CHECK_BOX(false, Group.LIST),
  MULTI_SELECT(false, Group.LIST),
  RADIO_BUTTON(true, Group.LIST),
  DROP_DOWN(true, Group.LIST),
  USER_SELECT(false, Group.LIST),
  ORGANIZATION_SELECT(false, Group.LIST),
  GROUP_SELECT(false, Group.LIST),
  CREATOR(true, Group.LIST),
  MODIFIER(true, Group.LIST),
  CATEGORY(false, Group.LIST),
  STATUS(true, Group.EQUALITY, Group.LIST),
  STATUS_ASSIGNEE(false, Group.LIST),
  DATE(true, Group.EQUALITY, Group.RANGE),
  TIME(true, Group.EQUALITY, Group.RANGE),
  DATETIME(true, Group.EQUALITY, Group.RANGE),
  CREATED_TIME(true, Group.EQUALITY, Group.RANGE),
  UPDATED_TIME(true, Group.EQUALITY, Group.RANGE),
  SUBTABLE(false),
  REFERENCE_TABLE(false),
  GROUP(false);

  private final boolean sortable;

  @SuppressWarnings("ImmutableEnumChecker") // unmodifiable, and of enum constants
  private final Set<Operator> operators;

  FieldKind(boolean sortable, Group... groups) {
    this.sortable = sortable;
    EnumSet<Operator> all = EnumSet.noneOf(Operator.class);
    for (Group group : groups) {
      all.addAll(group.operators);
    }
    this.operators = Collections.unmodifiableSet(all);
  }

  boolean sortable() {
    return sortable;
  }

  /**
   * Whether the operator is known to the type. Within a table, where {@code =} is refused, {@code
   * in} takes its place for every type that has {@code =} elsewhere.
   */
  boolean allows(Operator operator, boolean inTable) {
    return operators.contains(operator)
        || (inTable && operator.positive() == IN && operators.contains(EQUAL));
  }

  /** Columns of the table of operators per type. */
  private enum Group {
    EQUALITY(EQUAL, NOT_EQUAL),
    RANGE(GREATER, LESS, GREATER_OR_EQUAL, LESS_OR_EQUAL),
    LIST(IN, NOT_IN),
    SEARCH(LIKE, NOT_LIKE),
    EMPTINESS(IS_EMPTY, IS_NOT_EMPTY);

    @SuppressWarnings("ImmutableEnumChecker") // unmodifiable, and of enum constants
    private final Set<Operator> operators;

    Group(Operator first, Operator... others) {
      this.operators = Collections.unmodifiableSet(EnumSet.of(first, others));
    }
  }
}
