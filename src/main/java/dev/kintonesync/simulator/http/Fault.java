package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Something that goes wrong. An immutable value; the {@code with} methods answer a changed one.
 *
 * @param kind what goes wrong
 * @param method the HTTP method it waits for; empty for any
 * @param path a part of the path it waits for; empty for any
 * @param skip how many matching calls pass before it
 * @param count how many matching calls it spoils then
 * @param status the HTTP status that is answered
 * @param body the body that is answered, as it is
 * @param headers the headers that are answered
 */
public record Fault(
    Kind kind,
    String method,
    String path,
    int skip,
    int count,
    int status,
    String body,
    Map<String, String> headers) {

  /** What can go wrong. */
  public enum Kind {
    /** An answer is given and nothing done. */
    STATUS,
    /** The connection is closed and nothing done. */
    RESET,
    /** What was asked is done, and the connection closed in place of an answer. */
    RESET_AFTER_COMMIT,
    /** Nothing is done and no answer comes, until the client gives up. */
    HANG
  }

  public Fault {
    headers = Map.copyOf(headers);
    if (skip < 0 || count < 1 || status < 200 || status > 599) {
      throw new IllegalArgumentException(
          "a fault has: skip from 0, count from 1, status 200 to 599");
    }
    if (headers.entrySet().stream().anyMatch(e -> !isPlain(e.getKey()) || !isPlain(e.getValue()))) {
      throw new IllegalArgumentException("a header has a name and a value on one line");
    }
  }

  private static boolean isPlain(String text) {
    return !text.isEmpty() && text.chars().noneMatch(Character::isISOControl);
  }

  /** A fault of any call, once. */
  public static Fault of(Kind kind) {
    return new Fault(kind, "", "", 0, 1, 503, "", Map.of());
  }

  /** An answer with a status and a body in place of the real one, once. */
  public static Fault status(int status, String body) {
    return of(Kind.STATUS).answering(status, body);
  }

  /** An error of Kintone's by its code alone, once. */
  public static Fault error(int status, String code) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("code", code).put("id", "fault");
    return status(status, json.put("message", code).toString());
  }

  /** The same fault for calls of a method whose path contains a text. */
  public Fault on(String someMethod, String pathPart) {
    return new Fault(kind, someMethod, pathPart, skip, count, status, body, headers);
  }

  /** The same fault after so many matching calls have passed. */
  public Fault after(int calls) {
    return new Fault(kind, method, path, calls, count, status, body, headers);
  }

  /** The same fault for so many calls. */
  public Fault times(int calls) {
    return new Fault(kind, method, path, skip, calls, status, body, headers);
  }

  private Fault answering(int someStatus, String someBody) {
    return new Fault(kind, method, path, skip, count, someStatus, someBody, headers);
  }

  boolean matches(String someMethod, String somePath) {
    return (method.isEmpty() || method.equals(someMethod)) && somePath.contains(path);
  }

  /** The body as JSON; where it is none, an object with the text as its message. */
  JsonNode json() {
    try {
      return new JsonMapper().readTree(body);
    } catch (JsonProcessingException e) {
      return JsonNodeFactory.instance.objectNode().put("message", body);
    }
  }

  Reply reply() {
    String text = body.stripLeading();
    String type = text.startsWith("{") ? "application/json;charset=utf-8" : "text/html";
    return new Reply(status, type, body.getBytes(StandardCharsets.UTF_8), headers);
  }
}
