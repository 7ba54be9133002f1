package dev.kintonesync.source.text;

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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The records of a table, delimited text or a sheet, whose columns a header names, or letters. */
public final class TableReader extends FileRows {

  // Rows of a sheet without a header that are looked at to know how wide it is.
  private static final int ROWS_MEASURED = 1000;
  private static final int FIELDS_MEASURED = 1 << 18;

  private final TextRows rows;
  private final SourceFormat format;
  private final boolean sheet;
  private final Understanding understanding;
  private final HeaderColumns columns;
  private final SecondHeaders secondHeaders;

  /** What the column is called that was taken for the stars of Kintone's export; null: none. */
  private final @Nullable String star;

  private final Deque<TextRow> readAhead = new ArrayDeque<>();

  /**
   * Reads the header.
   *
   * @param taken what the file was taken for; this reader adds where the header stands
   * @throws UserErrorException if no row under this header can ever become a record
   */
  public TableReader(
      Path file, TextRows rows, SourceOptions options, SourceFormat format, Understanding taken)
      throws IOException {
    this(file, rows, options, format, taken, null);
  }

  /**
   * Reads the header.
   *
   * @param before a reader of the same table; null: this is the first one
   */
  private TableReader(
      Path file,
      TextRows rows,
      SourceOptions options,
      SourceFormat format,
      Understanding taken,
      @Nullable TableReader before)
      throws IOException {
    super(file, options);
    this.rows = rows;
    this.format = format;
    this.sheet = taken.sheet() != null;
    TextRow first = rows.next();
    if (first == null) {
      throw new UserErrorException(MessageCode.FILE_EMPTY.with(file));
    }
    TextRow header = null;
    String starred = null;
    if (HeaderColumns.isOfRejects(first.fields())) {
      header = asItWas(first);
      columns = header(header);
      begin(columns.names(), first.line());
    } else if (options.header() == SourceOptions.NO_HEADER) {
      readAhead.add(first);
      passOver(options.skipRows());
      columns = HeaderColumns.lettered(width());
      begin(columns.names(), 0);
    } else {
      header = first;
      while (header != null && (header.line() < options.header() || isBlank(header))) {
        header = rows.next();
      }
      if (header == null) {
        throw new UserErrorException(
            options.header() > 1
                ? MessageCode.HEADER_BEYOND_END.with(file, at(options.header()))
                : MessageCode.FILE_EMPTY.with(file));
      }
      starred = before == null ? star(header) : before.star;
      columns = header(starred == null ? header : withStar(header));
      passOver(options.skipRows());
      begin(columns.names(), header.line());
    }
    star = starred;
    secondHeaders = new SecondHeaders(header == null ? List.of() : header.fields());
    understanding = taken.withHeader(position().line());
  }

  private @Nullable String star(TextRow header) throws IOException {
    if (header.problem() != null || header.fields().isEmpty()) {
      return null;
    }
    return StarColumn.isFirst(rows, header, options) ? header.fields().get(0) : null;
  }

  private static TextRow withStar(TextRow header) {
    List<String> fields = new ArrayList<>(header.fields());
    fields.set(0, StarColumn.NAME);
    return new TextRow(header.line(), fields, header.problem());
  }

  /** Where a row is: in a line of text, or a row of a sheet. */
  private UserMessage at(long number) {
    return (sheet ? MessageCode.ROW_NUMBER : MessageCode.ROW_POSITION).with(number);
  }

  private HeaderColumns header(TextRow row) {
    UserMessage problem = row.problem();
    if (problem == null) {
      return HeaderColumns.named(file, row.fields(), at(row.line()));
    }
    throw new UserErrorException(
        switch (problem.text()) {
          case ROW_BYTES_NOT_IN_ENCODING ->
              MessageCode.HEADER_NOT_IN_ENCODING.with(file, row.line(), problem.arguments().get(2));
          case ROW_CELL_ERROR, ROW_CELL_NOT_CALCULATED, ROW_CELL_UNREADABLE, ROW_CELL_WIDE ->
              MessageCode.HEADER_CELL.with(file, problem);
          case ROW_TOO_WIDE ->
              MessageCode.HEADER_TOO_WIDE.with(
                  file, problem.arguments().get(1) + "+", HeaderColumns.MOST);
          case ROW_TOO_LONG ->
              MessageCode.HEADER_TOO_LONG.with(file, row.line(), CharWindow.LONGEST);
          case ROW_TEXT_AFTER_QUOTE ->
              MessageCode.HEADER_TEXT_AFTER_QUOTE.with(file, problem.arguments().get(0));
          default -> MessageCode.HEADER_QUOTES.with(file, row.line());
        });
  }

  private void passOver(int count) throws IOException {
    for (int i = 0; i < count && nextRow() != null; i++) {
      // Passed over, as the person who set the option wants it.
    }
  }

