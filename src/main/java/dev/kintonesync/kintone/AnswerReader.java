package dev.kintonesync.kintone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of an HTTP answer. Kintone answers JSON, but the proxies before it answer HTML,
 * text or nothing, and a refused bulkRequest has its error inside {@code results}.
 */
public final class AnswerReader {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .nodeFactory(new AnswerNodes())
          .build();

  private static final int TOO_LARGE = 413;
  private static final int GATEWAY_TIMEOUT = 504;
  private static final int EXCERPT = 120;

  private AnswerReader() {}

  /**
   * The answer that status and body stand for.
   *
   * @param status the HTTP status
   * @param body the bytes of the body, possibly none
   */
  public static Answer read(int status, byte[] body) {
    JsonNode json = parse(body);
    if (status >= 200 && status < 300) {
      return json != null && json.isObject()
          ? new Answer.Done(json)
          : new Answer.Unknown("HTTP " + status + " without an answer from Kintone", true);
    }
    if (json != null && json.hasNonNull("code")) {
      return refused(status, json, 0);
    }
    if (json != null && json.path("results").isArray()) {
      JsonNode results = json.path("results");
      for (int part = 0; part < results.size(); part++) {
        if (results.get(part).hasNonNull("code")) {
          return refused(status, results.get(part), part);
        }
      }
    }
    String seen = "HTTP " + status + excerpt(body);
    if (status == 429) {
      return new Answer.Refused(status, "GAIA_TO04", seen, Map.of(), 0);
    }
    return status >= 500
        ? new Answer.Unknown(seen, status == GATEWAY_TIMEOUT)
        : new Answer.Refused(status, "HTTP_" + status, seen, Map.of(), 0);
  }

  /** What an answer stands for that is larger than whoever asked can take. */
  public static Answer tooLarge(String seen) {
    return new Answer.Refused(TOO_LARGE, "HTTP_" + TOO_LARGE, seen, Map.of(), 0);
  }

  private static Answer.Refused refused(int status, JsonNode error, int part) {
    var errors = new LinkedHashMap<String, List<String>>();
    error
        .path("errors")
        .properties()
        .forEach(
            place -> {
              var words = new ArrayList<String>();
              place.getValue().path("messages").forEach(message -> words.add(message.asText()));
              errors.put(place.getKey(), List.copyOf(words));
            });
    return new Answer.Refused(
        status, error.path("code").asText(), error.path("message").asText(), errors, part);
  }

  private static @Nullable JsonNode parse(byte[] body) {
    try {
      return body.length == 0 ? null : JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return null; // a page of a proxy, judged by its status
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String excerpt(byte[] body) {
    String text =
        new String(body, StandardCharsets.UTF_8)
            .replaceAll("<[^>]*>", " ")
            .replaceAll("\\s+", " ")
            .strip();
    return text.isEmpty() ? "" : ": " + text.substring(0, Math.min(EXCERPT, text.length()));
  }
}
