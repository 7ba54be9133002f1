package dev.kintonesync.kintone;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
      implements Answer {

    /** Why an app could not be read, and what to do about it. */
    public UserMessage whyUnreadable(String app, KintoneConnection connection) {
      URI baseUrl = connection.baseUrl();
      String guestSpace = connection.guestSpace();
      return switch (code) {
        case "GAIA_IA02" -> MessageCode.WRONG_TOKEN.with(app, words());
        case "GAIA_DA03" -> MessageCode.TWO_TOKENS_OF_ONE_APP.with(app, words());
        case "CB_AU01" -> MessageCode.NOT_LOGGED_IN.with(baseUrl, words());
        case "CB_WA01" -> MessageCode.WRONG_PASSWORD.with(baseUrl, words());
        case "GAIA_NO01" -> MessageCode.NO_PERMISSION.with(app, words());
        case "CB_NO02" ->
            guestSpace == null
                ? MessageCode.NO_PERMISSION.with(app, words())
                : MessageCode.WRONG_GUEST_SPACE.with(app, guestSpace, words());
        case "GAIA_AP01" -> MessageCode.NO_SUCH_APP.with(app, baseUrl, words());
        case "GAIA_IL23" -> MessageCode.GUEST_SPACE_APP.with(app, words());
        case "HTTP_401" -> MessageCode.BASIC_AUTH_NEEDED.with(baseUrl, words());
        default -> MessageCode.APP_NOT_READABLE.with(app, baseUrl, words());
      };
    }

    /** The same of a request that may be one for records, which are read after the form. */
    public UserMessage whyUnreadable(String app, KintoneRequest request) {
      return isOverrideLost(request)
          ? MessageCode.OVERRIDE_LOST.with(request.connection().baseUrl(), words())
          : whyUnreadable(app, request.connection());
    }

    /**
     * Whether the header that makes a POST a read seems to have got lost: Kintone misses the
     * records to write, or a proxy turns the POST away. Holds when the form, whose reading needs no
     * such header, was read before.
     */
    public boolean isOverrideLost(KintoneRequest request) {
      return request.isOverridden()
          && ((code.equals(ErrorCode.INVALID) && errors.containsKey("records"))
              || TURNED_AWAY.contains(code));
    }

    private static final Set<String> TURNED_AWAY = Set.of("HTTP_403", "HTTP_404", "HTTP_405");
  }

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
   * @param late whether it looks as if too much was asked for at once: the answer did not come in
   *     time, or broke off
   */
  record Unknown(String reason, boolean late) implements Answer {}

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

  /** Why a run ends that has got no answer, and what to do about it. */
  default UserMessage whyAway(URI baseUrl) {
    return words().startsWith("HTTP 503")
        ? MessageCode.KINTONE_MAINTAINED.with(baseUrl, words())
        : MessageCode.KINTONE_AWAY.with(baseUrl, words());
  }

  /** Whether Kintone has not said anything. */
  default boolean isSilence() {
    return this instanceof Unsent || this instanceof Unknown;
  }

  /**
   * Whether it looks as if the request asks for more than can be answered, and could ask for less.
   * No limit is documented; the signs are those of the proxies before Kintone.
   */
  default boolean isTooLargeFor(KintoneRequest request) {
    boolean late = this instanceof Unknown unknown && unknown.late();
    boolean refused = this instanceof Refused answer && ErrorCode.isTooLarge(answer.code());
    return (late || refused) && request.keys() > 1;
  }

  /** Whether the same request may be sent again at once or later, whatever became of this one. */
  default boolean mayBeRepeated(KintoneRequest request) {
    return this instanceof Unsent
        || (this instanceof Refused refused && ErrorCode.isBusy(refused.code()))
        || (this instanceof Unknown && request.isRead() && !isTooLargeFor(request));
  }
}
