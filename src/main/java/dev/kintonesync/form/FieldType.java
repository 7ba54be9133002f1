package dev.kintonesync.form;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Kintone's field types, by the names that its API uses, and what holds for every field of a type.
 * What depends on one field's settings (a text that Kintone calculates itself, a field that a
 * lookup fills) is known to {@link Field}.
 *
 * <p>Source: Kintone's "Field types" page, {@code
 * https://kintone.dev/en/docs/kintone/overview/field-types/}.
 */
public enum FieldType {
  SINGLE_LINE_TEXT(Use.INPUT, Use.UPDATE_KEY),
  MULTI_LINE_TEXT(Use.INPUT),
  RICH_TEXT(Use.INPUT),
  NUMBER(Use.INPUT, Use.UPDATE_KEY),
  CHECK_BOX(Use.INPUT),
  /** Kintone does not enforce {@code required} here: in its form one option is always chosen. */
  RADIO_BUTTON(Use.INPUT, Use.NEVER_REQUIRED),
  MULTI_SELECT(Use.INPUT),
  DROP_DOWN(Use.INPUT),
  DATE(Use.INPUT),
  TIME(Use.INPUT),
  DATETIME(Use.INPUT),
  LINK(Use.INPUT),
  FILE(Use.INPUT),
  USER_SELECT(Use.INPUT),
  ORGANIZATION_SELECT(Use.INPUT),
  GROUP_SELECT(Use.INPUT),
  SUBTABLE(Use.INPUT, Use.NEVER_REQUIRED),

  /** Counted by Kintone; good as a key, because it never changes and never repeats. */
  RECORD_NUMBER(Use.UPDATE_KEY),
  CREATOR,
  CREATED_TIME,
  MODIFIER,
  UPDATED_TIME,
  CALC,
  CATEGORY,
  STATUS,
  STATUS_ASSIGNEE,

  REFERENCE_TABLE(Use.NO_VALUE),
  GROUP(Use.NO_VALUE),
  LABEL(Use.NO_VALUE),
  SPACER(Use.NO_VALUE),
  HR(Use.NO_VALUE),

  /** A type that Kintone has and this version does not know; never written. */
  OTHER(Use.NO_VALUE);

  private enum Use {
    INPUT,
    UPDATE_KEY,
    NEVER_REQUIRED,
    NO_VALUE
  }

  private static final Map<String, FieldType> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(FieldType::name, Function.identity()));

  private final boolean input;
  private final boolean updateKey;
  private final boolean requirable;
  private final boolean valued;

  FieldType(Use... uses) {
    var all = Arrays.asList(uses);
    this.input = all.contains(Use.INPUT);
    this.updateKey = all.contains(Use.UPDATE_KEY);
    this.requirable = input && !all.contains(Use.NEVER_REQUIRED);
    this.valued = !all.contains(Use.NO_VALUE);
  }

  /** The type that Kintone calls {@code name}; {@link #OTHER} for one that is not known here. */
  public static FieldType of(String name) {
    return BY_NAME.getOrDefault(name, OTHER);
  }

  /** Whether a client may write such a field, on add and on update alike. */
  public boolean input() {
    return input;
  }

  /** Whether a field of this type can identify a record, provided its settings allow it. */
  public boolean updateKey() {
    return updateKey;
  }

  /** Whether any number of options may be chosen. */
  boolean takesOptions() {
    return this == CHECK_BOX || this == MULTI_SELECT;
  }

  /** Whether Kintone enforces the setting "required" for this type. */
  boolean requirable() {
    return requirable;
  }

  /** Whether records have a value of such a field; false for what only decorates a form. */
  public boolean valued() {
    return valued;
  }
}
