package dev.kintonesync.source.file;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a file is, by its first bytes: names lie. What is nothing else is text. */
enum FileKind {
  /** A zip archive, which a workbook is too. */
  ZIP,
  GZIP,
  /** A workbook of Excel 97 to 2003, or another document of that time. */
  OLD_EXCEL,
  /** A workbook from before Excel 97. */
  OLDER_EXCEL,
  PDF,
  WEB_PAGE,
  /** A web page with all that belongs to it, as a mail. */
  WEB_ARCHIVE,
  /** A workbook that Excel 2003 saves as XML. */
  XML_WORKBOOK,
  /** A workbook of OpenDocument in one XML file. */
  OPEN_DOCUMENT,
  XML,
  /** JSON, a document or an object in each line. */
  JSON,
  /** Delimited text, most likely. */
  TEXT;

  private static final int LOOKED_AT = 4096;

  /** The first record of a workbook that stands in no container: BIFF 2, 3, 4, 5 and 8. */
  private static final Pattern OLDER_WORKBOOK =
      Pattern.compile("\\x09[\\x00\\x02\\x04\\x08][\\x04\\x06\\x08\\x10]\\x00");

  private static final Pattern COMMENTS = Pattern.compile("^(<!--(?s:.*?)-->\\s*)+");

  /** Tags that a page, or a fragment of one, begins with, and not the names of two columns. */
  private static final Pattern PAGE =
      Pattern.compile(
          "<!doctype html"
              + "|<(html|head|meta|style|body|table|div|center|font)(\\s|/>|>(?![,;\\t|]))");

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
    if (OLDER_WORKBOOK.matcher(start).lookingAt()) {
      return OLDER_EXCEL;
    }
    String bare = bare(start);
    FileKind marked = marked(bare);
    if (marked != null) {
      return marked;
    }
    return isJson(bare.replaceAll("\\s", "")) ? JSON : TEXT;
  }

  /** The beginning without what the encoding adds to it: NULs and a byte order mark. */
  private static String bare(String start) {
    String bare = start.substring(0, Math.min(start.length(), LOOKED_AT)).replace("\0", "");
    for (String mark : new String[] {"\u00EF\u00BB\u00BF", "\u00FF\u00FE", "\u00FE\u00FF"}) {
      bare = bare.startsWith(mark) ? bare.substring(mark.length()) : bare;
    }
    return bare;
  }

  /**
   * What business systems call an Excel export is often a page or a document of XML. No CSV begins
   * so, though its first column may be called {@code <DATE>}.
   */
  private static @Nullable FileKind marked(String bare) {
    String words = COMMENTS.matcher(bare.stripLeading()).replaceFirst("").toLowerCase(Locale.ROOT);
    if (words.startsWith("mime-version:")) {
      return WEB_ARCHIVE;
    }
    if (PAGE.matcher(words).lookingAt()) {
      return WEB_PAGE;
    }
    boolean declared = words.startsWith("<?xml") || words.startsWith("<?mso-");
    if (!declared && !words.startsWith("<workbook ") && !words.startsWith("<ss:workbook ")) {
      return null;
    }
    if (words.contains("urn:schemas-microsoft-com:office:spreadsheet")) {
      return XML_WORKBOOK;
    }
    if (words.contains("<office:document")) {
      return OPEN_DOCUMENT;
    }
    return words.contains("<html") ? WEB_PAGE : declared ? XML : null;
  }

  /** No CSV begins with an object or with a list of objects, in whatever encoding. */
  private static boolean isJson(String bare) {
    return bare.startsWith("{\"")
        || bare.startsWith("[{")
        || bare.equals("[]")
        || bare.equals("{}");
  }
}
