package dev.kintonesync.console.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a request is answered: a status of HTTP, a content with its type, and headers. */
final class PageResponse {
  private static final String TEXT = "text/plain;charset=utf-8";

  /** What a browser may do with any answer. */
  private static final Map<String, String> GUARDS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
              + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cache-Control",
          "no-store");

  private final int status;
  private final String type;
  private final byte[] body;
  private final @Nullable Path file;
  private final Map<String, String> headers;

  private PageResponse(
      int status, String type, byte[] body, @Nullable Path file, Map<String, String> headers) {
    this.status = status;
    this.type = type;
    this.body = body;
    this.file = file;
    this.headers = headers;
  }

  static PageResponse of(String type, byte[] body) {
    return new PageResponse(200, type, body, null, Map.of());
  }

  /** A file to keep, of which no more is in memory than what is under way. */
  static PageResponse file(String type, Path file) {
    return new PageResponse(200, type, new byte[0], file, Map.of())
        .with("Content-Disposition", "attachment; filename=\"" + file.getFileName() + "\"");
  }

  static PageResponse json(JsonNode body) {
    return of("application/json;charset=utf-8", bytes(body.toString()));
  }

  static PageResponse text(int status, String words) {
    return new PageResponse(status, TEXT, bytes(words + "\n"), null, Map.of());
  }

  static PageResponse notFound(MessageBundle bundle) {
    return text(404, bundle.say(MessageCode.PAGE_NOT_FOUND.with()));
  }

  PageResponse with(String name, String value) {
    var more = new HashMap<>(headers);
    more.put(name, value);
    return new PageResponse(status, type, body, file, more);
  }

  /** Returns this response with another status. */
  PageResponse as(int another) {
    return new PageResponse(another, type, body, file, headers);
  }

  int status() {
    return status;
  }

  String type() {
    return type;
  }

  /** The content, where there is no file. */
  byte[] body() {
    return body;
  }

  /** The file that is the content. */
  @Nullable Path file() {
    return file;
  }

  /** All headers but the content type. */
  Map<String, String> allHeaders() {
    var all = new HashMap<>(GUARDS);
    all.putAll(headers);
    return all;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
