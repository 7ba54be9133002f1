package dev.kintonesync.message;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A few words of a text that somebody else wrote, a page of a proxy for instance. The time that it
 * takes grows with the length of what is looked at, whatever stands there.
 */
public final class Excerpt {
  /** Bytes of a text that are looked at. */
  public static final int LOOKED_AT = 4096;

  private static final int LONGEST = 120;

  /** A tag ends where the next one begins: else each of many would be sought to the end. */
  private static final Pattern TAG = Pattern.compile("<[^<>]*>");

  /** What a browser does not show among the text; the title is mostly the heading once more. */
  private static final Pattern UNSEEN =
      Pattern.compile("(?i)<(title|script|style)[^<>]*>[^<]*</\\1>");

  private static final Pattern NO_CHARACTERS = Pattern.compile("[\\s\\p{Cntrl}]+");

  private Excerpt() {}

  /** The text without its tags, on one line; of a long one its beginning. */
  public static String line(byte[] text) {
    var beginning = new String(text, 0, Math.min(LOOKED_AT, text.length), StandardCharsets.UTF_8);
    String seen = words(UNSEEN.matcher(beginning).replaceAll(" "));
    return seen.isEmpty() ? words(beginning) : seen;
  }

  private static String words(String html) {
    String words = TAG.matcher(html).replaceAll(" ");
    return NO_CHARACTERS.matcher(words).replaceAll(" ").strip();
  }

  /** A colon and the beginning of a line; nothing where there is none. */
  public static String after(String line) {
    return line.isEmpty() ? "" : ": " + line.substring(0, Math.min(LONGEST, line.length()));
  }
}
