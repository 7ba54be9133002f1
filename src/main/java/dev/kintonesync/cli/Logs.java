package dev.kintonesync.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.TimeBasedRollingPolicy;
import dev.kintonesync.journal.OwnerOnly;
import dev.kintonesync.message.Shown;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log for those who look for a cause: a file a day in {@code logs/}, thirty kept. What a person
 * should know at once is not said here but on the terminal.
 */
final class Logs {
  private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSS} %-5level [%thread] %msg%n";
  private static final int DAYS_KEPT = 30;

  private Logs() {}

  /**
   * Starts the log.
   *
   * @param shown where it is shown as well, with what Camel says; null: nowhere
   * @param json whether its file has a JSON object a line, for programs that collect logs
   */
  static void start(Home home, @Nullable OutputStream shown, boolean json) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    context.getLogger("org.apache.camel").setLevel(shown != null ? Level.INFO : Level.WARN);
    // what is odd in a workbook is told by us, or nobody can do anything about it
    context.getLogger("org.apache.poi").setLevel(Level.OFF);
    // its clients say at each attempt that a broker is away; we say it once
    context.getLogger("org.apache.kafka").setLevel(Level.ERROR);
    if (shown != null) {
      var console = new OutputStreamAppender<ILoggingEvent>();
      console.setOutputStream(keptOpen(shown));
      root.addAppender(started(console, context, text(context)));
    }
    try {
      OwnerOnly.folders(home.logs());
    } catch (IOException e) {
      return; // a home that cannot be written to is refused where it matters: at the journal
    }
    var file = new OwnersFile();
    file.setFile(home.logs().resolve("kintone-sync.log").toString());
    var policy = new TimeBasedRollingPolicy<ILoggingEvent>();
    policy.setContext(context);
    policy.setParent(file);
    policy.setFileNamePattern(home.logs() + "/kintone-sync.%d.log");
    policy.setMaxHistory(DAYS_KEPT);
    file.setRollingPolicy(policy);
    policy.start();
    root.addAppender(started(file, context, json ? json(context) : text(context)));
  }

  /** Each day's file is made for its owner alone, whatever the umask says. */
  private static final class OwnersFile extends RollingFileAppender<ILoggingEvent> {
    @Override
    public void openFile(String name) throws IOException {
      Path file = Path.of(name);
      OwnerOnly.file(file);
      OwnerOnly.close(file);
      super.openFile(name);
    }
  }

  /** Logback closes the streams it was given, and others write to this one too. */
  private static OutputStream keptOpen(OutputStream stream) {
    return new FilterOutputStream(stream) {
      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
      }

      @Override
      public void close() throws IOException {
        flush();
      }
    };
  }

  private static Encoder<ILoggingEvent> text(LoggerContext context) {
    var layout = new SafeLayout();
    layout.setContext(context);
    layout.setPattern(PATTERN);
    layout.start();
    var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(layout);
    encoder.start();
    return encoder;
  }

  /** Whatever is logged, by libraries too: only the first line of an event begins with a time. */
  private static final class SafeLayout extends PatternLayout {
    @Override
    public String doLayout(ILoggingEvent event) {
      return Shown.lines(super.doLayout(event).stripTrailing()) + System.lineSeparator();
    }
  }

  private static Encoder<ILoggingEvent> json(LoggerContext context) {
    var encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithMessage(false); // with its gaps filled it stands there once more
    encoder.setWithArguments(false);
    encoder.setWithContext(false);
    encoder.setWithFormattedMessage(true);
    encoder.start();
    return encoder;
  }

  private static OutputStreamAppender<ILoggingEvent> started(
      OutputStreamAppender<ILoggingEvent> appender,
      LoggerContext context,
      Encoder<ILoggingEvent> encoder) {
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }
}
