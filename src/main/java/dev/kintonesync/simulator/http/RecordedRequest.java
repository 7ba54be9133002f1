package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * A call that the simulator answered.
 *
 * @param method with an override applied
 * @param path without its query string
 * @param app the app it names, or 0
 * @param text its parameters as JSON, from body or query string; empty when they could not be read,
 *     were not looked at, or have been forgotten to save memory
 * @param status what was answered; 0 when the connection was closed in place of an answer
 */
public record RecordedRequest(String method, String path, long app, String text, int status) {

  /** The call in short: {@code GET records}. */
  public String line() {
    Route route = Route.of(method, path);
    return method + " " + (route == null ? path : route.resource());
  }

  /** Its parameters; an empty object when there is no {@link #text}. */
  public JsonNode body() {
    try {
      return text.isEmpty() ? Reply.object() : RequestReader.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  RecordedRequest withoutText() {
    return new RecordedRequest(method, path, app, "", status);
  }
}
