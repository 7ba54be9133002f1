package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.LookupSources;
import dev.kintonesync.form.ValueProblem;
import dev.kintonesync.kintone.KintoneRecord;
import dev.kintonesync.message.UserMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * In what a source record and a record that Kintone holds differ, by the rules of the job: what an
 * update has to write, and what it changes.
 */
final class Differences {
  private final SyncRecord record;
  private final Target target;
  private final LookupSources sources;

  Differences(SyncRecord record, Target target, LookupSources sources) {
    this.record = record;
    this.target = target;
    this.sources = sources;
  }

  /**
   * What is to be written: everything where there is no record, else what differs.
   *
   * @param now the record that Kintone holds; null: none
   * @param values what the source says; what a plan or a removal wants takes their place
   */
  Map<String, JsonNode> toWrite(@Nullable KintoneRecord now, Map<String, JsonNode> values) {
    if (record.planned() != null) {
      return record.planned().open(now, target.form());
    } else if (record.removed()) {
      return now == null ? Map.of() : between(now, target.marks());
    }
    return now == null ? values : between(now, values);
  }

  private Map<String, JsonNode> between(KintoneRecord now, Map<String, JsonNode> wanted) {
    boolean refreshes = refreshes(now);
    BiPredicate<Field, JsonNode> again =
        (field, cells) -> refreshes && !staleCopies(field, cells).isEmpty();
    var differing = new LinkedHashMap<String, JsonNode>();
    wanted.forEach(
        (code, ours) -> {
          Field field = target.form().field(code);
          if (field != null && !code.equals(target.key().code()) && isOurs(field, now)) {
            JsonNode toWrite = toWrite(field, ours, now, again);
            if (toWrite != null) {
              differing.put(code, toWrite);
            }
          }
        });
    return differing;
  }

  private @Nullable JsonNode toWrite(
      Field field, JsonNode ours, KintoneRecord now, BiPredicate<Field, JsonNode> again) {
    var mapping = target.mapping();
    JsonNode toWrite = mapping.comparison().toWrite(field, ours, now.cells(), again, false);
    return toWrite != null && isRichTextAsSent(field, ours, now)
        ? mapping.comparison().toWrite(field, ours, now.cells(), again, true)
        : toWrite;
  }

  /** Whether rich text only looks different because Kintone rewrites it. */
  private boolean isRichTextAsSent(Field field, JsonNode ours, KintoneRecord now) {
    String text = target.mapping().comparison().richText(field, ours);
    String there =
        text == null
            ? null
            : target.mapping().comparison().richTextThere(field, ours, now.value(field.code()));
    return text != null
        && there != null
        && target.richTexts().isAsSent(now.id(), field.code(), text, there, overEdit(now) == null);
  }

  /** Whether the source has the say over a field of a record that is there. */
  boolean isOurs(Field field, KintoneRecord now) {
    var rules = target.rules();
    return !rules.onInsert().contains(field.code())
        && (!rules.ifEmpty().contains(field.code()) || field.same(null, now.value(field.code())));
  }

  /**
   * The keys of lookup fields whose copies in a record that is there are to follow the other apps.
   */
  void refreshedKeys(KintoneRecord now, BiConsumer<Field, JsonNode> keys) {
    if (!refreshes(now)) {
      return;
    }
    record
        .values()
        .forEach(
            (code, ours) -> {
              Field field = target.form().field(code);
              if (field != null && isOurs(field, now)) {
                refreshedKey(field, ours, keys);
                for (JsonNode row : field.inner().isEmpty() ? List.<JsonNode>of() : ours) {
                  row.path("value")
                      .properties()
                      .forEach(
                          cell ->
                              refreshedKey(
                                  field.inner().get(cell.getKey()),
                                  cell.getValue().path("value"),
                                  keys));
                }
              }
            });
  }

  private void refreshedKey(@Nullable Field field, JsonNode key, BiConsumer<Field, JsonNode> keys) {
    if (field != null && target.rules().refresh().covers(field) && !field.same(null, key)) {
      keys.accept(field, key);
    }
  }

  /**
   * Whether copies may be refreshed. Of a record that the job would rather leave to whoever saved
   * it last they are not: no value of the source is missing there, so that its row is not rejected.
   */
  private boolean refreshes(KintoneRecord now) {
    var rules = target.rules();
    return !record.removed()
        && !rules.refresh().isNone()
        && !hasMoved(now)
        && (rules.handEdits() == Rules.HandEdits.OVERWRITE || overEdit(now) == null);
  }

  /** The copies of a field that are not what the other app holds, and what it holds. */
  private Map<String, JsonNode> staleCopies(Field field, JsonNode cells) {
    return target.rules().refresh().covers(field) ? sources.stale(field, cells) : Map.of();
  }

