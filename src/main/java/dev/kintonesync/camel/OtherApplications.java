package dev.kintonesync.camel;

import dev.kintonesync.settings.Configuration;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.spi.ContextServicePlugin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a Camel application that has our jar the beans that {@code classpath:routes/core} and the
 * Kamelets name, unless it is kintone-sync, which brings its own. Camel finds it by its service
 * file. Addresses and credentials come from the application's properties {@code kintone.*} and
 * {@code job.*}, and from the environment.
 */
public final class OtherApplications implements ContextServicePlugin {
  private static final Logger log = LoggerFactory.getLogger(OtherApplications.class);

  @Override
  public void load(CamelContext context) {
    if (context.getRegistry().lookupByName("plans") != null) {
      return;
    }
    var clock = Clock.systemUTC();
    var sizes = said(context);
    sizes.values().removeIf(value -> value.contains("{{")); // nobody can fill them in yet
    var core =
        new Core(
            new SimpleExpressions(() -> context),
            Configuration.of(sizes, System.getenv(), Map.of()).settings(),
            overrides -> read(context, overrides),
            clock,
            new Hooks(() -> context, said -> log.warn("{}", said)),
            new Apps(clock, null),
            new Domains(clock, said -> log.warn("{}", said)),
            DailyCalls.uncounted(clock),
            null);
    core.beans().forEach(context.getRegistry()::bind);
  }

  /** With placeholders filled in, as they can be when the application has started. */
  private static Configuration read(CamelContext context, Map<String, String> overrides) {
    var said = said(context);
    said.replaceAll((name, value) -> context.resolvePropertyPlaceholders(value));
    return Configuration.of(said, System.getenv(), overrides);
  }

  private static Map<String, String> said(CamelContext context) {
    var properties = (PropertiesComponent) context.getPropertiesComponent();
    var said = new HashMap<String, String>();
    put(properties.getInitialProperties(), said);
    put(properties.loadProperties(OtherApplications::isOurs), said);
    put(properties.getOverrideProperties(), said);
    return said;
  }

  private static void put(@Nullable Properties properties, Map<String, String> said) {
    if (properties != null) {
      properties.stringPropertyNames().stream()
          .filter(OtherApplications::isOurs)
          .forEach(name -> said.put(name, properties.getProperty(name)));
    }
  }

  private static boolean isOurs(String name) {
    return name.startsWith("kintone.") || name.startsWith("job.");
  }

  @Override
  public void unload(CamelContext context) {
    Core.of(context).close();
  }
}
