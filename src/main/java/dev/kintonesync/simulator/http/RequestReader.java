package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.kintonesync.simulator.rules.ErrorCode;
import dev.kintonesync.simulator.rules.Language;
import dev.kintonesync.simulator.state.Settings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a request's method, language and parameters, wherever they stand. */
final class RequestReader {
  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final Pattern INDEXED = Pattern.compile("(.+)\\[[0-9]{1,9}]");

  /** A body that the proxy in front does not let through. */
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private RequestReader() {}

  /** The method that is meant: {@code X-HTTP-Method-Override} on a POST tells another one. */
  static String method(HttpExchange exchange) {
    String override = exchange.getRequestHeaders().getFirst("X-HTTP-Method-Override");
    boolean overridden = override != null && exchange.getRequestMethod().equals("POST");
    return overridden ? override : exchange.getRequestMethod();
  }

  static Language language(HttpExchange exchange, Settings settings) {
    return Language.accepted(
        exchange.getRequestHeaders().getFirst("Accept-Language"), Language.of(settings.locale()));
  }

  /**
   * What a request says.
   *
   * @param parameters from a JSON body or the query string
   * @param text the same as JSON; of a file its name and size
   * @param upload the file that came with it, or null
   */
  record Content(ObjectNode parameters, String text, @Nullable Upload upload) {}

  static Content content(HttpExchange exchange, int mostBytes) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(mostBytes + 1);
    if (body.length > mostBytes) {
      // a client that is cut off while it sends would never read the answer
      exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
      throw new TooLarge();
    }
    if (body.length == 0) {
      ObjectNode parameters = queryParameters(exchange.getRequestURI().getRawQuery());
      return new Content(parameters, parameters.toString(), null);
    }
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    if (type != null && Upload.isMultipart(type)) {
      Upload upload = Upload.of(type, body);
      ObjectNode described = Reply.object();
      if (upload != null) {
        described.put("name", upload.name()).put("size", upload.content().length);
      }
      return new Content(Reply.object(), described.toString(), upload);
    }
    if (type == null || !type.startsWith("application/json")) {
      throw ErrorCode.CB_IL02.refuse();
    }
    return new Content(json(body), new String(body, StandardCharsets.UTF_8), null);
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
