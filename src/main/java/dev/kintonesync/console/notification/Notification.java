package dev.kintonesync.console.notification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What somebody is told, in the language of people.
 *
 * @param job about which job
 * @param headline in a line
 * @param text the whole, over several lines
 */
record Notification(String job, String headline, String text) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** As the journal keeps it. */
  String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts that are no JSON", e);
    }
  }

  /** What {@link #json} wrote. */
  static Notification read(String json) {
    try {
      return JSON.readValue(json, Notification.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a notice that cannot be read", e);
    }
  }
}
