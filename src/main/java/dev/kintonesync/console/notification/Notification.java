package dev.kintonesync.console.notification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/**
 * What somebody is told, in the language of people.
 *
 * @param job about which job
 * @param headline in a line
 * @param text the whole, over several lines
 * @param to the only address that it is for; null: those of the job
 */
record Notification(String job, String headline, String text, @Nullable String to) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** For those who are told of the job. */
  Notification(String job, String headline, String text) {
    this(job, headline, text, null);
  }

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
