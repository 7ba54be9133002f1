package dev.kintonesync.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What a request is answered: a status of HTTP, a content with its type, and headers. */
final class Answer {
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
  private final InputStream body;
  private final Map<String, String> headers;

  private Answer(int status, String type, InputStream body, Map<String, String> headers) {
    this.status = status;
    this.type = type;
    this.body = body;
    this.headers = headers;
  }

  static Answer of(String type, byte[] body) {
    return new Answer(200, type, new ByteArrayInputStream(body), Map.of());
  }

  /**
   * A file, of which no more is in memory than what is under way.
   *
   * @throws IOException when it cannot be opened
   */
  static Answer file(String type, Path file) throws IOException {
    return new Answer(200, type, Files.newInputStream(file), Map.of())
        .with("Content-Disposition", "attachment; filename=\"" + file.getFileName() + "\"");
  }

  static Answer json(JsonNode body) {
    return of("application/json;charset=utf-8", bytes(body.toString()));
  }

  static Answer text(int status, String words) {
    return new Answer(status, TEXT, new ByteArrayInputStream(bytes(words + "\n")), Map.of());
  }

  static Answer notFound() {
    return text(404, "not found");
  }

  Answer with(String name, String value) {
    var more = new HashMap<>(headers);
    more.put(name, value);
    return new Answer(status, type, body, more);
  }

  /** The same with another status. */
  Answer as(int another) {
    return new Answer(another, type, body, headers);
  }

  int status() {
    return status;
  }

  String type() {
    return type;
  }

  /** The content, for whoever sends it to read and close. */
  InputStream body() {
    return body;
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
