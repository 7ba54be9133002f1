package dev.kintonesync.source.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.message.UserErrorException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaFaultTest {
  private static final TopicQuery QUERY =
      new TopicQuery(
          "b:1",
          "items",
          "g",
          Map.of(),
          ValueFormat.JSON,
          null,
          null,
          new TopicQuery.Pace(Duration.ZERO, Duration.ZERO, 1, Duration.ZERO));

  /** A broker that stumbles itself answers with words of no class of its own. */
  @ParameterizedTest
  @ValueSource(strings = {"Unexpected error in join group response: unknown", ""})
  void whatTheClientDidNotExpectIsTriedAgain(String words) {
    assertThat(KafkaFault.of(QUERY, new KafkaException(words)))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(KafkaFault.of(QUERY, new TimeoutException(words)))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void aRefusedLoginNeedsAPerson() {
    assertThat(KafkaFault.of(QUERY, new SaslAuthenticationException("wrong password")))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("b:1");
  }

  @Test
  void settingsThatMakeNoClientNeedAPerson() {
    assertThat(KafkaFault.ofSettings(QUERY, new KafkaException("Failed to load none.jks")))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("none.jks");
  }
}
