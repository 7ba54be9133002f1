package dev.kintonesync;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Waits before each class of tests until the log of the process is there. While one thread has
 * SLF4J look for it, SLF4J gives others a substitute, which is no Logback.
 */
public final class StartedLog implements BeforeAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    // SLF4J holds this lock while it looks
    synchronized (LoggerFactory.class) {
      LoggerFactory.getILoggerFactory();
    }
  }
}
