package dev.kintonesync.source.json;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.FileRows;
import dev.kintonesync.source.HeaderColumns;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceFileReader;
import dev.kintonesync.source.SourceFormat;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.Understanding;
import dev.kintonesync.source.text.CharWindow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The records of a JSON file: the objects in a list, or one in each line. The columns are the names
 * of all members of all records, for which the file is read through once before; so a list that is
 * cut off is refused before any of it is used. A member that a record lacks is a column that it
 * lacks, and null is an empty value.
 *
 * <p>In the lines of a rejects file {@code _error} and {@code _ref} stand beside the members; the
 * text of a record that could not be read stands in {@code _text}, and is read once {@code _error}
 * is emptied.
 */
public final class JsonReader extends FileRows {

  static final String TEXT = "_text";

  private static final int MOST_NAMES = 10_000;

  private final JsonText source;
  private final @Nullable List<String> pointer;
  private final JsonCutter cutter;
  private final long totalBytes;
  private final List<String> columns;

  /** What stands in one line or element. */
  private record Found(
      long line,
      Map<String, @Nullable Object> members,
      String text,
      @Nullable UserMessage problem,
      @Nullable String ref,
      @Nullable String earlierError) {}

  private JsonReader(
      Path file,
      JsonText source,
      @Nullable List<String> pointer,
      List<String> columns,
      SourceOptions options)
      throws IOException {
    super(file, options);
    this.source = source;
    this.pointer = pointer;
    this.columns = columns;
    this.totalBytes = source.size();
    begin(columns, 0);
    this.cutter = begun(source, pointer);
  }

  /**
   * Reads the file through, for its columns and to see that it is whole.
   *
   * @throws UserErrorException if it is a document that is broken, or that has no list of records
   */
  public static JsonReader open(Path file, JsonText source, SourceOptions options)
      throws IOException {
    List<String> pointer;
    Set<String> names;
    try {
      pointer = isLines(file, source, options) ? null : list(file, source, options);
      names = names(file, source, pointer);
    } catch (JsonCutter.BrokenException e) {
      throw new UserErrorException(
          MessageCode.FILE_JSON_BROKEN.with(file, e.line(), e.column(), e.why()), e);
    }
    return new JsonReader(file, source, pointer, List.copyOf(names), options);
  }

  private static boolean isLines(Path file, JsonText source, SourceOptions options)
      throws IOException {
    if (source.isCalledLines()) {
      return true;
    }
    try (JsonCutter whole = source.open();
        JsonCutter lines = source.open()) {
      JsonCutter.Cut first = lines.nextLine();
      if (first == null) {
        throw new UserErrorException(MessageCode.FILE_EMPTY.with(file));
      }
      if (!first.text().startsWith("{")) {
        return false;
      }
      boolean complete = whole.skipFirstValue();
      if (complete && whole.line() == first.line()) {
        boolean cameBack = first.text().contains('"' + HeaderColumns.REF + '"');
        return cameBack || options.pointer() == null;
      }
      if (complete && options.pointer() == null) {
        throw new UserErrorException(MessageCode.FILE_JSON_OBJECT.with(file, lists(source)));
      }
      return options.pointer() == null;
    }
  }

  private static String lists(JsonText source) throws IOException {
    try (JsonCutter document = source.open()) {
      List<String> found = document.lists();
      return found.isEmpty() ? "-" : Shown.names(found);
    }
  }

  /** The way to the list, once it is seen to be there. */
  private static List<String> list(Path file, JsonText source, SourceOptions options)
      throws IOException {
    String pointer = options.pointer() == null ? "" : options.pointer();
    List<String> path =
        pointer.isEmpty() || pointer.equals("/")
            ? List.of()
            : Stream.of(pointer.substring(pointer.startsWith("/") ? 1 : 0).split("/", -1))
                .map(step -> step.replace("~1", "/").replace("~0", "~"))
                .toList();
    try (JsonCutter document = source.open()) {
      if (!document.enterList(path)) {
        throw new UserErrorException(
            MessageCode.FILE_JSON_NO_LIST.with(
                file, pointer.isEmpty() ? "/" : pointer, lists(source)));
      }
    }
    return path;
  }

