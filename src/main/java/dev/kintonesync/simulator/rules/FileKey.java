package dev.kintonesync.simulator.rules;

import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.StoredFile;
import dev.kintonesync.simulator.state.StoredRecord;
import dev.kintonesync.simulator.state.TableRow;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The key by which a file of a record is downloaded: it leads to the record, and lives with it. */
public record FileKey(String file, long app, long record) {
  private static final Pattern FORM = Pattern.compile("([0-9A-F]{32})([0-9A-F]{12})([0-9A-F]{12})");

  /** The parts of a key, or null when a text is none. */
  public static @Nullable FileKey of(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? new FileKey(
            matcher.group(1),
            Long.parseLong(matcher.group(2), 16),
            Long.parseLong(matcher.group(3), 16))
        : null;
  }

  @Override
  public String toString() {
    return "%s%012X%012X".formatted(file, app, record);
  }

  /** The file in the app's record, or null when it is no longer there. */
  public @Nullable StoredFile in(App source) {
    StoredRecord stored = source.record(record);
    return stored == null ? null : search(stored.cells());
  }

  private @Nullable StoredFile search(@Nullable Object[] cells) {
    for (Object cell : cells) {
      if (cell instanceof List<?> list) {
        for (Object element : list) {
          StoredFile found = null;
          if (element instanceof StoredFile candidate && candidate.key().equals(file)) {
            found = candidate;
          } else if (element instanceof TableRow row) {
            found = search(row.cells());
          }
          if (found != null) {
            return found;
          }
        }
      }
    }
    return null;
  }
}
