package dev.kintonesync.source.file;

import dev.kintonesync.source.PlainFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Whether a file ends as one of its kind does: delimited text with a line end, JSON with a closing
 * bracket, a page with the end of a tag that ends one, a zip package or a workbook with its
 * directory. A file that is still being written mostly does not. Of other kinds, gzip among them,
 * the end says nothing.
 */
public final class FileEnd {
  private static final int HEAD = 64;

  /** A zip's directory ends with 22 bytes and a comment. Source: APPNOTE.TXT, section 4.3.16. */
  private static final int DIRECTORY_END = 22;

  private static final int TAIL = DIRECTORY_END + 0xFFFF;

  private static final String ZIP = "PK\u0003\u0004";
  private static final String ZIP_DIRECTORY_END = "PK\u0005\u0006";
  private static final String GZIP = "\u001F\u008B";
  private static final String COMPOUND_FILE = "\u00D0\u00CF\u0011\u00E0";

  private static final Pattern PAGE_END =
      Pattern.compile("(?i)(</(html|body|table|div)>|-->)\\s*$");

  private FileEnd() {}

  /**
   * Whether nothing is missing, as far as the end of the file tells.
   *
   * @throws IOException when it is gone or cannot be read
   */
  public static boolean looksComplete(Path file) throws IOException {
    try (SeekableByteChannel channel = PlainFile.open(file)) {
      String head = read(channel, 0, HEAD);
      if (head.startsWith(GZIP) || head.startsWith(COMPOUND_FILE)) {
        return true;
      }
      String tail = read(channel, Math.max(0, channel.size() - TAIL), TAIL);
      if (head.startsWith(ZIP)) {
        return hasDirectory(tail);
      }
      // the bytes of UTF-16 and UTF-32 that are no part of an ASCII character
      String end = tail.replace("\0", "");
      if (end.endsWith("\n") || end.endsWith("\r")) {
        return true;
      }
      String text = head.replaceFirst("^(\u00EF\u00BB\u00BF|\u00FF\u00FE|\u00FE\u00FF)", "");
      String start = text.replace("\0", "").strip();
      if (start.startsWith("<")) {
        return PAGE_END.matcher(end).find();
      }
      boolean json = start.startsWith("[") || start.startsWith("{");
      return json ? end.endsWith("]") || end.endsWith("}") : end.isEmpty();
    }
  }

  private static boolean hasDirectory(String tail) {
    int end = tail.lastIndexOf(ZIP_DIRECTORY_END) + DIRECTORY_END;
    if (end < DIRECTORY_END || end > tail.length()) {
      return false;
    }
    int comment = tail.charAt(end - 2) | (tail.charAt(end - 1) << 8);
    return end + comment <= tail.length();
  }

  /** Bytes of the file, each as the character of its number. */
  private static String read(SeekableByteChannel channel, long from, int most) throws IOException {
    channel.position(from);
    var bytes = ByteBuffer.allocate(most);
    while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
      // until the end of the file or of the piece
    }
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
  }
}
