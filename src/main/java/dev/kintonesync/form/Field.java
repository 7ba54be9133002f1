package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.message.Blank;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One field of an app's form: its settings, and what they mean for a value. Immutable. Two fields
 * are equal only if they are one.
 */
public final class Field {
  /** The combining marks begin here; before it nothing is ever composed with anything. */
  private static final char FIRST_TO_COMPOSE = '\u0300';

  private final String code;
  private final String label;
  private final FieldType type;
  private final ValueRules rules;
  private final NumberPrecision precision;
  private final boolean required;
  private final boolean unique;
  private final boolean hasDefault;
  private final @Nullable Lookup lookup;
  private final boolean calculated;
  private final int minLength;
  private final int maxLength;
  private final @Nullable BigDecimal minValue;
  private final @Nullable BigDecimal maxValue;
  private final String protocol;
  private final List<String> options;
  private final Set<String> optionSet;
  private final Map<String, Field> inner;
  private final boolean holdsFiles;
  private final @Nullable UserMessage readOnlyReason;

  private Field(
      String code, JsonNode settings, NumberPrecision precision, @Nullable String copiedBy) {
    this.code = code;
    this.label = settings.path("label").asText();
    this.type = FieldType.of(settings.path("type").asText());
    this.rules = ValueRules.of(type);
    this.precision = precision;
    this.required = settings.path("required").asBoolean();
    this.unique = settings.path("unique").asBoolean();
    this.hasDefault =
        !isEmpty(settings.get("defaultValue")) || settings.path("defaultNowValue").asBoolean();
    this.lookup = Lookup.of(settings.path("lookup"));
    this.calculated =
        type == FieldType.CALC
            || (type == FieldType.SINGLE_LINE_TEXT
                && !settings.path("expression").asText().isEmpty());
    this.minLength = settings.path("minLength").asInt(0);
    this.maxLength = settings.path("maxLength").asInt(Integer.MAX_VALUE);
    this.minValue = Decimals.parse(settings.path("minValue").asText());
    this.maxValue = Decimals.parse(settings.path("maxValue").asText());
    this.protocol = settings.path("protocol").asText();
    this.options = options(settings.path("options"));
    this.optionSet = new HashSet<>(options);
    this.inner = type == FieldType.SUBTABLE ? read(settings.path("fields"), precision) : Map.of();
    this.holdsFiles = type == FieldType.FILE || inner.values().stream().anyMatch(Field::holdsFiles);
    this.readOnlyReason = readOnlyReason(settings.path("type").asText(), copiedBy);
  }

  /** The fields of a form or of a table, by code, in the order of the answer. */
  static Map<String, Field> read(JsonNode properties, NumberPrecision precision) {
    var copiedBy = new HashMap<String, String>();
    for (Map.Entry<String, JsonNode> property : properties.properties()) {
      Lookup lookup = Lookup.of(property.getValue().path("lookup"));
      if (lookup != null) {
        lookup.copies().keySet().forEach(copy -> copiedBy.put(copy, property.getKey()));
      }
    }
    var fields = new LinkedHashMap<String, Field>();
    properties
        .properties()
        .forEach(
            property -> {
              String code = property.getKey();
              fields.put(code, new Field(code, property.getValue(), precision, copiedBy.get(code)));
            });
    return Collections.unmodifiableMap(fields);
  }

  private static List<String> options(JsonNode options) {
    var sorted = new ArrayList<>(options.properties());
    sorted.sort(Comparator.comparingInt(option -> option.getValue().path("index").asInt()));
    return sorted.stream().map(Map.Entry::getKey).toList();
  }

  private @Nullable UserMessage readOnlyReason(String kintoneType, @Nullable String copiedBy) {
    if (type == FieldType.OTHER) {
      return MessageCode.READ_ONLY_UNKNOWN_TYPE.with(kintoneType);
    }
    if (!type.valued()) {
      return MessageCode.READ_ONLY_NO_VALUE.with();
    }
    if (calculated) {
      return MessageCode.READ_ONLY_CALCULATED.with();
    }
    if (copiedBy != null) {
      return MessageCode.READ_ONLY_LOOKUP_COPY.with(copiedBy);
    }
    return type.input() ? null : MessageCode.READ_ONLY_SYSTEM.with();
  }

