package dev.kintonesync.kintone;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/** What is known after a call. Every call ends as exactly one of these four. */
public sealed interface Answer {

  /**
   * Kintone did it.
   *
   * @param body the JSON of the answer
   */
  record Done(JsonNode body) implements Answer {}

  /**
   * Kintone refused it and did nothing, and says why.
   *
   * @param status the HTTP status; informative only
   * @param code Kintone's error code
   * @param message Kintone's own words, in the language of the connection
   * @param errors the words by position, such as {@code records[3].name.value}; empty where Kintone
   *     names no position
   * @param part the request of a bulkRequest that was refused, counted from 0; 0 for a single one
   */
  record Refused(
      int status, String code, String message, Map<String, List<String>> errors, int part)
      implements Answer {}

  /**
   * The request never reached Kintone: no connection.
   *
   * @param reason what the connection said
   */
  record Unsent(String reason) implements Answer {}

  /**
   * It was sent, and nothing tells whether it was carried out: a timeout, a reset, an empty answer,
   * or a 5xx that does not come from Kintone itself.
   *
   * @param reason what was seen instead of an answer
   */
  record Unknown(String reason) implements Answer {}

  /** A few words for logs and reasons: code and message, or what the connection said. */
  default String words() {
    if (this instanceof Refused refused) {
      return refused.message() + " [" + refused.code() + "]";
    } else if (this instanceof Unsent unsent) {
      return unsent.reason();
    } else if (this instanceof Unknown unknown) {
      return unknown.reason();
    }
    return "done";
  }

  /** Whether Kintone has not said anything. */
  default boolean isSilence() {
    return this instanceof Unsent || this instanceof Unknown;
  }

  /** Whether the same request may be sent again at once or later, whatever became of this one. */
  default boolean mayBeRepeated(KintoneRequest request) {
    return this instanceof Unsent
        || (this instanceof Refused refused && ErrorCode.isBusy(refused.code()))
        || (this instanceof Unknown && request.isRead());
  }
}
