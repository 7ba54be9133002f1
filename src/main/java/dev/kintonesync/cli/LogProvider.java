package dev.kintonesync.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Logback without a configuration, which {@link Logs} gives it when the home is known. By itself it
 * would look for one in all jars, and make one that prints to the terminal.
 */
public final class LogProvider implements SLF4JServiceProvider {
  private final LoggerContext loggers = new LoggerContext();
  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final LogbackMDCAdapter values = new LogbackMDCAdapter();

  /** Has SLF4J take this one, instead of looking for any that fits. */
  static void use() {
    System.setProperty("slf4j.provider", LogProvider.class.getName());
    // it would say so on standard error
    System.setProperty("slf4j.internal.verbosity", "WARN");
  }

  @Override
  public void initialize() {
    loggers.setName("default");
    loggers.setMDCAdapter(values);
    loggers.start();
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return loggers;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return values;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }
}
