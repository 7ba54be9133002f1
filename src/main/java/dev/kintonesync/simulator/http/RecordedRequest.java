package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

/** A call that the simulator answered. Its parameters are kept as text, which takes little room. */
public final class RecordedRequest {
  private final Instant time;
  private final String method;
  private final String path;
  private final long app;
  private final byte[] json;
  private final int status;

  RecordedRequest(String method, String path, long app, byte[] json, int status) {
    this.time = Instant.now();
    this.method = method;
    this.path = path;
    this.app = app;
    this.json = json;
    this.status = status;
  }

  /** When it was answered, by the machine's clock. */
  public Instant time() {
    return time;
  }

  /** The method that was meant: {@code X-HTTP-Method-Override} applied. */
  public String method() {
    return method;
  }

  /** The path without its query string. */
  public String path() {
    return path;
  }

  /** The app it names, or 0. */
  public long app() {
    return app;
  }

  /**
   * Its parameters, from body or query string; an empty object when there were none or they could
   * not be read.
   */
  public JsonNode body() {
    try {
      return RequestReader.MAPPER.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // it was read before
    }
  }

  /** What was answered; 0 when the connection was closed in place of an answer. */
  public int status() {
    return status;
  }

  /** The call in short: {@code GET records}. */
  public String line() {
    Route route = Route.of(method, path);
    return method + " " + (route == null ? path : route.resource());
  }

  /** How many bytes it is kept in, about. */
  int weight() {
    return json.length;
  }

  @Override
  public String toString() {
    return line() + " " + status;
  }
}
