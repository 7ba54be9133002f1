package dev.kintonesync.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Messages as the journal keeps them: as JSON, so that they can be said later in any language. */
final class MessageJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private MessageJson() {}

  static String write(UserMessage message) {
    return node(message).toString();
  }

  static String write(Collection<UserMessage> messages) {
    var all = JSON.createArrayNode();
    messages.forEach(message -> all.add(node(message)));
    return all.toString();
  }

  private static ObjectNode node(UserMessage message) {
    var node = JSON.createObjectNode().put("text", message.code());
    var with = node.putArray("with");
    for (Object argument : message.arguments()) {
      if (argument instanceof UserMessage inner) {
        with.add(node(inner));
      } else {
        with.add(String.valueOf(argument));
      }
    }
    return node;
  }

  /**
   * The message of a JSON object.
   *
   * @throws IllegalArgumentException when this program does not have its sentence, for instance
   *     because a newer one wrote it
   */
  static UserMessage read(String json) throws JsonProcessingException {
    return message(JSON.readTree(json));
  }

  /** The messages of a JSON array; those whose sentence this program does not have are left out. */
  static List<UserMessage> readAll(String json) throws JsonProcessingException {
    var messages = new ArrayList<UserMessage>();
    for (JsonNode node : JSON.readTree(json)) {
      try {
        messages.add(message(node));
      } catch (IllegalArgumentException e) {
        // of a newer program
      }
    }
    return messages;
  }

  private static UserMessage message(JsonNode node) {
    var text =
        MessageCode.valueOf(node.path("text").asText().toUpperCase(Locale.ROOT).replace('-', '_'));
    var arguments = new ArrayList<Object>();
    for (JsonNode argument : node.path("with")) {
      arguments.add(argument.isObject() ? message(argument) : argument.asText());
    }
    return new UserMessage(text, arguments);
  }
}
