package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.kintonesync.simulator.rules.ErrorCode;
import dev.kintonesync.simulator.rules.Language;
import dev.kintonesync.simulator.state.DomainSettings;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a request's method, language and parameters, wherever they stand. */
final class RequestReader {
  /**
   * Of how many tokens a body may consist, which bounds the memory its tree takes to a third: 2,000
   * records of 500 fields are five million.
   */
  private static final long MOST_TOKENS =
      Math.min(6_000_000, Runtime.getRuntime().maxMemory() / 200);

  static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxTokenCount(MOST_TOKENS).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final Pattern INDEXED = Pattern.compile("(.+)\\[[0-9]{1,9}]");

  private RequestReader() {}

  /** The method that is meant: {@code X-HTTP-Method-Override} on a POST tells another one. */
  static String method(HttpExchange exchange) {
    String override = exchange.getRequestHeaders().getFirst("X-HTTP-Method-Override");
    boolean overridden = override != null && exchange.getRequestMethod().equals("POST");
    return overridden ? override : exchange.getRequestMethod();
  }

  static Language language(HttpExchange exchange, DomainSettings settings) {
    return Language.accepted(
        exchange.getRequestHeaders().getFirst("Accept-Language"), Language.of(settings.locale()));
  }

  /**
   * What a request says.
   *
   * @param parameters from a JSON body or the query string
   * @param json the same as text; of a file its name and size
   * @param upload the file that came with it, or null
   */
  @SuppressWarnings("ArrayRecordComponent") // the bytes are never compared
  record Content(ObjectNode parameters, byte[] json, @Nullable Upload upload) {
    /** What cannot be read, or is not looked at. */
    static final Content NONE = new Content(Reply.object(), new byte[] {'{', '}'}, null);
  }

  static Content content(HttpExchange exchange, byte[] body) throws IOException {
    if (body.length == 0) {
      ObjectNode parameters = queryParameters(exchange.getRequestURI().getRawQuery());
      return new Content(parameters, MAPPER.writeValueAsBytes(parameters), null);
    }
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    if (type != null && Upload.isMultipart(type)) {
      Upload upload = Upload.of(type, body);
      ObjectNode described = Reply.object();
      if (upload != null) {
        described.put("name", upload.name()).put("size", upload.content().length);
      }
      return new Content(Reply.object(), MAPPER.writeValueAsBytes(described), upload);
    }
    if (type == null || !type.startsWith("application/json")) {
      throw ErrorCode.CB_IL02.refuse();
    }
    return new Content(json(body), body, null);
  }

  static ObjectNode json(byte[] body) throws IOException {
    try {
      if (MAPPER.readTree(body) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw ErrorCode.CB_IJ01.refuse();
    }
    throw ErrorCode.CB_IJ01.refuse();
  }

  private static ObjectNode queryParameters(@Nullable String query) {
    ObjectNode parameters = Reply.object();
    if (query == null) {
      return parameters;
    }
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      Matcher indexed = INDEXED.matcher(name);
      if (!indexed.matches()) {
        parameters.put(name, value);
      } else {
        JsonNode known = parameters.get(indexed.group(1));
        (known instanceof ArrayNode array ? array : parameters.putArray(indexed.group(1)))
            .add(value);
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ErrorCode.CB_IL02.refuse();
    }
  }
}
