package dev.kintonesync.simulator.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.state.FieldType;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The properties each field type has in the settings API, with their defaults. */
final class FieldProperties {
  private static final Map<FieldType, ObjectNode> DEFAULTS = new EnumMap<>(FieldType.class);

  static {
    String input = "'type':'', 'code':'', 'label':'', 'noLabel':false";
    String text = input + ", 'required':false, 'defaultValue':''";
    String lengths = ", 'unique':false, 'minLength':'', 'maxLength':''";
    String unit = ", 'displayScale':'', 'unit':'', 'unitPosition':'BEFORE'";
    String expression = ", 'expression':'', 'hideExpression':false";
    String options = input + ", 'required':false, 'options':{}";
    String entities = input + ", 'required':false, 'entities':[], 'defaultValue':[]";
    define(FieldType.SINGLE_LINE_TEXT, text + lengths + expression);
    define(FieldType.MULTI_LINE_TEXT, text);
    define(FieldType.RICH_TEXT, text);
    define(FieldType.LINK, text + lengths + ", 'protocol':'WEB'");
    define(
        FieldType.NUMBER,
        text + ", 'unique':false, 'minValue':'', 'maxValue':'', 'digit':false" + unit);
    define(
        FieldType.CALC, input + ", 'required':false" + expression + ", 'format':'NUMBER'" + unit);
    define(FieldType.CHECK_BOX, options + ", 'defaultValue':[], 'align':'HORIZONTAL'");
    define(FieldType.RADIO_BUTTON, options + ", 'defaultValue':'', 'align':'HORIZONTAL'");
    define(FieldType.MULTI_SELECT, options + ", 'defaultValue':[]");
    define(FieldType.DROP_DOWN, options + ", 'defaultValue':''");
    define(FieldType.DATE, text + ", 'unique':false, 'defaultNowValue':false");
    define(FieldType.TIME, text + ", 'defaultNowValue':false");
    define(FieldType.DATETIME, text + ", 'unique':false, 'defaultNowValue':false");
    define(FieldType.USER_SELECT, entities);
    define(FieldType.ORGANIZATION_SELECT, entities);
    define(FieldType.GROUP_SELECT, entities);
    define(FieldType.FILE, input + ", 'required':false, 'thumbnailSize':'150'");
    define(FieldType.SUBTABLE, input + ", 'fields':{}");
    define(FieldType.REFERENCE_TABLE, input + ", 'referenceTable':{}");
    define(FieldType.GROUP, input + ", 'openGroup':false");
  }

  private FieldProperties() {}

  private static void define(FieldType type, String properties) {
    try {
      String json = "{" + properties.replace('\'', '"') + "}";
      DEFAULTS.put(type, (ObjectNode) new JsonMapper().readTree(json));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All properties of a type as they are when nobody sets them. */
  static ObjectNode defaults(FieldType type) {
    ObjectNode defaults = DEFAULTS.get(type);
    if (defaults == null) {
      throw new IllegalArgumentException(type.name());
    }
    return defaults.deepCopy();
  }

  /** The names of the properties a type knows; others are ignored. */
  static Set<String> known(FieldType type) {
    Set<String> names = new HashSet<>();
    defaults(type).fieldNames().forEachRemaining(names::add);
    if (type == FieldType.SINGLE_LINE_TEXT || type == FieldType.NUMBER || type == FieldType.LINK) {
      names.add("lookup");
    }
    return names;
  }
}
