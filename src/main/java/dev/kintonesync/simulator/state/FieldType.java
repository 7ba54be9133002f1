package dev.kintonesync.simulator.state;

import org.jspecify.annotations.Nullable;

/** The field types of a Kintone form, with the shape their values are kept in. */
public enum FieldType {
  SINGLE_LINE_TEXT(Shape.TEXT, true),
  MULTI_LINE_TEXT(Shape.TEXT),
  RICH_TEXT(Shape.TEXT),
  LINK(Shape.TEXT, true),
  NUMBER(Shape.NUMBER, true),
  CALC(Shape.COMPUTED),
  DROP_DOWN(Shape.CHOICE),
  RADIO_BUTTON(Shape.CHOICE),
  CHECK_BOX(Shape.CHOICES),
  MULTI_SELECT(Shape.CHOICES),
  DATE(Shape.DATE, true),
  TIME(Shape.TIME),
  DATETIME(Shape.DATETIME, true),
  USER_SELECT(Shape.ENTITIES),
  ORGANIZATION_SELECT(Shape.ENTITIES),
  GROUP_SELECT(Shape.ENTITIES),
  FILE(Shape.FILES),
  SUBTABLE(Shape.TABLE),
  RECORD_NUMBER(Shape.SYSTEM),
  CREATOR(Shape.SYSTEM),
  CREATED_TIME(Shape.SYSTEM),
  MODIFIER(Shape.SYSTEM),
  UPDATED_TIME(Shape.SYSTEM),
  CATEGORY(Shape.PROCESS),
  STATUS(Shape.PROCESS),
  STATUS_ASSIGNEE(Shape.PROCESS),
  REFERENCE_TABLE(Shape.LAYOUT),
  GROUP(Shape.LAYOUT);

  /**
   * How a cell is held: TEXT, CHOICE as {@code String}; NUMBER as {@code BigDecimal}; CHOICES and
   * ENTITIES as {@code List<String>} (entities by code); DATE, TIME, DATETIME as {@code LocalDate},
   * {@code LocalTime}, {@code Instant}; FILES as {@code List<StoredFile>}; TABLE as {@code
   * List<TableRow>}; COMPUTED as {@code BigDecimal}. Empty is null, or no slot. SYSTEM values live
   * in the record itself, LAYOUT has none.
   */
  public enum Shape {
    TEXT,
    NUMBER,
    COMPUTED,
    CHOICE,
    CHOICES,
    DATE,
    TIME,
    DATETIME,
    ENTITIES,
    FILES,
    TABLE,
    SYSTEM,
    PROCESS,
    LAYOUT
  }

  private final Shape shape;
  private final boolean mayBeUnique;

  FieldType(Shape shape) {
    this(shape, false);
  }

  FieldType(Shape shape, boolean mayBeUnique) {
    this.shape = shape;
    this.mayBeUnique = mayBeUnique;
  }

  /** How its values are kept. */
  public Shape shape() {
    return shape;
  }

  /** Whether "prohibit duplicate values" exists for the type; elsewhere it is silently dropped. */
  public boolean mayBeUnique() {
    return mayBeUnique;
  }

  /** Whether a unique field of this type can be an update key. */
  public boolean mayBeUpdateKey() {
    return this == SINGLE_LINE_TEXT || this == NUMBER;
  }

  /** Whether a person or a client enters its values. */
  public boolean isInput() {
    return switch (shape) {
      case COMPUTED, SYSTEM, PROCESS, LAYOUT -> false;
      default -> true;
    };
  }

  /** Whether the type is one of those each app is born with and that cannot be added. */
  public boolean isBuiltIn() {
    return shape == Shape.SYSTEM || shape == Shape.PROCESS;
  }

  /** The type of that name, or null. */
  public static @Nullable FieldType named(String name) {
    for (FieldType type : values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    return null;
  }
}
