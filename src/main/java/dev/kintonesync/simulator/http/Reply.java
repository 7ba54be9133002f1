package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What is answered to a call.
 *
 * @param body the bytes to send; not to be changed
 * @param headers beyond those that every answer has
 */
@SuppressWarnings("ArrayRecordComponent") // the bytes are written once and never compared
record Reply(int status, String contentType, byte[] body, Map<String, String> headers) {
  private static final JsonMapper MAPPER = new JsonMapper();

  static Reply json(int status, JsonNode body) {
    try {
      return new Reply(
          status, "application/json;charset=utf-8", MAPPER.writeValueAsBytes(body), Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Reply json(JsonNode body) {
    return json(200, body);
  }

  /** The answer of a proxy in front of Kintone, which knows no JSON. */
  static Reply html(int status, String title) {
    String page =
        "<html><head><title>%1$s</title></head><body><center><h1>%1$s</h1></center></body></html>"
            .formatted(status + " " + title);
    return new Reply(
        status, "text/html;charset=utf-8", page.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  Reply with(Map<String, String> more) {
    return new Reply(status, contentType, body, more);
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
