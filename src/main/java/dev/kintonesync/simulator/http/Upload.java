package dev.kintonesync.simulator.http;

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
      Pattern.compile("multipart/form-data.*boundary=\"?([^\";]+)\"?.*", Pattern.CASE_INSENSITIVE);
  private static final Pattern FILE_NAME = Pattern.compile("filename=\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern ENCODED_FILE_NAME =
      Pattern.compile("filename\\*=(?:UTF-8|utf-8)''([^;\\s]+)");
  private static final Pattern TYPE =
      Pattern.compile("^content-type:\\s*(.+)$", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

  /** A part whose head is longer is none; the patterns above recurse with its length. */
  private static final int LONGEST_HEAD = 4096;

  /** Whether a content type says that a body has parts. */
  static boolean isMultipart(@Nullable String contentType) {
    return contentType != null && BOUNDARY.matcher(contentType).matches();
  }

  /** The part of the name {@code file}, or null when there is none. */
  static @Nullable Upload of(String contentType, byte[] body) {
    Matcher boundary = BOUNDARY.matcher(contentType);
    if (!boundary.matches()) {
      return null;
    }
    byte[] delimiter = ("--" + boundary.group(1)).getBytes(StandardCharsets.ISO_8859_1);
    int start = indexOf(body, delimiter, 0);
    while (start >= 0) {
      int end = indexOf(body, delimiter, start + delimiter.length);
      if (end < 0) {
        return null;
      }
      Upload part = part(body, start + delimiter.length + 2, end - 2);
      if (part != null) {
        return part;
      }
      start = end;
    }
    return null;
  }

  private static @Nullable Upload part(byte[] body, int from, int to) {
    byte[] blankLine = {'\r', '\n', '\r', '\n'};
    int headEnd = indexOf(body, blankLine, from);
    if (headEnd < 0 || headEnd + blankLine.length > to || headEnd - from > LONGEST_HEAD) {
      return null;
    }
    String head = new String(body, from, headEnd - from, StandardCharsets.UTF_8);
    if (!head.contains("name=\"file\"") && !head.contains("name=file")) {
      return null;
    }
    int start = headEnd + blankLine.length;
    byte[] content = Arrays.copyOfRange(body, start, to);
    Matcher type = TYPE.matcher(head);
    return new Upload(
        fileName(head), type.find() ? type.group(1).strip() : "application/octet-stream", content);
  }

  private static String fileName(String head) {
    Matcher encoded = ENCODED_FILE_NAME.matcher(head);
    if (encoded.find()) {
      return decoded(encoded.group(1));
    }
    Matcher plain = FILE_NAME.matcher(head);
    return plain.find() ? plain.group(1).replaceAll("\\\\(.)", "$1") : "file";
  }

  private static String decoded(String name) {
    try {
      return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException badEscape) {
      return name;
    }
  }

  private static int indexOf(byte[] body, byte[] wanted, int from) {
    outer:
    for (int i = from; i <= body.length - wanted.length; i++) {
      for (int j = 0; j < wanted.length; j++) {
        if (body[i + j] != wanted[j]) {
          continue outer;
        }
      }
      return i;
    }
    return -1;
  }
}
