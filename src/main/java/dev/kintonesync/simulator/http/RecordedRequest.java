package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/** A call that the simulator answered. Its parameters are kept as text, which takes little room. */
public final class RecordedRequest {
  private final long number;
  private final Instant time;
  private final Duration took;
  private final String method;
  private final String path;
  private final long app;
  private final byte[] json;
  private final int subRequests;
  private final int status;
  private final byte[] refusal;

  /**
   * @param json the parameters; likewise {@code refusal} not to be changed
   * @param refusal the body of the answer where it was no success, otherwise empty
   */
  RecordedRequest(
      long number,
      Duration took,
      String method,
      String path,
      long app,
      byte[] json,
      int subRequests,
      int status,
      byte[] refusal) {
    this.number = number;
    this.time = Instant.now();
    this.took = took;
    this.method = method;
    this.path = path;
    this.app = app;
    this.json = json;
    this.subRequests = subRequests;
    this.status = status;
    this.refusal = refusal;
  }

  /** Counts from 1 in the order of the answers. */
  public long number() {
    return number;
  }

  /** When it was answered, by the machine's clock. */
  public Instant time() {
    return time;
  }

  /** How long it took, from its arrival to its answer. */
  public Duration took() {
    return took;
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

  /** The parameters as text, not to be changed. */
  byte[] json() {
    return json;
  }

  /** How many requests were in it; 0 when it was no bulkRequest. */
  public int subRequests() {
    return subRequests;
  }

  /** The body of the answer where Kintone refused; empty where it was a success, or none came. */
  public String refusal() {
    return new String(refusal, StandardCharsets.UTF_8);
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
    return json.length + refusal.length;
  }

  @Override
  public String toString() {
    return line() + " " + status;
  }
}