  /**
   * Why Kintone would refuse a write in any case: a required field left empty, rows of a table that
   * cannot be told apart.
   *
   * @param now the record that is updated; null: one is added
   * @param values what the source says
   * @param changes what of it is written
   * @return null when nothing is wrong
   */
  @Nullable ValueProblem problem(
      @Nullable KintoneRecord now, Map<String, JsonNode> values, Map<String, JsonNode> changes) {
    var mapping = target.mapping();
    var problems = now == null ? mapping.checkInsert(values) : mapping.checkUpdate(changes);
    if (!problems.isEmpty()) {
      return problems.get(0);
    }
    return now == null || record.planned() != null ? null : rowProblem(now, values, changes);
  }

  /** Why Kintone would refuse values in any case, whether or not there is a record. */
  @Nullable ValueProblem problemUnseen(Map<String, JsonNode> values) {
    var problems = target.mapping().checkUpdate(values);
    return problems.isEmpty() ? null : problems.get(0);
  }

  private @Nullable ValueProblem rowProblem(
      KintoneRecord now, Map<String, JsonNode> values, Map<String, JsonNode> changes) {
    for (String code : changes.keySet()) {
      Field field = target.form().field(code);
      JsonNode ours = values.get(code);
      UserMessage problem =
          field == null || ours == null
              ? null
              : target.mapping().comparison().checkRows(field, ours, now.value(code));
      if (problem != null) {
        return new ValueProblem(null, code, problem);
      }
    }
    return null;
  }

  /**
   * What a write of values changes in the record.
   *
   * @param before what was there; null: the record is added
   * @param id Kintone's record id; null for an insert that was only planned
   * @param revision the revision that the write left; null where it was only planned
   */
  Change change(
      Outcome outcome,
      @Nullable KintoneRecord before,
      Map<String, JsonNode> written,
      @Nullable String id,
      @Nullable Long revision) {
    var fields = new LinkedHashMap<String, Change.Values>();
    var again = new LinkedHashMap<String, JsonNode>();
    written.forEach(
        (code, after) -> {
          var changed = changed(before, code, after);
          fields.putAll(changed);
          if (!changed.containsKey(code) && !target.writes()) {
            again.put(code, after);
          }
        });
    return new Change(
        outcome,
        record.key(),
        id,
        before == null ? null : overEdit(before),
        record.source().position().number(),
        record.removed(),
        fields,
        richTexts(written.keySet()),
        before == null ? null : before.revision(),
        revision,
        again);
  }

  /** What a removal changes: all that was there is gone. */
  Change removal(KintoneRecord before) {
    var fields = new LinkedHashMap<String, Change.Values>();
    before
        .cells()
        .properties()
        .forEach(
            cell ->
                fields.put(cell.getKey(), new Change.Values(cell.getValue().get("value"), null)));
    return new Change(
        Outcome.DELETED,
        record.key(),
        before.id(),
        overEdit(before),
        record.source().position().number(),
        false,
        fields,
        Map.of(),
        before.revision(),
        null,
        Map.of());
  }

  /** What the write of a value changes: that of its field, or only what Kintone copies. */
  private Map<String, Change.Values> changed(
      @Nullable KintoneRecord before, String code, JsonNode after) {
    Field field = target.form().field(code);
    if (before == null
        || field == null
        || field.lookup() == null
        || !field.same(after, before.value(code))) {
      return Map.of(code, new Change.Values(before == null ? null : before.value(code), after));
    }
    var copies = new LinkedHashMap<String, Change.Values>();
    staleCopies(field, before.cells())
        .forEach((copy, now) -> copies.put(copy, new Change.Values(before.value(copy), now)));
    return copies;
  }

  /** The rich texts of the source in these fields. */
  private Map<String, String> richTexts(Set<String> codes) {
    var texts = new LinkedHashMap<String, String>();
    for (String code : codes) {
      Field field = target.form().field(code);
      JsonNode ours = record.values().get(code);
      String text =
          field == null || ours == null
              ? null
              : target.mapping().comparison().richText(field, ours);
      if (text != null) {
        texts.put(code, text);
      }
    }
    return texts;
  }

  /** Whether the record is not the one that the source has seen. */
  boolean hasMoved(@Nullable KintoneRecord now) {
    Long expected = record.revision();
    return expected != null && (now == null || now.revision() != expected);
  }

  /** Who saved the record last, where that was somebody else; null where it was us. */
  @Nullable String overEdit(KintoneRecord before) {
    String modifier = before.modifier();
    return modifier == null || modifier.equals(target.caller()) ? null : modifier;
  }
}
