package dev.kintonesync.source.file;

import dev.kintonesync.message.Blank;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceFileReader;
import dev.kintonesync.source.SourceFormat;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.Understanding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads contiguous rows that make one record as one source record: rows with the same value in a
 * column, or, in the CSV dialect that Kintone exports tables in, a row with {@code *} in the first
 * column and the rows without it below.
 *
 * <p>Where a row cannot be read, nobody knows to which record it belongs: the records on both sides
 * of it are rejected whole, lest one is written without one of its rows.
 */
final class GroupedRows implements SourceFileReader {
  /**
   * What the column is called that tells where a record begins: by cli-kintone, and by Kintone's
   * screen in Japanese.
   */
  private static final Set<String> STARS = Set.of("*", "レコードの開始行");

  /**
   * More rows than a table in Kintone is usable with; they are held in memory together. Of a record
   * with still more the others are read and not kept.
   */
  private static final int MOST_ROWS = 10_000;

  private final SourceFileReader reader;

  /** Rows with the same value in it are one record; null: {@link #star} tells. */
  private final @Nullable String column;

  private final String star;
  private @Nullable SourceRecord ahead;
  private boolean afterUnreadable;
  private Position position;

  private GroupedRows(SourceFileReader reader, @Nullable String column) {
    this.reader = reader;
    this.column = column;
    this.star = reader.columns().get(0);
    this.position = reader.position();
  }

  /**
   * The reader itself, unless its rows make records in groups.
   *
   * @throws UserErrorException if the column that tells the groups is not there
   */
  static SourceFileReader of(Path file, SourceFileReader reader, SourceOptions options) {
    List<String> columns = reader.columns();
    String column = options.groupBy();
    if (column != null && !columns.contains(column)) {
      reader.close();
      throw new UserErrorException(
          MessageCode.GROUP_COLUMN_MISSING.with(file, column, Shown.names(columns)));
    }
    boolean starred = STARS.contains(Blank.strip(columns.get(0)));
    return column != null || starred ? new GroupedRows(reader, column) : reader;
  }

  @Override
  public boolean hasNext() {
    return ahead != null || reader.hasNext();
  }

  @Override
  public SourceRecord next() {
    SourceRecord first = ahead == null ? reader.next() : ahead;
    ahead = null;
    position = first.position();
    var members = new ArrayList<SourceRecord>();
    members.add(first);
    while (reader.hasNext()) {
      SourceRecord next = reader.next();
      if (!belongs(first, next)) {
        ahead = next;
        break;
      }
      // one more than may be, so that the rejects of such a record are too many again
      if (members.size() <= MOST_ROWS) {
        members.add(next);
      }
    }
    return one(members);
  }

  private boolean belongs(SourceRecord first, SourceRecord next) {
    if (next.problem() != null || first.problem() != null) {
      return next.problem() != null;
    }
    if (column == null) {
      return text(next, star).isEmpty();
    }
    String group = text(first, column);
    return !group.isEmpty() && group.equals(text(next, column));
  }

  private static String text(SourceRecord row, String column) {
    return Blank.strip(Objects.toString(row.values().get(column), ""));
  }

  private SourceRecord one(List<SourceRecord> members) {
    SourceRecord first = members.get(0);
    UserMessage problem = problem(members);
    afterUnreadable = members.stream().anyMatch(member -> member.problem() != null);
    var rows = new ArrayList<List<String>>();
    var values = new ArrayList<Map<String, @Nullable Object>>();
    var places = new ArrayList<Position>();
    for (SourceRecord member : members) {
      rows.addAll(member.rows());
      values.add(member.values());
      places.add(member.position());
    }
    int unread = unread(members);
    return new SourceRecord(
        first.position(),
        problem == null ? first.values() : Map.of(),
        rows,
        problem,
        first.ref(),
        earlierError(members, unread),
        problem == null ? values : List.of(),
        places,
        unread);
  }

  /** Of a record that came back, it stands in the row that it is about. */
  private static @Nullable String earlierError(List<SourceRecord> members, int unread) {
    if (members.get(unread).problem() != null) {
      return members.get(unread).earlierError();
    }
    return members.stream()
        .map(SourceRecord::earlierError)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** The index of the first row that could not be read; 0 where all could. */
  private static int unread(List<SourceRecord> members) {
    for (int row = 0; row < members.size(); row++) {
      if (members.get(row).problem() != null) {
        return row;
      }
    }
    return 0;
  }

  private @Nullable UserMessage problem(List<SourceRecord> members) {
    UserMessage unread = members.get(unread(members)).problem();
    if (unread != null) {
      return unread;
    }
    SourceRecord first = members.get(0);
    if (afterUnreadable) {
      return MessageCode.ROW_NEXT_TO_UNREADABLE.with(first.position().asMessage());
    }
    if (members.size() > MOST_ROWS) {
      return MessageCode.ROW_GROUP_TOO_LARGE.with(first.position().asMessage(), MOST_ROWS);
    }
    return column == null && text(first, star).isEmpty()
        ? MessageCode.ROW_WITHOUT_STAR.with(first.position().asMessage())
        : null;
  }

  @Override
  public List<String> columns() {
    return reader.columns();
  }

  @Override
  public SourceFormat format() {
    return reader.format();
  }

  @Override
  public List<UserMessage> remarks() {
    return reader.remarks();
  }

  @Override
  public @Nullable Understanding understanding() {
    return reader.understanding();
  }

  @Override
  public Position position() {
    return position;
  }

  @Override
  public long bytesRead() {
    return reader.bytesRead();
  }

  @Override
  public long totalBytes() {
    return reader.totalBytes();
  }

  /** Row by row: who looks at columns wants to see them all. */
  @Override
  public SourceFileReader again() {
    return reader.again();
  }

  @Override
  public boolean isGrouped() {
    return true;
  }

  @Override
  public void close() {
    reader.close();
  }
}
