package dev.kintonesync.camel;

import dev.kintonesync.settings.Settings;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;

/** The properties that Camel starts with: ours, and over them those that the user set. */
final class CamelProperties {
  private static final long SHORTEST_POLL_MILLIS = 100;
  private static final long LONGEST_POLL_MILLIS = 1000;
  private static final AtomicInteger STARTED = new AtomicInteger();

  private CamelProperties() {}

  /** Of two applications in one Java, those of one name would share the clock of Quartz. */
  private static String name() {
    int number = STARTED.incrementAndGet();
    return number == 1 ? "kintone-sync" : "kintone-sync-" + number;
  }

  /** The properties for an application. */
  static Properties of(KintoneSync.Setup setup) {
    var properties = new Properties();
    properties.setProperty("camel.main.name", name());
    // by itself Camel would read each file twice
    properties.setProperty("camel.main.routesIncludePattern", "false");
    // what begins something by itself is started one by one
    properties.setProperty("camel.main.autoStartup", "false");
    properties.setProperty(
        "camel.component.kamelet.location",
        "file:"
            + setup.routes().resolveSibling("kamelets").toAbsolutePath()
            + ",classpath:kamelets");
    // Camel would print properties of the user's at start, secrets with them
    properties.setProperty("camel.main.autoConfigurationLogSummary", "false");
    properties.setProperty("camel.main.startupSummaryLevel", "Off");
    properties.setProperty("camel.main.shutdownTimeout", "5");
    properties.setProperty("camel.main.useMdcLogging", "false");
    properties.setProperty("kintone.absence-interval", "5000");
    properties.setProperty("database.retry-delay", "1000");
    properties.setProperty("source.timeout", "60000");
    properties.setProperty("topic.look-interval", "200");
    var settings = setup.settings();
    properties.setProperty("folder.poll-interval", String.valueOf(pollInterval(settings)));
    setup.camel().forEach(properties::setProperty);
    properties.setProperty("kintone.timeout", millis(settings.timeout()));
    properties.setProperty("kintone.bulk-timeout", millis(settings.bulkTimeout()));
    return properties;
  }

  /**
   * A file is not read before it has been unchanged for a time, so looking more often is no use.
   */
  private static long pollInterval(Settings settings) {
    long quiet = settings.quietTime().toMillis();
    return Math.max(SHORTEST_POLL_MILLIS, Math.min(quiet, LONGEST_POLL_MILLIS));
  }

  private static String millis(Duration duration) {
    return String.valueOf(duration.toMillis());
  }
}
