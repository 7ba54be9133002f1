package dev.kintonesync.source.kafka;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.RootCause;
import dev.kintonesync.message.UserErrorException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Sends rejected messages to a topic of their own: key, value and headers as they came, and in
 * further headers where they came from and why they were rejected.
 */
final class DeadLetters implements AutoCloseable {
  private static final String HEADER = "kintone-sync.";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final TopicQuery query;
  private final String topic;
  private final String job;
  private @Nullable KafkaProducer<byte[], byte[]> producer;

  /**
   * A message that was rejected.
   *
   * @param reason why, in English
   */
  record Letter(ConsumerRecord<byte[], byte[]> message, String reason) {}

  DeadLetters(TopicQuery query, String topic, String job) {
    this.query = query;
    this.topic = topic;
    this.job = job;
  }

  /**
   * Sends messages and waits until they are kept.
   *
   * @throws UserErrorException when they are not
   */
  void send(Collection<Letter> letters) {
    if (letters.isEmpty()) {
      return;
    }
    try {
      if (producer == null) {
        producer = new KafkaProducer<>(ClientProperties.ofProducer(query));
      }
      var sent = new ArrayList<Future<?>>();
      for (var letter : letters) {
        sent.add(producer.send(record(letter)));
      }
      for (var each : sent) {
        each.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      throw new UserErrorException(
          MessageCode.DEAD_LETTER_FAILED.with(topic, RootCause.words(e)), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserErrorException(MessageCode.DEAD_LETTER_FAILED.with(topic, "interrupted"), e);
    }
  }

  private ProducerRecord<byte[], byte[]> record(Letter letter) {
    var message = letter.message();
    var record = new ProducerRecord<>(topic, message.key(), message.value());
    message.headers().forEach(record.headers()::add);
    header(record, "job", job);
    header(record, "reason", letter.reason());
    header(record, "topic", message.topic());
    header(record, "partition", String.valueOf(message.partition()));
    header(record, "offset", String.valueOf(message.offset()));
    return record;
  }

  private static void header(ProducerRecord<byte[], byte[]> record, String name, String value) {
    record.headers().remove(HEADER + name);
    record.headers().add(HEADER + name, value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    if (producer != null) {
      producer.close(PATIENCE);
    }
  }
}
