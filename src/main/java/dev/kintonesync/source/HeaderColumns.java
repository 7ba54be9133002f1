package dev.kintonesync.source;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The header of a file: which field of a row belongs to which column. Columns named {@code _error}
 * and {@code _ref} are the bookkeeping of a rejects file that came back, not columns of the source.
 */
public final class HeaderColumns {

  public static final String ERROR = "_error";
  public static final String REF = "_ref";

  /** The columns of a sheet of Excel. */
  public static final int MOST_IN_SHEET = 16_384;

  /** As many as a sheet of Excel has room for, where rejects have two columns more. */
  public static final int MOST = MOST_IN_SHEET - 2;

  /** How the {@code _error} of a row begins that could not be read. */
  private static final String UNREADABLE = "[row-";

  private final List<String> names;
  private final Map<String, Integer> index = new HashMap<>();
  private final int error;
  private final int ref;
  private final int width;

  /** Columns of a header whose names are neither blank nor twice there. */
  HeaderColumns(List<String> header) {
    this(header, header.size());
  }

  private HeaderColumns(List<String> header, int width) {
    this.width = width;
    error = header.indexOf(ERROR);
    ref = header.indexOf(REF);
    List<String> own = new ArrayList<>(header);
    own.removeAll(List.of(ERROR, REF));
    names = Collections.unmodifiableList(own);
    for (int i = 0; i < names.size(); i++) {
      index.put(names.get(i), i);
    }
  }

  /**
   * Columns as a header names them.
   *
   * @param place where it stands
   * @throws UserErrorException if a name is blank or stands twice, or none is left beside the
   *     bookkeeping
   */
  public static HeaderColumns named(Path file, List<String> header, UserMessage place) {
    List<String> names = new ArrayList<>(header);
    // Excel pads the header where some row has fields beyond it, or had them once.
    while (names.size() > 1 && names.get(names.size() - 1).isBlank()) {
      names.remove(names.size() - 1);
    }
    if (names.size() > (isOfRejects(names) ? MOST + 2 : MOST)) {
      throw new UserErrorException(MessageCode.HEADER_TOO_WIDE.with(file, names.size(), MOST));
    }
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (name.isBlank()) {
        throw new UserErrorException(MessageCode.HEADER_NAME_BLANK.with(file, i + 1, place));
      }
      Integer first = seen.putIfAbsent(name, i + 1);
      if (first != null) {
        throw new UserErrorException(
            MessageCode.HEADER_NAME_TWICE.with(file, Shown.name(name), first, i + 1, place));
      }
    }
    HeaderColumns columns = new HeaderColumns(names, header.size());
    if (columns.names().isEmpty()) {
      throw new UserErrorException(MessageCode.HEADER_WITHOUT_COLUMNS.with(file));
    }
    return columns;
  }

  /** Columns of a file without a header: A, B, ... as in a spreadsheet, as far as there is room. */
  public static HeaderColumns lettered(int count) {
    return new HeaderColumns(
        IntStream.range(0, Math.min(count, MOST)).mapToObj(HeaderColumns::letters).toList());
  }

  /** The letters over a column of a spreadsheet; A of the first, whose index is 0. */
  public static String letters(int index) {
    return (index < 26 ? "" : letters(index / 26 - 1)) + (char) ('A' + index % 26);
  }

  /** Whether these fields are the header of a rejects file. */
  public static boolean isOfRejects(List<String> header) {
    return header.contains(ERROR) || header.contains(REF);
  }

  /**
   * Whether this {@code _error} says that the row could not be read, and was not confirmed since.
   */
  public static boolean isUnreadableMark(@Nullable String error) {
    return error != null && error.startsWith(UNREADABLE);
  }

  public List<String> names() {
    return names;
  }

  /** How many fields the header has, those at its end among them that have no name. */
  public int width() {
    return width;
  }

  /** Whether the file is a rejects file. */
  public boolean cameBack() {
    return error >= 0 || ref >= 0;
  }

  public @Nullable String errorOf(List<String> fields) {
    return cell(fields, error);
  }

  /** What {@link SourceRecord#ref} says of a row. */
  public @Nullable String refOf(List<String> fields) {
    String found = cell(fields, ref);
    return found == null && cameBack() ? "" : found;
  }

  private static @Nullable String cell(List<String> fields, int at) {
    return at < 0 || at >= fields.size() || fields.get(at).isEmpty() ? null : fields.get(at);
  }

  /**
   * The row's own fields, without the bookkeeping. In a rejects file, empty fields beyond the
   * header are no fields: Excel pads every row to the widest one.
   */
  public List<String> own(List<String> fields) {
    if (!cameBack()) {
      return fields;
    }
    int end = fields.size();
    int header = names.size() + (error < 0 ? 0 : 1) + (ref < 0 ? 0 : 1);
    while (end > header && fields.get(end - 1).isEmpty()) {
      end--;
    }
    return IntStream.range(0, end)
        .filter(i -> i != error && i != ref)
        .mapToObj(fields::get)
        .toList();
  }

  /** The name of the column in which a field stands; null of the bookkeeping and of surplus. */
  public @Nullable String nameOf(int field) {
    int at = field - (error >= 0 && error < field ? 1 : 0) - (ref >= 0 && ref < field ? 1 : 0);
    return field == error || field == ref || at >= names.size() ? null : names.get(at);
  }

  /** The fields by column; as many as there are columns. */
  public Map<String, @Nullable Object> values(List<String> own) {
    return new Values(own);
  }

  /** A map over the row's own array: a million rows need no million hash tables. */
  private final class Values extends AbstractMap<String, @Nullable Object> {
    private final List<String> own;

    Values(List<String> own) {
      this.own = own;
    }

    @Override
    public @Nullable Object get(@Nullable Object column) {
      Integer at = index.get(column);
      return at == null ? null : own.get(at);
    }

    @Override
    public boolean containsKey(@Nullable Object column) {
      return index.containsKey(column);
    }

    @Override
    public int size() {
      return own.size();
    }

    @Override
    public Set<Entry<String, @Nullable Object>> entrySet() {
      return new AbstractSet<>() {
        @Override
        public Iterator<Entry<String, @Nullable Object>> iterator() {
          return IntStream.range(0, own.size())
              .<Entry<String, @Nullable Object>>mapToObj(
                  i -> new SimpleImmutableEntry<>(names.get(i), own.get(i)))
              .iterator();
        }

        @Override
        public int size() {
          return own.size();
        }
      };
    }
  }
}
