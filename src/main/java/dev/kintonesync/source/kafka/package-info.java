/** Topics of Kafka as sources. */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.source.kafka;
