package dev.kintonesync.console.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request as it has come in whole.
 *
 * @param method of HTTP
 * @param path without the query
 * @param query the parameters of the address; of a name that comes twice, the last
 * @param headers the value of a header, or null
 * @param body as text, not longer than the server takes
 * @param from the address of the caller, in figures
 * @param file where the content of an upload is kept until it is answered; null: it has none
 */
record PageRequest(
    String method,
    String path,
    Map<String, String> query,
    Function<String, @Nullable String> headers,
    String body,
    String from,
    @Nullable Path file) {
  private static final ObjectReader OBJECTS = new ObjectMapper().readerFor(ObjectNode.class);
  private static final Pattern COUNT = Pattern.compile("[0-9]{1,9}");

  /** Returns this request with the file that is its content. */
  PageRequest with(Path content) {
    return new PageRequest(method, path, query, headers, body, from, content);
  }

  /** Whether it would change something. */
  boolean changes() {
    return !method.equals("GET") && !method.equals("HEAD");
  }

  @Nullable String header(String name) {
    return headers.apply(name);
  }

  /** A parameter of the address that counts something; 0 when it is not there or no count. */
  int number(String name) {
    return COUNT.matcher(of(name)).matches() ? Integer.parseInt(of(name)) : 0;
  }

  /** A parameter of the address, or nothing. */
  String of(String name) {
    return query.getOrDefault(name, "");
  }

  /**
   * The content as an object of JSON; an empty one where there is none.
   *
   * @throws UnreadableException when it is something else: where
   */
  ObjectNode object() {
    try {
      return body.isEmpty() ? JsonNodeFactory.instance.objectNode() : OBJECTS.readValue(body);
    } catch (JsonProcessingException e) {
      throw new UnreadableException(e.getLocation(), e);
    }
  }

  /**
   * A part of a path as it is meant; one that cannot be read stays as it is, the name of nothing.
   */
  static String decoded(String part) {
    try {
      return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return part;
    }
  }
}
