package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.rules.ErrorCode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the parts of a {@code multipart/form-data} body that are files. */
final class Multipart {
  private static final Pattern BOUNDARY =
      Pattern.compile("(?i)boundary=(?:\"([^\"]{1,200})\"|([^;\\s]{1,200}))");
  private static final Pattern NAME = Pattern.compile("(?i)[;\\s]name=\"([^\"]*)\"");
  private static final Pattern FILE_NAME =
      Pattern.compile("(?i)[;\\s]filename=\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern ENCODED_FILE_NAME =
      Pattern.compile("(?i)[;\\s]filename\\*=UTF-8''([^;\\s]*)");
  private static final Pattern CONTENT_TYPE =
      Pattern.compile("(?im)^content-type:[ \\t]*([-\\w.+]+/[-\\w.+]+[ -~]*)$");

  private static final int LONGEST_HEADERS = 4096;

  private Multipart() {}

  /**
   * The files by the names of their parts: {@code {"file":{"name":"a.txt",
   * "contentType":"text/plain","size":5,"content":BINARY}}}.
   *
   * @throws dev.kintonesync.simulator.rules.Refusal {@code CB_IL02} when the body is no multipart
   */
  static ObjectNode files(String contentType, byte[] body) {
    Matcher matcher = BOUNDARY.matcher(contentType);
    if (!matcher.find()) {
      throw ErrorCode.CB_IL02.refuse();
    }
    String boundary = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    ObjectNode files = Reply.object();
    // one character per byte, so that places in the text are places in the body
    String text = new String(body, StandardCharsets.ISO_8859_1);
    String delimiter = "\r\n--" + boundary;
    int at = text.startsWith(delimiter.substring(2)) ? delimiter.length() - 2 : -1;
    while (!text.startsWith("--", required(at))) {
      int headersEnd = required(text.indexOf("\r\n\r\n", at));
      int end = required(text.indexOf(delimiter, headersEnd + 2));
      if (headersEnd - at > LONGEST_HEADERS) {
        throw ErrorCode.CB_IL02.refuse();
      }
      String headers =
          new String(body, at, headersEnd - at, StandardCharsets.UTF_8).replace("\r\n", "\n");
      byte[] content = Arrays.copyOfRange(body, Math.min(headersEnd + 4, end), end);
      addFile(files, headers, content);
      at = end + delimiter.length();
    }
    return files;
  }

  private static int required(int place) {
    if (place < 0) {
      throw ErrorCode.CB_IL02.refuse();
    }
    return place;
  }

  private static void addFile(ObjectNode files, String headers, byte[] content) {
    Matcher name = NAME.matcher(headers);
    String fileName = fileName(headers);
    if (name.find() && fileName != null) {
      Matcher type = CONTENT_TYPE.matcher(headers);
      files
          .putObject(name.group(1))
          .put("name", fileName)
          .put("contentType", type.find() ? type.group(1).strip() : "application/octet-stream")
          .put("size", content.length)
          .put("content", content);
    }
  }

  private static @Nullable String fileName(String headers) {
    Matcher encoded = ENCODED_FILE_NAME.matcher(headers);
    if (encoded.find()) {
      try {
        return URLDecoder.decode(encoded.group(1).replace("+", "%2B"), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        throw ErrorCode.CB_IL02.refuse();
      }
    }
    Matcher plain = FILE_NAME.matcher(headers);
    return plain.find() ? plain.group(1).replaceAll("\\\\(.)", "$1") : null;
  }
}
