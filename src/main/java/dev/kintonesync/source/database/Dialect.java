package dev.kintonesync.source.database;

import java.sql.Types;
import java.util.Locale;
import java.util.Set;

/** In what databases differ when a part of a query is asked for. */
enum Dialect {
  STANDARD {
    @Override
    String first(int rows) {
      return " FETCH FIRST " + rows + " ROWS ONLY";
    }
  },
  POSTGRESQL {
    @Override
    String first(int rows) {
      return STANDARD.first(rows);
    }

    /** Compared with text, a column has the order of text, or none, instead of its type's own. */
    @Override
    String parameter(String type, int number) {
      boolean ordered = !OF_DATABASE.contains(number) && !READ_AS_TEXT.contains(type);
      return ordered || TEXT.contains(type) ? "?" : "CAST(? AS " + quoted(type) + ")";
    }
  },
  MYSQL {
    @Override
    String first(int rows) {
      return " LIMIT " + rows;
    }
  },
  SQL_SERVER {
    @Override
    String first(int rows) {
      return " OFFSET 0 ROWS FETCH NEXT " + rows + " ROWS ONLY";
    }

    @Override
    String parameter(String type, int number) {
      // these two hold thirds of milliseconds, and equal none of the times that they are read as
      return ROUNDED.contains(type.toLowerCase(Locale.ROOT)) ? "CAST(? AS " + type + ")" : "?";
    }
  };

  private static final Set<String> ROUNDED = Set.of("datetime", "smalldatetime");

  /** What JDBC has no class for, or hands over as text, whatever order it has in the database. */
  private static final Set<Integer> OF_DATABASE =
      Set.of(Types.CHAR, Types.VARCHAR, Types.OTHER, Types.STRUCT, Types.DISTINCT, Types.SQLXML);

  private static final Set<String> TEXT = Set.of("text", "varchar");

  /** What JDBC has a class for, although it is read as text. */
  private static final Set<String> READ_AS_TEXT = Set.of("money", "timetz", "bit", "varbit");

  /**
   * The dialect of a database.
   *
   * @param product as JDBC names it
   */
  static Dialect of(String product) {
    String name = product.toLowerCase(Locale.ROOT);
    if (name.contains("microsoft")) {
      return SQL_SERVER;
    }
    if (name.contains("postgresql")) {
      return POSTGRESQL;
    }
    return name.contains("mysql") || name.contains("mariadb") ? MYSQL : STANDARD;
  }

  /**
   * The name of a type of PostgreSQL as it stands in SQL. JDBC quotes it where its schema has to be
   * named. Without quotes some would be other types: {@code bit} is one bit, {@code char} one
   * letter.
   */
  private static String quoted(String type) {
    return type.startsWith("\"") ? type : "\"" + type.replace("\"", "\"\"") + "\"";
  }

  /** What follows ORDER BY where only the first rows are wanted. */
  abstract String first(int rows);

  /**
   * A place for a value that was read from a column.
   *
   * @param type its type as JDBC names it
   * @param number the same as one of {@link Types}
   */
  String parameter(String type, int number) {
    return "?";
  }
}
