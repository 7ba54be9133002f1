package dev.kintonesync.settings;

import dev.kintonesync.kintone.Connection;
import dev.kintonesync.sync.Mode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One source, one app, one key, one mode.
 *
 * @param name letters of any script, digits, {@code -} and {@code _}
 * @param connection the domain and the caller, complete
 * @param app the id of the app
 * @param updateKey the code of the field that identifies records; null only for a job of one file
 *     for which nobody named it
 * @param mode what is done with records that are there and that are not
 * @param map column to field code in the order written; empty: columns are matched by field code,
 *     then by label
 * @param source where the rows come from
 * @param encoding the name of the encoding of its files as the user wrote it, or null: found out
 */
public record Job(
    String name,
    Connection connection,
    String app,
    @Nullable String updateKey,
    Mode mode,
    Map<String, String> map,
    Source source,
    @Nullable String encoding) {

  /** The name of the job that {@code import} and {@code plan} make of their options alone. */
  public static final String IMPORT = "import";

  public Job {
    map = Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /** The same job with one file as its only source. */
  public Job on(Source.OneFile file) {
    return new Job(name, connection, app, updateKey, mode, map, file, encoding);
  }

  /** The one file of a job that reads one file. */
  public Source.OneFile oneFile() {
    if (source instanceof Source.OneFile one) {
      return one;
    }
    throw new IllegalStateException("job " + name + " does not read one file");
  }
}
