package dev.kintonesync.source.kafka;

/** How the values of messages are written. */
public enum ValueFormat {
  /** Each message shows it itself. */
  AUTO,
  /** An object of JSON is a row. */
  JSON,
  /** JSON with a schema of Kafka Connect: {@code {"schema": ..., "payload": ...}}. */
  CONNECT,
  /** Change events of Debezium, with or without a schema, in JSON or in Avro. */
  DEBEZIUM,
  /** Avro with a schema of a registry: a record is a row. */
  AVRO
}