  /** The field code, by which Kintone's API and maps name the field. */
  public String code() {
    return code;
  }

  /** What people see above the field; need not be unique in an app. */
  public String label() {
    return label;
  }

  /** What kind of field this is; a lookup field has the type of its value. */
  public FieldType type() {
    return type;
  }

  /** How the app keeps numbers, this field's too. */
  public NumberPrecision precision() {
    return precision;
  }

  /** Whether Kintone refuses a record without a value here. */
  public boolean required() {
    return required && type.requirable();
  }

  /** Whether Kintone keeps two records from having the same value here; blanks do not count. */
  public boolean unique() {
    return unique;
  }

  /** Whether Kintone fills the field of a new record when the write does not mention it. */
  public boolean hasDefault() {
    return hasDefault;
  }

  /**
   * Where the field looks up its key, which then fills other fields; null when it is no lookup
   * field.
   */
  public @Nullable Lookup lookup() {
    return lookup;
  }

  /** Whether Kintone calculates the value: a CALC field, or a text with an expression. */
  public boolean calculated() {
    return calculated;
  }

  /** The least length of a text in UTF-16 units, 0 when not set; a blank is too short as well. */
  public int minLength() {
    return minLength;
  }

  /** The greatest length of a text in UTF-16 units; {@code Integer.MAX_VALUE} when not set. */
  public int maxLength() {
    return maxLength;
  }

  /** The least number; null when not set. */
  public @Nullable BigDecimal minValue() {
    return minValue;
  }

  /** The greatest number; null when not set. */
  public @Nullable BigDecimal maxValue() {
    return maxValue;
  }

  /** What a link leads to: {@code WEB}, {@code CALL} or {@code MAIL}; empty for other types. */
  public String protocol() {
    return protocol;
  }

  /** What may be chosen, in the order of the form. */
  public List<String> options() {
    return options;
  }

  boolean hasOption(String option) {
    return optionSet.contains(option);
  }

  /** The fields of a table by code, in their order; empty for other types. */
  public Map<String, Field> inner() {
    return inner;
  }

  /** Whether its values are files, or rows with files in them. */
  public boolean holdsFiles() {
    return holdsFiles;
  }

  /** Whether a write may contain this field. */
  public boolean writable() {
    return readOnlyReason == null;
  }

  /** Why a write must not contain this field, as half a sentence; null when it may. */
  public @Nullable UserMessage readOnlyReason() {
    return readOnlyReason;
  }

  /** As {@link #convert(Object, Conversion)}, with Kintone's own formats and Japanese time. */
  public Converted convert(@Nullable Object raw) {
    return convert(raw, Conversion.DEFAULT);
  }

  /**
   * The value as Kintone takes it, or why it would not. Converting what came out changes nothing
   * any more. Whether the field may be empty is another question: {@link #checkRequired}.
   *
   * @param raw text, a number, a boolean, a {@code java.time} value, a collection, a map or a JSON
   *     node; null and blank mean empty (tables and files are emptied only by an empty list)
   */
  public Converted convert(@Nullable Object raw, Conversion conversion) {
    return readOnlyReason == null
        ? rules.convert(this, RawValues.unwrap(raw), conversion)
        : new Converted.Refused(MessageCode.VALUE_FOR_READ_ONLY.with(name(), readOnlyReason));
  }

  /**
   * Whether two values under {@code "value"}, one to be written and one read, mean the same:
   * numbers by value at the app's precision, moments to the minute, several choices and users as
   * sets, line ends of long text alike, files by name and size, tables row by row by the fields
   * that both mention; null, {@code ""} and {@code []} alike.
   */
  public boolean same(@Nullable JsonNode one, @Nullable JsonNode other) {
    if (one == null || isEmpty(one) || other == null || isEmpty(other)) {
      return isEmpty(one) && isEmpty(other);
    }
    return rules.same(this, one, other);
  }

