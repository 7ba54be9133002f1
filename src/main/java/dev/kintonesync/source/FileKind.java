package dev.kintonesync.source;

import dev.kintonesync.message.Message;
import dev.kintonesync.message.Text;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Files that people take for CSV, known by their first bytes. */
enum FileKind {
  EXCEL(Text.KIND_EXCEL),
  OLD_EXCEL(Text.KIND_OLD_EXCEL),
  ZIP(Text.KIND_ZIP),
  GZIP(Text.KIND_GZIP),
  PDF(Text.KIND_PDF),
  WEB_PAGE(Text.KIND_WEB_PAGE);

  private final Text name;

  FileKind(Text name) {
    this.name = name;
  }

  /** "an Excel workbook" in the language of the reader. */
  Message asMessage() {
    return name.with();
  }

  /** What a file that begins like this is, if it is one of these. */
  static Optional<FileKind> of(byte[] head) {
    // Every byte is one character here, so that it can be compared as text.
    String start = new String(head, StandardCharsets.ISO_8859_1);
    if (start.startsWith("PK\u0003\u0004") || start.startsWith("PK\u0005\u0006")) {
      boolean workbook = start.contains("[Content_Types].xml") || start.contains("xl/");
      return Optional.of(workbook ? EXCEL : ZIP);
    }
    if (start.startsWith("\u00D0\u00CF\u0011\u00E0")) {
      return Optional.of(OLD_EXCEL);
    }
    if (start.startsWith("\u001F\u008B")) {
      return Optional.of(GZIP);
    }
    if (start.startsWith("%PDF-")) {
      return Optional.of(PDF);
    }
    // What business systems call an Excel export is often a web page with a table.
    String words =
        start.substring(0, Math.min(start.length(), 64)).stripLeading().toLowerCase(Locale.ROOT);
    return words.startsWith("<!doctype html") || words.startsWith("<html")
        ? Optional.of(WEB_PAGE)
        : Optional.empty();
  }
}
