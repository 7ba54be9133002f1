package dev.kintonesync.kintone;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kintonesync.message.Excerpt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of an HTTP answer. Kintone answers JSON, but the proxies before it answer HTML,
 * text, JSON of their own or nothing, and a refused bulkRequest has its error inside {@code
 * results}.
 */
public final class AnswerReader {
  /** Bytes of one answer: several are in work at a time, and the heap holds other things too. */
  private static final long MOST_BYTES =
      Math.max(4L << 20, Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 32));

  /** Names and values of one answer: as objects a short text takes ten times as much. */
  private static final long MOST_TOKENS =
      Math.max(500_000, Math.min(10_000_000, Runtime.getRuntime().maxMemory() / 200));

  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxTokenCount(MOST_TOKENS).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .nodeFactory(new CompactNodeFactory())
          .build();

  /** As {@code GAIA_RE01}; those of others are numbers or sentences. */
  private static final Pattern CODE = Pattern.compile("[A-Z][A-Z0-9]{1,19}_[A-Z]{1,9}[0-9]{1,9}");

  /** Too slow for a proxy: the answer would have come later. */
  private static final Set<Integer> LATE = Set.of(408, 504);

  /** Of a write that was not even begun: too large, or too many at a time. */
  private static final Set<Integer> NOT_BEGUN = Set.of(413, 414, 429, 431);

  private static final int TOO_LARGE = 413;

  private AnswerReader() {}

  /** How many bytes the body of an answer may have; a longer one is not read. */
  public static int mostBytes() {
    return Math.toIntExact(MOST_BYTES);
  }

  /**
   * The answer to a request. Kintone alone can say that a write was not carried out: whatever
   * another one says of it, it may have been.
   *
   * @param status the HTTP status
   * @param body the bytes of the body, possibly none
   */
  public static Answer read(KintoneRequest request, int status, byte[] body) {
    var answer = read(status, body);
    if (answer instanceof Answer.Done done && !request.isAnsweredBy(done.body())) {
      return new Answer.Unknown(withoutAnswer(status, body), false);
    }
    if (answer instanceof Answer.Refused refused
        && !request.changesNothing()
        && !ErrorCode.isKintones(refused.code())
        && !NOT_BEGUN.contains(status)) {
      return new Answer.Unknown(refused.message(), LATE.contains(status));
    }
    return answer;
  }

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
          : new Answer.Unknown(withoutAnswer(status, body), true);
    }
    if (json != null && isError(json)) {
      return refused(status, json, 0);
    }
    if (json != null && json.path("results").isArray()) {
      JsonNode results = json.path("results");
      for (int part = 0; part < results.size(); part++) {
        if (isError(results.get(part))) {
          return refused(status, results.get(part), part);
        }
      }
    }
    String seen = "HTTP " + status + excerpt(body);
    if (status == 429) {
      return new Answer.Refused(status, "GAIA_TO04", seen, Map.of(), 0);
    }
    return status >= 500 || LATE.contains(status)
        ? new Answer.Unknown(seen, LATE.contains(status))
        : new Answer.Refused(status, "HTTP_" + status, seen, Map.of(), 0);
  }

  /** Whether it has the form in which Kintone, and none of the proxies before it, refuses. */
  private static boolean isError(JsonNode json) {
    return CODE.matcher(json.path("code").asText()).matches()
        && json.path("code").isTextual()
        && json.path("id").isTextual()
        && json.path("message").isTextual();
  }

  private static String withoutAnswer(int status, byte[] body) {
    return "HTTP " + status + " without an answer from Kintone" + excerpt(body);
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
    return Excerpt.after(Excerpt.line(body));
  }
}
