package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A call that the simulator answered.
 *
 * @param method with an override applied
 * @param path without its query string
 * @param app the app it names, or 0
 * @param body its parameters, from body or query string; an empty object when they could not be
 *     read
 * @param status what was answered; 0 when the connection was closed in place of an answer
 */
public record RecordedRequest(String method, String path, long app, JsonNode body, int status) {

  /** The call in short: {@code GET records}. */
  public String line() {
    Route route = Route.of(method, path);
    return method + " " + (route == null ? path : route.resource());
  }
}
