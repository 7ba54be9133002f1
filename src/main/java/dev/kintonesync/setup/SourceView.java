package dev.kintonesync.setup;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.camel.run.SourcePreview;
import dev.kintonesync.camel.run.Understood;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.source.SourceRecord;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The first rows of a source, and what it was taken for. */
final class SourceView {
  private SourceView() {}

  static ObjectNode waiting() {
    return SetupJson.object().put("waiting", true);
  }

  static ObjectNode of(SourcePreview preview, MessageBundle bundle) {
    var view = SetupJson.object();
    var file = preview.understanding();
    if (file != null) {
      view.put("understood", bundle.say(Understood.sentence(file)));
      var encoding = file.encoding();
      view.put("encoding", encoding == null ? null : encoding.value());
      var delimiter = file.delimiter();
      view.put(
          "delimiter",
          delimiter == null ? null : delimiter.value() == '\t' ? "tab" : "" + delimiter.value());
      view.put("header", file.header());
      var sheet = file.sheet();
      view.put("sheet", sheet == null ? null : sheet.value());
      view.set("sheets", SetupJson.names(file.sheets()));
    }
    var columns = view.putArray("columns");
    for (String column : preview.columns()) {
      columns.addObject().put("name", column).put("sample", sample(preview.rows(), column));
    }
    var rows = view.putArray("rows");
    for (SourceRecord record : preview.rows()) {
      var row = rows.addObject().put("row", record.position().row());
      var values = row.putArray("values");
      preview.columns().forEach(column -> values.add(text(record, column)));
      var problem = record.problem();
      row.put("problem", problem == null ? null : bundle.say(problem));
    }
    view.set("remarks", SetupJson.sentences(preview.remarks(), bundle));
    return view;
  }

  /** A value as it was read. */
  static @Nullable String text(SourceRecord record, String column) {
    Object value = record.values().get(column);
    return value == null ? null : value.toString();
  }

  private static @Nullable String sample(List<SourceRecord> rows, String column) {
    return rows.stream()
        .map(row -> text(row, column))
        .filter(Objects::nonNull)
        .filter(value -> !value.isBlank())
        .findFirst()
        .orElse(null);
  }
}
