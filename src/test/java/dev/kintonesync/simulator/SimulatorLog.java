package dev.kintonesync.simulator;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What simulators of this process log as long as it is open: warnings and worse. */
final class SimulatorLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.kintonesync.simulator");
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  SimulatorLog() {
    start();
    logger.addAppender(this);
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
      complaints.add(
          event.getFormattedMessage()
              + "\n"
              + ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
  }

  /** The complaints so far, with their stack traces. */
  List<String> complaints() {
    return complaints;
  }

  @Override
  public void close() {
    logger.detachAppender(this);
    stop();
  }
}