  private static JsonCutter begun(JsonText source, @Nullable List<String> pointer)
      throws IOException {
    JsonCutter cutter = source.open();
    try {
      if (pointer != null && !cutter.enterList(pointer)) {
        throw new IOException("the list is gone");
      }
      return cutter;
    } catch (IOException e) {
      cutter.close();
      throw e;
    }
  }

  private static Set<String> names(Path file, JsonText source, @Nullable List<String> pointer)
      throws IOException {
    Set<String> names = new LinkedHashSet<>();
    UserMessage firstProblem = null;
    long length = 0;
    try (JsonCutter cutter = begun(source, pointer)) {
      for (Found found = next(cutter, source, pointer);
          found != null;
          found = next(cutter, source, pointer)) {
        for (String name : found.members().keySet()) {
          length += names.add(name) ? name.length() : 0;
        }
        firstProblem = firstProblem == null ? found.problem() : firstProblem;
        if (names.size() > MOST_NAMES || length > CharWindow.LONGEST) {
          throw new UserErrorException(MessageCode.FILE_JSON_NAMES.with(file, MOST_NAMES));
        }
      }
    }
    if (names.isEmpty()) {
      throw new UserErrorException(
          firstProblem == null ? MessageCode.FILE_JSON_EMPTY.with(file) : firstProblem);
    }
    return names;
  }

  private static @Nullable Found next(
      JsonCutter cutter, JsonText source, @Nullable List<String> pointer) throws IOException {
    JsonCutter.Cut cut = pointer == null ? cutter.nextLine() : cutter.nextElement();
    if (cut == null) {
      return null;
    }
    if (cut.tooLong()) {
      UserMessage tooLong = MessageCode.ROW_TOO_LONG.with(cut.line(), CharWindow.LONGEST);
      return new Found(cut.line(), Map.of(), cut.text(), tooLong, null, null);
    }
    String encoding = source.encoding().name();
    JsonValues.Members read = JsonValues.read(cut.text(), cut.line(), cut.column(), encoding);
    Map<String, @Nullable Object> members = read.members();
    if (!members.containsKey(HeaderColumns.ERROR) && !members.containsKey(HeaderColumns.REF)) {
      return new Found(cut.line(), members, cut.text(), read.problem(), null, null);
    }
    String error = text(members.remove(HeaderColumns.ERROR));
    String ref = Objects.requireNonNullElse(text(members.remove(HeaderColumns.REF)), "");
    String text = JsonValues.write(members);
    if (members.get(TEXT) instanceof String kept) {
      text = kept;
      read = JsonValues.read(kept, cut.line(), 1, encoding);
      members = read.members();
    }
    UserMessage problem = read.problem();
    if (HeaderColumns.isUnreadableMark(error)) {
      problem = MessageCode.ROW_STILL_REJECTED.with(MessageCode.ROW_POSITION.with(cut.line()));
    }
    return new Found(cut.line(), problem == null ? members : Map.of(), text, problem, ref, error);
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null || value.toString().isEmpty() ? null : value.toString();
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public Understanding understanding() {
    return Understanding.ofJson(source.encoding().taken());
  }

  @Override
  public SourceFormat format() {
    return SourceFormat.JSON;
  }

  @Override
  public long bytesRead() {
    return cutter.bytesRead();
  }

  @Override
  public long totalBytes() {
    return totalBytes;
  }

  @Override
  public SourceFileReader again() {
    try {
      return new JsonReader(file, source, pointer, columns, options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected @Nullable SourceRecord read(long row) throws IOException {
    Found found = next(cutter, source, pointer);
    return found == null
        ? null
        : new SourceRecord(
            new Position(row, found.line()),
            found.members(),
            List.of(List.of(found.text())),
            found.problem(),
            found.ref(),
            found.earlierError());
  }

  @Override
  protected void release() throws IOException {
    cutter.close();
  }
}