  private int width() throws IOException {
    int enough = rows.endsAtLastValue() ? ROWS_MEASURED : 1;
    long fields = 0;
    while (readAhead.size() < enough && fields < FIELDS_MEASURED) {
      TextRow row = rows.next();
      if (row == null) {
        break;
      }
      readAhead.add(row);
      fields += row.fields().size();
    }
    return Math.max(1, readAhead.stream().mapToInt(row -> row.fields().size()).max().orElse(0));
  }

  /** A row of a rejects file as it was in the source. */
  private static TextRow asItWas(TextRow row) {
    return new TextRow(
        row.line(),
        row.fields().stream().map(TextCell::read).toList(),
        row.problem(),
        row.numbers());
  }

  private @Nullable TextRow nextRow() throws IOException {
    TextRow ahead = readAhead.poll();
    return ahead != null ? ahead : rows.next();
  }

  @Override
  public List<String> columns() {
    return columns.names();
  }

  @Override
  public List<UserMessage> remarks() {
    List<UserMessage> passedOver = secondHeaders.remarks(this::at);
    if (star == null) {
      return passedOver;
    }
    List<UserMessage> remarks = new ArrayList<>(passedOver);
    remarks.add(0, MessageCode.STAR_COLUMN_TAKEN.with(Shown.name(star)));
    return remarks;
  }

  @Override
  public Understanding understanding() {
    return understanding;
  }

  @Override
  public SourceFormat format() {
    return format;
  }

  @Override
  public long bytesRead() {
    return rows.bytesRead();
  }

  @Override
  public long totalBytes() {
    return rows.totalBytes();
  }

  @Override
  public SourceFileReader again() {
    try {
      return new TableReader(file, rows.again(), options, format, understanding, this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected @Nullable SourceRecord read(long number) throws IOException {
    TextRow row = nextRow();
    while (row != null && (isBlank(row) || secondHeaders.isPassedOver(asRead(row)))) {
      row = nextRow();
    }
    if (row == null) {
      return null;
    }
    var where = sheet ? Position.inSheet(number, row.line()) : new Position(number, row.line());
    return record(where, asRead(row));
  }

  /** Commas alone, which Excel writes for rows that were emptied. */
  private static boolean isBlank(TextRow row) {
    List<String> fields = row.fields();
    return row.problem() == null
        && fields.size() > 1
        && fields.get(0).isEmpty() // which tells of most rows at once
        && fields.stream().allMatch(String::isEmpty);
  }

  private TextRow asRead(TextRow row) {
    return columns.cameBack() ? asItWas(row) : row;
  }

  private SourceRecord record(Position where, TextRow row) {
    List<String> own = columns.own(row.fields());
    if (rows.endsAtLastValue() && own.size() < columns.names().size()) {
      own = filledUp(own);
    }
    String earlierError = columns.errorOf(row.fields());
    UserMessage problem = row.problem();
    if (problem == null) {
      own = withoutSurplus(own);
      problem = own.size() == columns.names().size() ? null : misfit(where, own);
    }
    if (problem == null) {
      problem = secondHeaders.problem(where.line(), this::at);
    }
    if (problem == null && HeaderColumns.isUnreadableMark(earlierError)) {
      problem = MessageCode.ROW_STILL_REJECTED.with(where.asMessage());
    }
    return new SourceRecord(
        where,
        problem == null ? values(row, own) : Map.of(),
        List.of(own),
        problem,
        columns.refOf(row.fields()),
        earlierError);
  }

  private Map<String, @Nullable Object> values(TextRow row, List<String> own) {
    Map<String, @Nullable Object> values = columns.values(own);
    if (row.numbers().isEmpty()) {
      return values;
    }
    Map<String, @Nullable Object> typed = new LinkedHashMap<>(values);
    row.numbers()
        .forEach(
            (field, number) -> {
              String column = columns.nameOf(field);
              if (column != null) {
                typed.put(column, number);
              }
            });
    return typed;
  }

  /** Empty fields beyond the header are no fields; where one has a value, all of them stay. */
  private List<String> withoutSurplus(List<String> own) {
    int width = columns.names().size();
    return own.size() > width && own.subList(width, own.size()).stream().allMatch(String::isEmpty)
        ? own.subList(0, width)
        : own;
  }

  private List<String> filledUp(List<String> own) {
    List<String> filled = new ArrayList<>(own);
    while (filled.size() < columns.names().size()) {
      filled.add("");
    }
    return filled;
  }

  private UserMessage misfit(Position where, List<String> own) {
    int width = columns.names().size();
    boolean nameless = !columns.cameBack() && own.size() > width && own.size() <= columns.width();
    if (!nameless && !rows.endsAtLastValue()) {
      return MessageCode.ROW_RAGGED.with(where.line(), own.size(), width);
    }
    String value =
        own.stream().skip(width).filter(field -> !field.isEmpty()).findFirst().orElse("");
    return MessageCode.ROW_BEYOND_HEADER.with(where.line(), Shown.name(value), width);
  }

  @Override
  protected void release() throws IOException {
    rows.close();
  }
}
