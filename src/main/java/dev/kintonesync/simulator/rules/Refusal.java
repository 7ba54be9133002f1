package dev.kintonesync.simulator.rules;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.state.DomainSettings;
import java.security.SecureRandom;

/** A call that Kintone refuses: an {@link ErrorCode} with its arguments and problems. */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String ID_LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private final ErrorCode code;
  private final transient Problems problems;
  private final String[] arguments;
  private final String[] japaneseArguments;

  Refusal(ErrorCode code, Problems problems, String... arguments) {
    this(code, problems, arguments, arguments);
  }

  /** One whose arguments have words in them, in both languages. */
  Refusal(ErrorCode code, Problems problems, String[] arguments, String[] japaneseArguments) {
    // a refusal is an answer, not a fault: it needs no stack trace
    super(code.name(), null, false, false);
    this.code = code;
    this.problems = problems;
    this.arguments = arguments;
    this.japaneseArguments = japaneseArguments;
  }

  public ErrorCode code() {
    return code;
  }

  /** The HTTP status, which for some codes is a setting because nobody knows it for sure. */
  public int status(DomainSettings settings) {
    return switch (code) {
      case GAIA_DA02, GAIA_RE18 -> settings.lockErrorStatus();
      case GAIA_UN10 -> settings.readOnlyStatus();
      case GAIA_BF02 -> settings.adminOnlyStatus();
      default -> code.status();
    };
  }

  /** The body that Kintone answers: {@code code, id, message} and, where there are any, errors. */
  public ObjectNode toJson(Language language) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("code", code.name());
    body.put("id", randomId());
    body.put(
        "message", code.message(language, language == Language.JA ? japaneseArguments : arguments));
    if (!problems.isEmpty()) {
      body.set("errors", problems.toJson(language));
    }
    return body;
  }

  private static String randomId() {
    StringBuilder id = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      id.append(ID_LETTERS.charAt(RANDOM.nextInt(ID_LETTERS.length())));
    }
    return id.toString();
  }
}
