package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;

/** How much a call has answered; counted by its endpoint, on one thread. */
final class Answered {
  private int records;
  private int fields;

  /** Counts a record that is answered. */
  void count(JsonNode record) {
    records++;
    fields += record.size();
  }

  /** How many records. */
  int records() {
    return records;
  }

  /** How many fields, of all records together. */
  int fields() {
    return fields;
  }
}