  /**
   * Whether Kintone would copy this value of another app as what stands here; also where it is one
   * that this field cannot hold.
   */
  boolean isCopyOf(JsonNode there, JsonNode here) {
    Converted copied = rules.convert(this, RawValues.unwrap(there), Conversion.DEFAULT);
    return !(copied instanceof Converted.Value value) || same(value.json(), here);
  }

  /** Whether {@link #checkRequired} can have anything to say. */
  boolean demandsValue() {
    return required()
        || minLength > 0
        || inner.values().stream().anyMatch(field -> field.writable() && field.demandsValue());
  }

  /**
   * Why Kintone would refuse a record with this value, or without one, for being blank; null when
   * it would not. In a table, every row is held to it.
   */
  public @Nullable UserMessage checkRequired(@Nullable JsonNode value) {
    if (required() && isEmpty(value)) {
      return MessageCode.VALUE_REQUIRED.with(name());
    }
    if (minLength > 0 && isEmpty(value)) {
      return MessageCode.VALUE_TOO_SHORT.with(name(), "", 0, minLength);
    }
    if (type != FieldType.SUBTABLE || value == null) {
      return null;
    }
    for (int row = 0; row < value.size(); row++) {
      for (Map.Entry<String, JsonNode> cell : value.path(row).path("value").properties()) {
        Field field = inner.get(cell.getKey());
        UserMessage problem =
            field == null || !field.writable()
                ? null
                : field.checkRequired(cell.getValue().get("value"));
        if (problem != null) {
          return MessageCode.TABLE_ROW.with(name(), row + 1, problem);
        }
      }
    }
    return null;
  }

  /**
   * The one way to write a key of this field: text without what nobody sees and in Unicode's
   * composed form, a number plain and at the app's precision, a record number without the app's
   * code. Null when blank. What cannot be a value of the field comes back as text, and equals no
   * key of a record. Of a record that was read, {@code $id} is the surer record number.
   */
  public @Nullable String canonicalKey(@Nullable Object raw) {
    boolean number = type == FieldType.NUMBER || type == FieldType.RECORD_NUMBER;
    Object value = RawValues.unwrap(raw);
    String text = number ? RawValues.digits(value) : RawValues.text(value);
    String bare = text == null ? "" : Blank.visible(text);
    if (bare.isEmpty()) {
      return null;
    }
    return switch (type) {
      case NUMBER -> NumberRules.key(this, bare);
      case RECORD_NUMBER -> recordNumber(bare);
      default -> isComposed(bare) ? bare : Normalizer.normalize(bare, Normalizer.Form.NFC);
    };
  }

  /** Whether a text has only letters that are as Unicode composes them, and nothing to compose. */
  private static boolean isComposed(String text) {
    for (int at = 0; at < text.length(); at++) {
      if (text.charAt(at) >= FIRST_TO_COMPOSE) {
        return false;
      }
    }
    return true;
  }

  /** {@code SALES-12} is 12; {@code 03-12} is no record number: a code has letters. */
  private static String recordNumber(String text) {
    int hyphen = text.lastIndexOf('-');
    if (hyphen >= 0 && text.chars().limit(hyphen).noneMatch(Character::isLetter)) {
      return text;
    }
    BigDecimal number = Decimals.parse(text.substring(hyphen + 1));
    return number == null || number.scale() != 0 ? text : Decimals.canonical(number);
  }

  private static boolean isEmpty(@Nullable JsonNode value) {
    return value == null
        || value.isNull()
        || value.isMissingNode()
        || (value.isTextual() && value.textValue().isEmpty())
        || (value.isArray() && value.isEmpty());
  }

  /** Code and label, as messages name the field: {@code tel (電話番号)}. */
  public String name() {
    return label.isEmpty() || label.equals(code) ? code : code + " (" + label + ")";
  }

  @Override
  public String toString() {
    return name();
  }
}
