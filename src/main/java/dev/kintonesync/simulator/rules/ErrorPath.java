package dev.kintonesync.simulator.rules;

/**
 * Where in a request a record's fields stand, in the grammar of Kintone's {@code errors} keys:
 * {@code record}, {@code records[3]}, or a table row inside one of them.
 */
record ErrorPath(String path) {

  /** The key of a field's value: {@code records[3].CODE.value}. */
  String value(String code) {
    return path + "." + code + ".value";
  }

  /** The key of a value that could not be read: {@code records[3][CODE].value}. */
  String unreadable(String code) {
    return path + "[" + code + "].value";
  }

  /** The fields of a table row. */
  ErrorPath row(String table, int index) {
    return new ErrorPath(path + "." + table + ".value[" + index + "].value");
  }
}
