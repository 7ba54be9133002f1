package dev.kintonesync.console.web;

import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request as it has come in whole.
 *
 * @param method of HTTP
 * @param path without the query
 * @param query the parameters of the address; of a name that comes twice, the last
 * @param headers the value of a header, or null
 * @param body at most {@link PageServer#LONGEST_BODY} bytes, as text
 * @param from the address of the caller, in figures
 */
record PageRequest(
    String method,
    String path,
    Map<String, String> query,
    Function<String, @Nullable String> headers,
    String body,
    String from) {
  /** Whether it would change something. */
  boolean changes() {
    return !method.equals("GET") && !method.equals("HEAD");
  }

  @Nullable String header(String name) {
    return headers.apply(name);
  }

  /** A parameter of the address, or nothing. */
  String of(String name) {
    return query.getOrDefault(name, "");
  }
}
