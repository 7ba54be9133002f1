package dev.kintonesync.kamelets;

import java.util.Map;

/** Messages for {@code kintone-bulk-action}. */
final class Operations {

  private Operations() {}

  /** Adds a record with this code. */
  static Map<String, Object> add(String code) {
    return of("POST", Map.of("record", Map.of("code", Map.of("value", code))));
  }

  /** What is done to one record. */
  static Map<String, Object> of(String method, Map<String, Object> payload) {
    return Map.of("method", method, "api", "record.json", "payload", payload);
  }
}
