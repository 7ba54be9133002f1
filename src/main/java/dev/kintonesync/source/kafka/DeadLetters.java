package dev.kintonesync.source.kafka;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.RootCause;
import dev.kintonesync.message.UserErrorException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * Sends rejected messages to a topic of their own: key, value and headers as they came, and in
 * further headers where they came from and why they were rejected. One that is too large for that
 * topic goes without its value, whose length in bytes is in a header.
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
      var sent = new LinkedHashMap<Letter, Future<?>>();
      for (var letter : letters) {
        sent.put(letter, producer.send(record(letter)));
      }
      for (var each : sent.entrySet()) {
        await(producer, each.getKey(), each.getValue());
      }
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      throw new UserErrorException(
          MessageCode.DEAD_LETTER_FAILED.with(topic, RootCause.words(e)), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserErrorException(MessageCode.DEAD_LETTER_FAILED.with(topic, "interrupted"), e);
    }
  }

  /** Our headers may make a message too large that was just not: it would never be kept. */
  private void await(KafkaProducer<byte[], byte[]> sender, Letter letter, Future<?> sent)
      throws ExecutionException, InterruptedException, TimeoutException {
    try {
      sent.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof RecordTooLargeException)) {
        throw e;
      }
      sender.send(withoutValue(letter)).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private ProducerRecord<byte[], byte[]> withoutValue(Letter letter) {
    byte[] value = letter.message().value();
    var whole = record(letter);
    var record = new ProducerRecord<>(topic, null, whole.key(), new byte[0], whole.headers());
    header(record, "value-length", String.valueOf(value == null ? 0 : value.length));
    return record;
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
