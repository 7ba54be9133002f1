package dev.kintonesync.simulator.http;

import dev.kintonesync.simulator.rules.ErrorCode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The file part of a multipart body. */
@SuppressWarnings("ArrayRecordComponent") // content may be large and is never compared
record Upload(String name, String contentType, byte[] content) {
  private static final Pattern BOUNDARY =
      Pattern.compile(
          "multipart/form-data.*boundary=(?:\"([^\"]{1,200})\"|([^\";\\s]{1,200})).*",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern PART_NAME =
      Pattern.compile("[;\\s]name=(?:\"file\"|file\\b)", Pattern.CASE_INSENSITIVE);
  private static final Pattern FILE_NAME =
      Pattern.compile(
          "[;\\s]filename=\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"", Pattern.CASE_INSENSITIVE);
  private static final Pattern ENCODED_FILE_NAME =
      Pattern.compile("[;\\s]filename\\*=UTF-8''([^;\\s]+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern TYPE =
      Pattern.compile(
          "^content-type:[ \\t]*([!-~]+/[ -~]+)$", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);
  private static final String BLANK_LINE = "\r\n\r\n";
  // a repeated group of a pattern takes stack for each round
  private static final int LONGEST_HEAD = 2048;

  /** Whether a content type says that a body has parts. */
  static boolean isMultipart(String contentType) {
    return BOUNDARY.matcher(contentType).matches();
  }

  /**
   * The part of the name {@code file} with a file name, or null when there is none.
   *
   * @throws dev.kintonesync.simulator.rules.Refusal {@code CB_IL02} when the body is not made of
   *     parts
   */
  static @Nullable Upload of(String contentType, byte[] body) {
    Matcher boundary = BOUNDARY.matcher(contentType);
    if (!boundary.matches()) {
      throw ErrorCode.CB_IL02.refuse();
    }
    String delimiter =
        "\r\n--" + (boundary.group(1) == null ? boundary.group(2) : boundary.group(1));
    // one character per byte, so that places in the text are places in the body
    String text = new String(body, StandardCharsets.ISO_8859_1);
    int at = text.startsWith(delimiter.substring(2)) ? delimiter.length() - 2 : -1;
    while (!text.startsWith("--", found(at))) {
      int headEnd = found(text.indexOf(BLANK_LINE, at));
      int end = found(text.indexOf(delimiter, headEnd + 2));
      if (headEnd - at > LONGEST_HEAD) {
        throw ErrorCode.CB_IL02.refuse();
      }
      String head =
          new String(body, at, headEnd - at, StandardCharsets.UTF_8).replace("\r\n", "\n");
      String name = fileName(head);
      if (name != null && PART_NAME.matcher(head).find()) {
        int start = Math.min(headEnd + BLANK_LINE.length(), end);
        return new Upload(name, type(head), Arrays.copyOfRange(body, start, end));
      }
      at = end + delimiter.length();
    }
    return null;
  }

  private static int found(int place) {
    if (place < 0) {
      throw ErrorCode.CB_IL02.refuse();
    }
    return place;
  }

  private static String type(String head) {
    Matcher type = TYPE.matcher(head);
    return type.find() ? type.group(1).strip() : "application/octet-stream";
  }

  private static @Nullable String fileName(String head) {
    Matcher encoded = ENCODED_FILE_NAME.matcher(head);
    if (encoded.find()) {
      try {
        return URLDecoder.decode(encoded.group(1).replace("+", "%2B"), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        throw ErrorCode.CB_IL02.refuse();
      }
    }
    Matcher plain = FILE_NAME.matcher(head);
    return plain.find() ? plain.group(1).replaceAll("\\\\(.)", "$1") : null;
  }
}
