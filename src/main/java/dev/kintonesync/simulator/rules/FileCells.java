package dev.kintonesync.simulator.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Field;
import dev.kintonesync.simulator.state.FieldType;
import dev.kintonesync.simulator.state.StoredFile;
import dev.kintonesync.simulator.state.StoredRecord;
import dev.kintonesync.simulator.state.TableRow;
import dev.kintonesync.simulator.state.Uploads;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cells of FILE fields. A write replaces the whole list: of uploads by their upload keys, and
 * of files that the cell held before by the keys they had there.
 */
public final class FileCells {
  private final App app;
  private final Uploads uploads;

  FileCells(App app, Uploads uploads) {
    this.app = app;
    this.uploads = uploads;
  }

  /**
   * The files a value stands for; null for none.
   *
   * @param before the cell's files up to now, or null
   */
  @Nullable List<StoredFile> read(JsonNode value, @Nullable Object before) {
    if (value.isNull() || value.isMissingNode()) {
      return null;
    }
    if (!value.isArray()) {
      throw ErrorCode.CB_IJ01.refuse();
    }
    List<StoredFile> files = new ArrayList<>(value.size());
    for (JsonNode element : value) {
      String key = CellReader.text(element.path("fileKey"));
      if (!element.isObject()) {
        throw ErrorCode.CB_IJ01.refuse();
      }
      files.add(file(key == null ? "" : key, files(before)));
    }
    return files.isEmpty() ? null : List.copyOf(files);
  }

  private StoredFile file(String key, List<StoredFile> before) {
    StoredFile kept = find(before, key);
    if (kept != null) {
      return kept;
    }
    StoredFile upload = uploads.find(key);
    if (upload == null) {
      throw ErrorCode.GAIA_BL01.refuse(key);
    }
    return upload.attachedTo(app.id());
  }

  /** The file that a record of an app holds under a key, in a table or not; null when none does. */
  public static @Nullable StoredFile find(App app, Design design, String key) {
    for (Field field : design.form().fields()) {
      if (!holdsFiles(field)) {
        continue;
      }
      for (StoredRecord record : app.records().values()) {
        StoredFile file = find(field, record.cell(field), key);
        if (file != null) {
          return file;
        }
      }
    }
    return null;
  }

  private static boolean holdsFiles(Field field) {
    return field.type() == FieldType.FILE
        || field.inner().values().stream().anyMatch(FileCells::holdsFiles);
  }

  @SuppressWarnings("unchecked")
  private static @Nullable StoredFile find(Field field, @Nullable Object cell, String key) {
    if (cell == null) {
      return null;
    }
    if (field.type() == FieldType.FILE) {
      return find(files(cell), key);
    }
    if (field.type() == FieldType.SUBTABLE) {
      for (TableRow row : (List<TableRow>) cell) {
        for (Field inner : field.inner().values()) {
          StoredFile file = find(inner, row.cell(inner), key);
          if (file != null) {
            return file;
          }
        }
      }
    }
    return null;
  }

  private static @Nullable StoredFile find(List<StoredFile> files, String key) {
    for (StoredFile file : files) {
      if (file.key().equals(key)) {
        return file;
      }
    }
    return null;
  }

  @SuppressWarnings("unchecked")
  static List<StoredFile> files(@Nullable Object cell) {
    return cell == null ? List.of() : (List<StoredFile>) cell;
  }
}
