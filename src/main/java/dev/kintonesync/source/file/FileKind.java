package dev.kintonesync.source.file;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What a file is, by its first bytes: names lie. What is nothing else is text. */
enum FileKind {
  /** A zip archive, which a workbook is too. */
  ZIP,
  GZIP,
  OLD_EXCEL,
  PDF,
  WEB_PAGE,
  /** JSON, a document or an object in each line. */
  JSON,
  /** Delimited text, most likely. */
  TEXT;

  /** What a file that begins like this is. */
  static FileKind of(byte[] head) {
    // Every byte is one character here, so that it can be compared as text.
    String start = new String(head, StandardCharsets.ISO_8859_1);
    if (start.startsWith("PK\u0003\u0004") || start.startsWith("PK\u0005\u0006")) {
      return ZIP;
    }
    if (start.startsWith("\u00D0\u00CF\u0011\u00E0")) {
      return OLD_EXCEL;
    }
    if (start.startsWith("\u001F\u008B")) {
      return GZIP;
    }
    if (start.startsWith("%PDF-")) {
      return PDF;
    }
    // What business systems call an Excel export is often a web page with a table.
    String words =
        start.substring(0, Math.min(start.length(), 64)).stripLeading().toLowerCase(Locale.ROOT);
    if (words.startsWith("<!doctype html") || words.startsWith("<html")) {
      return WEB_PAGE;
    }
    return isJson(start) ? JSON : TEXT;
  }

  /** No CSV begins with an object or with a list of objects, in whatever encoding. */
  private static boolean isJson(String start) {
    String bare = start.substring(0, Math.min(start.length(), 4096)).replaceAll("[\0\\s]", "");
    for (String mark : new String[] {"\u00EF\u00BB\u00BF", "\u00FF\u00FE", "\u00FE\u00FF"}) {
      bare = bare.startsWith(mark) ? bare.substring(mark.length()) : bare;
    }
    return bare.startsWith("{\"")
        || bare.startsWith("[{")
        || bare.equals("[]")
        || bare.equals("{}");
  }
}
