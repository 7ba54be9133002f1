package dev.kintonesync.source.database;

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
    String parameter(String type) {
      // these two hold thirds of milliseconds, and equal none of the times that they are read as
      return ROUNDED.contains(type.toLowerCase(Locale.ROOT)) ? "CAST(? AS " + type + ")" : "?";
    }
  };

  private static final Set<String> ROUNDED = Set.of("datetime", "smalldatetime");

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
    return name.contains("mysql") || name.contains("mariadb") ? MYSQL : STANDARD;
  }

  /** What follows ORDER BY where only the first rows are wanted. */
  abstract String first(int rows);

  /** A place for a value that was read from a column of this type. */
  String parameter(String type) {
    return "?";
  }
}
