package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** How the values of a family of field types are converted to what Kintone takes, and compared. */
interface ValueRules {

  /**
   * The value as Kintone takes it in a write.
   *
   * @param raw what the source gave, already taken out of its JSON node: null, a scalar, a
   *     collection, an {@code ArrayNode}, a map or an {@code ObjectNode}
   */
  Converted convert(Field field, @Nullable Object raw, Conversion conversion);

  /** Whether two values, neither of them empty, mean the same to Kintone; symmetric. */
  boolean same(Field field, JsonNode one, JsonNode other);

  /** The rules of a type. */
  static ValueRules of(FieldType type) {
    return switch (type) {
      case NUMBER -> new NumberRules();
      case DROP_DOWN, RADIO_BUTTON -> new ChoiceRules();
      case CHECK_BOX, MULTI_SELECT, CATEGORY -> new ChoicesRules();
      case DATE -> new MomentRules(MomentRules.Grain.DATE);
      case TIME -> new MomentRules(MomentRules.Grain.TIME);
      case DATETIME, CREATED_TIME, UPDATED_TIME -> new MomentRules(MomentRules.Grain.DATETIME);
      case USER_SELECT, ORGANIZATION_SELECT, GROUP_SELECT, CREATOR, MODIFIER, STATUS_ASSIGNEE ->
          new EntityRules();
      case FILE -> new FileRules();
      case SUBTABLE -> new TableRules();
      default -> new TextRules();
    };
  }
}
