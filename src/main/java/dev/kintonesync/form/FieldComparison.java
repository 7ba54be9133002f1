package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.message.UserMessage;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Compares the values of a source with those of records: whether they differ, and what to write.
 */
public final class FieldComparison {
  private final TableOptions tables;
  private final @Nullable Attachments attachments;

  FieldComparison(TableOptions tables, @Nullable Attachments attachments) {
    this.tables = tables;
    this.attachments = attachments;
  }

  /**
   * Why the rows of a table cannot be written over those of a record; null when they can, and of
   * any other field.
   *
   * @param ours the value of the source, as a write takes it
   * @param stored the value of the record, as a read gives it
   */
  public @Nullable UserMessage checkRows(Field field, JsonNode ours, @Nullable JsonNode stored) {
    return field.type() == FieldType.SUBTABLE && stored != null
        ? TableRows.lost(field, ours, stored, tables)
        : null;
  }

  /**
   * What is to be written so that a field of a record becomes what the source says; null when it is
   * so already. Of a table, all rows that the record is to have, with their ids; of attachments,
   * all files, those that stay as the record has them.
   *
   * @param ours the value of the source, as a write takes it
   * @param cells the record, as a read gives it
   * @param again whether a value that is as it should be is written again, by its field and the
   *     record or the row of a table that it stands in
   * @param richTextsAsSent whether rich texts only look different, because Kintone rewrites them
   */
  public @Nullable JsonNode toWrite(
      Field field,
      JsonNode ours,
      JsonNode cells,
      BiPredicate<Field, JsonNode> again,
      boolean richTextsAsSent) {
    JsonNode stored = cells.path(field.code()).get("value");
    if (field.type() == FieldType.SUBTABLE) {
      return TableRows.toWrite(field, ours, stored, tables, attachments, again, richTextsAsSent);
    }
    if (field.type() == FieldType.FILE) {
      return FileList.toWrite(field, ours, stored, attachments);
    }
    boolean same =
        (richTextsAsSent && field.type() == FieldType.RICH_TEXT) || field.same(ours, stored);
    return same && !again.test(field, cells) ? null : ours;
  }

  /**
   * The rich text in a value of the source, of a table that of all its rows; null when there is
   * none.
   *
   * @param ours the value of the source, as a write takes it
   */
  public @Nullable String richText(Field field, JsonNode ours) {
    return switch (field.type()) {
      case RICH_TEXT -> ours.asText();
      case SUBTABLE -> TableRows.richTexts(field, ours);
      default -> null;
    };
  }

  /** The rich text that a record holds in a field; null when it holds nothing there. */
  public @Nullable String richTextThere(Field field, JsonNode ours, @Nullable JsonNode stored) {
    if (stored == null) {
      return null;
    }
    return field.type() == FieldType.SUBTABLE
        ? TableRows.richTextsThere(field, ours, stored, tables)
        : stored.asText();
  }
}
