package dev.kintonesync.source.kafka;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.RootCause;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/** What failures of Kafka's client mean to people. */
final class KafkaFault {
  private KafkaFault() {}

  /**
   * Returns what is to be thrown: a user's error where there is something to do about it, otherwise
   * that the brokers are out of reach for now.
   */
  static RuntimeException of(TopicQuery query, RuntimeException failure) {
    if (failure instanceof UserErrorException || failure instanceof UncheckedIOException) {
      return failure;
    }
    UserMessage why = reason(query, failure);
    return why == null
        ? new UncheckedIOException(new IOException(RootCause.words(failure), failure))
        : new UserErrorException(why, failure);
  }

  /** Returns what is to be thrown when no client can be made: what it was given is to blame. */
  static RuntimeException ofSettings(TopicQuery query, KafkaException failure) {
    return new UserErrorException(
        MessageCode.TOPIC_SETTINGS_REFUSED.with(query.name(), RootCause.words(failure)), failure);
  }

  private static @Nullable UserMessage reason(TopicQuery query, RuntimeException failure) {
    String words = RootCause.words(failure);
    if (failure instanceof SslAuthenticationException) {
      return MessageCode.TOPIC_TLS_REFUSED.with(query.brokers(), words);
    }
    if (failure instanceof AuthenticationException) {
      return MessageCode.TOPIC_LOGIN_FAILED.with(query.brokers(), words);
    }
    if (failure instanceof AuthorizationException) {
      return MessageCode.TOPIC_DENIED.with(query.topic(), query.group(), words);
    }
    boolean settings =
        failure instanceof ConfigException
            || failure instanceof InvalidTopicException
            || failure instanceof InvalidGroupIdException
            || failure instanceof UnsupportedVersionException
            || RootCause.of(failure) instanceof ConfigException;
    return settings ? MessageCode.TOPIC_SETTINGS_REFUSED.with(query.name(), words) : null;
  }
}
