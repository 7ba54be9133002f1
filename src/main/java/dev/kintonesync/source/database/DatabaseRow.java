package dev.kintonesync.source.database;

import java.io.Serializable;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads the row of a result, true to type: numbers as {@code BigDecimal} (approximate ones as
 * {@code Double} or {@code Float}), booleans, dates and times as {@code java.time} values with the
 * zone that they have, arrays as lists, everything else as text.
 */
public final class DatabaseRow {
  /** What drivers call types for which JDBC has no number. */
  private static final int SQL_SERVER_DATETIMEOFFSET = -155;

  private static final int ORACLE_TIMESTAMPTZ = -101;

  /** How PostgreSQL's driver writes infinity among the members of an array, in milliseconds. */
  private static final long INFINITY = 9_223_372_036_825_200_000L;

  private static final long MINUS_INFINITY = -9_223_372_036_832_400_000L;

  private DatabaseRow() {}

  /** Bytes, which no field can take; where they are not mapped, they do no harm. */
  private record Bytes(String type) implements Serializable {
    @Override
    public String toString() {
      return "(" + type + ")";
    }
  }

  /** A value that the driver cannot read; the row is bad, the others are not. */
  record Unreadable(String column, String why) {
    @Override
    public String toString() {
      return "(" + why + ")";
    }
  }

  /**
   * The values of the row on which the result stands, in the order of the columns. Null is null.
   *
   * @throws SQLException when the result cannot be read any more
   */
  public static List<@Nullable Object> read(ResultSet rows) throws SQLException {
    var columns = rows.getMetaData();
    int count = columns.getColumnCount();
    var values = new ArrayList<@Nullable Object>(count);
    for (int i = 1; i <= count; i++) {
      try {
        values.add(value(rows, columns, i));
      } catch (SQLException e) {
        if (DatabaseFault.isOutage(e)) {
          throw e;
        }
        values.add(new Unreadable(columns.getColumnLabel(i), String.valueOf(e.getMessage())));
      } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
        // drivers let what they cannot parse through
        values.add(new Unreadable(columns.getColumnLabel(i), String.valueOf(e.getMessage())));
      }
    }
    return Collections.unmodifiableList(values);
  }

  private static @Nullable Object value(ResultSet rows, ResultSetMetaData columns, int i)
      throws SQLException {
    String type = String.valueOf(columns.getColumnTypeName(i)).toLowerCase(Locale.ROOT);
    return switch (type) {
      case "timestamptz" -> rows.getObject(i, OffsetDateTime.class);
      case "uuid" -> rows.getObject(i, UUID.class);
      case "money", "year", "timetz" -> rows.getString(i);
      default -> byNumber(rows, columns, i, type);
    };
  }

  private static @Nullable Object byNumber(
      ResultSet rows, ResultSetMetaData columns, int i, String type) throws SQLException {
    return switch (columns.getColumnType(i)) {
      case Types.BOOLEAN -> unlessNull(rows.getBoolean(i), rows);
      case Types.BIT ->
          columns.getPrecision(i) > 1 ? rows.getString(i) : unlessNull(rows.getBoolean(i), rows);
      case Types.TINYINT,
          Types.SMALLINT,
          Types.INTEGER,
          Types.BIGINT,
          Types.DECIMAL,
          Types.NUMERIC ->
          rows.getBigDecimal(i);
      case Types.CHAR, Types.NCHAR -> unpadded(rows.getString(i));
      case Types.REAL -> unlessNull(rows.getFloat(i), rows);
      case Types.FLOAT, Types.DOUBLE -> unlessNull(rows.getDouble(i), rows);
      case Types.DATE -> rows.getObject(i, LocalDate.class);
      case Types.TIME -> rows.getObject(i, LocalTime.class);
      case Types.TIMESTAMP -> rows.getObject(i, LocalDateTime.class);
      case Types.TIMESTAMP_WITH_TIMEZONE, SQL_SERVER_DATETIMEOFFSET, ORACLE_TIMESTAMPTZ ->
          rows.getObject(i, OffsetDateTime.class);
      case Types.BLOB -> bytes(rows.getBlob(i), type);
      case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY -> bytes(rows.getBytes(i), type);
      case Types.ARRAY -> list(rows.getArray(i));
      default -> rows.getString(i);
    };
  }

  /** The blanks that fill a text of fixed length are no part of it. */
  private static @Nullable String unpadded(@Nullable String text) {
    if (text == null) {
      return null;
    }
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == ' ') {
      end--;
    }
    return text.substring(0, end);
  }

  private static @Nullable Object bytes(@Nullable Object held, String type) {
    return held == null ? null : new Bytes(type);
  }

  private static @Nullable Object unlessNull(Object value, ResultSet rows) throws SQLException {
    return rows.wasNull() ? null : value;
  }

  private static @Nullable List<@Nullable Object> list(@Nullable Array array) throws SQLException {
    if (array == null) {
      return null;
    }
    boolean zoned = String.valueOf(array.getBaseTypeName()).equalsIgnoreCase("timestamptz");
    return list((Object[]) array.getArray(), zoned);
  }

  private static List<@Nullable Object> list(Object[] members, boolean zoned) {
    var list = new ArrayList<@Nullable Object>(members.length);
    for (Object member : members) {
      list.add(member(member, zoned));
    }
    return list;
  }

  @SuppressWarnings("JavaUtilDate") // what JDBC hands over
  private static @Nullable Object member(@Nullable Object member, boolean zoned) {
    if (member instanceof Object[] inner) {
      return list(inner, zoned);
    }
    if (member instanceof Date date && isInfinite(date)) {
      return date.getTime() > 0 ? "infinity" : "-infinity";
    }
    if (member instanceof Timestamp time) {
      return zoned ? time.toInstant().atOffset(ZoneOffset.UTC) : time.toLocalDateTime();
    }
    if (member instanceof java.sql.Date date) {
      return date.toLocalDate();
    }
    return member instanceof java.sql.Time time ? time.toLocalTime() : member;
  }

  @SuppressWarnings("JavaUtilDate")
  private static boolean isInfinite(Date date) {
    return date.getTime() == INFINITY || date.getTime() == MINUS_INFINITY;
  }
}
