package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.message.EditDistance;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The form of an app: its fields at one revision. Immutable. */
public final class Form {
  private static final int NEAREST = 3;
  private static final int LISTED = 20;

  private final String app;
  private final long revision;
  private final Map<String, Field> fields;
  private final Map<String, List<Field>> byLabel;

  private Form(String app, long revision, Map<String, Field> fields) {
    this.app = app;
    this.revision = revision;
    this.fields = fields;
    this.byLabel =
        fields.values().stream()
            .filter(field -> field.type().valued() && !field.label().isEmpty())
            .collect(Collectors.groupingBy(Field::label, Collectors.toUnmodifiableList()));
  }

  /**
   * Reads the form.
   *
   * @param app the app's id, for messages
   * @param fieldsJson the answer of {@code GET app/form/fields.json}
   * @param precision how the app keeps numbers
   * @throws IllegalArgumentException when that is no such answer
   */
  public static Form of(String app, JsonNode fieldsJson, NumberPrecision precision) {
    JsonNode properties = fieldsJson.path("properties");
    if (!properties.isObject()) {
      throw new IllegalArgumentException("no answer of app/form/fields.json: no properties");
    }
    return new Form(app, fieldsJson.path("revision").asLong(), Field.read(properties, precision));
  }

  /** Returns the id of the app that has this form. */
  public String app() {
    return app;
  }

  /** Counts the changes of the app's settings; 0 when the answer did not say. */
  public long revision() {
    return revision;
  }

  /** All fields outside of tables, in the order of the answer. */
  public Collection<Field> fields() {
    return fields.values();
  }

  /** The field with this code, outside of tables; null when there is none. */
  public @Nullable Field field(String code) {
    return fields.get(code);
  }

  /** The fields outside of tables whose label this is: labels may repeat. */
  public List<Field> byLabel(String label) {
    return byLabel.getOrDefault(label, List.of());
  }

  /** The table that has an inner field of this code or label; null when none has. */
  @Nullable Field tableOf(String codeOrLabel) {
    return fields.values().stream()
        .filter(
            table ->
                table.inner().containsKey(codeOrLabel)
                    || table.inner().values().stream()
                        .anyMatch(inner -> inner.label().equals(codeOrLabel)))
        .findFirst()
        .orElse(null);
  }

  /**
   * A field inside of a table, by its code, by {@code TABLE.FIELD}, or else by a label that no
   * other field inside of a table has; null when there is none.
   */
  @Nullable Inner inner(String name) {
    List<Inner> byLabel = new ArrayList<>();
    for (Field table : fields.values()) {
      for (Field field : table.inner().values()) {
        if (field.code().equals(name) || (table.code() + "." + field.code()).equals(name)) {
          return new Inner(table, field);
        }
        if (field.label().equals(name)) {
          byLabel.add(new Inner(table, field));
        }
      }
    }
    return byLabel.size() == 1 ? byLabel.get(0) : null;
  }

  /** All lookup fields, those inside of tables too. */
  public Stream<Field> lookups() {
    return fields.values().stream()
        .flatMap(field -> Stream.concat(Stream.of(field), field.inner().values().stream()))
        .filter(field -> field.lookup() != null);
  }

  /** A field inside of a table. */
  record Inner(Field table, Field field) {}

  /** The fields that somebody may have meant by this code or label: none, or up to three. */
  public List<Field> nearest(String codeOrLabel) {
    int least =
        fields.values().stream()
            .mapToInt(field -> distance(codeOrLabel, field))
            .min()
            .orElse(EditDistance.FAR);
    return fields.values().stream()
        .filter(field -> least < EditDistance.FAR && distance(codeOrLabel, field) == least)
        .limit(NEAREST)
        .toList();
  }

  private static int distance(String wanted, Field field) {
    return Math.min(
        EditDistance.distance(wanted, field.code()), EditDistance.distance(wanted, field.label()));
  }

  /** Names the nearest fields, or those that there are when none is near. */
  UserMessage suggestion(String codeOrLabel) {
    List<Field> near = nearest(codeOrLabel);
    if (!near.isEmpty()) {
      return MessageCode.FIELDS_NEAREST.with(names(near));
    }
    List<Field> valued = fields.values().stream().filter(f -> f.type().valued()).toList();
    String names = names(valued.stream().limit(LISTED).toList());
    int more = valued.size() - LISTED;
    return MessageCode.FIELDS_ALL.with(more > 0 ? names + " (+" + more + ")" : names);
  }

  static String names(Collection<Field> fields) {
    return fields.stream().map(Field::name).collect(Collectors.joining(", "));
  }

  /**
   * The field that is to identify records, after Kintone's rules for update keys.
   *
   * @throws UserErrorException when there is no such field, or it cannot identify records: it says
   *     why, and what to do
   */
  public Field requireKey(String code) {
    Field field = fields.get(code);
    if (field == null) {
      Field table = tableOf(code);
      throw new UserErrorException(
          table == null
              ? MessageCode.KEY_FIELD_MISSING.with(app, code, suggestion(code))
              : MessageCode.KEY_FIELD_IN_TABLE.with(app, code, table.name()));
    }
    UserMessage reason = unfitAsKey(field);
    if (reason != null) {
      throw new UserErrorException(reason);
    }
    return field;
  }

  /** Whether records can be told apart by a field. */
  boolean isKey(Field field) {
    return unfitAsKey(field) == null;
  }

  /** The fields by which records can be told apart, in the order of the answer. */
  public List<Field> keys() {
    return fields.values().stream().filter(this::isKey).toList();
  }

  private @Nullable UserMessage unfitAsKey(Field field) {
    if (!field.type().updateKey()) {
      return MessageCode.KEY_FIELD_WRONG_TYPE.with(app, field.name(), field.type().name());
    }
    if (field.type() == FieldType.RECORD_NUMBER) {
      return null;
    }
    if (field.lookup() != null) {
      return MessageCode.KEY_FIELD_LOOKUP.with(app, field.name());
    }
    UserMessage readOnly = field.readOnlyReason();
    if (readOnly != null) {
      return MessageCode.KEY_FIELD_READ_ONLY.with(app, field.name(), readOnly);
    }
    return field.unique() ? null : MessageCode.KEY_FIELD_NOT_UNIQUE.with(app, field.name());
  }
}
