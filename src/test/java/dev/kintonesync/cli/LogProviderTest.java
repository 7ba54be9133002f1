package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import org.junit.jupiter.api.Test;

class LogProviderTest {
  private final LogProvider provider = new LogProvider();

  /** Before the home is known there is no place for a log, and the terminal is none. */
  @Test
  void nothingIsPrintedBeforeTheLogIsStarted() {
    provider.initialize();
    var loggers = (LoggerContext) provider.getLoggerFactory();
    var root = loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    assertThat(loggers.isStarted()).isTrue();
    assertThat(root.iteratorForAppenders()).isExhausted();
  }

  @Test
  void valuesOfAThreadStandInItsEvents() {
    provider.initialize();
    var loggers = (LoggerContext) provider.getLoggerFactory();
    assertThat(loggers.getMDCAdapter()).isSameAs(provider.getMDCAdapter());
    assertThat(loggers.getLogger("any")).isInstanceOf(Logger.class);
  }
}
