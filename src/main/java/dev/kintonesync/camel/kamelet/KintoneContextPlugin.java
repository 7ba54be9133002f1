package dev.kintonesync.camel.kamelet;

import dev.kintonesync.camel.batch.Hooks;
import dev.kintonesync.camel.batch.KintoneBeans;
import dev.kintonesync.camel.batch.Preflight;
import dev.kintonesync.camel.batch.SimpleExpressions;
import dev.kintonesync.camel.kintone.DailyQuota;
import dev.kintonesync.camel.kintone.OutageMonitor;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Settings;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.support.LifecycleStrategySupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a Camel application that has our jar the beans that {@code classpath:routes/core} and the
 * Kamelets name, unless it is kintone-sync, which brings its own. Camel finds it by its service
 * file. Addresses and credentials come from the application's properties {@code kintone.*} and
 * {@code job.*}, and from the environment.
 */
public final class KintoneContextPlugin implements ContextServicePlugin {
  private static final Logger log = LoggerFactory.getLogger(KintoneContextPlugin.class);

  /** The bean of kintone-sync itself, whose other beans come after the plugins. */
  public static final String BRINGS_ITS_OWN = "kintoneBringsItsOwn";

  @Override
  public void load(CamelContext context) {
    // a context loads this while it is made, and has no model before it is initialized
    context.addLifecycleStrategy(
        new LifecycleStrategySupport() {
          @Override
          public void onContextInitializing(CamelContext made) {
            ((ModelCamelContext) made).addModelLifecycleStrategy(new ErrorsToTheSender());
          }
        });
    if (context.getRegistry().lookupByName(BRINGS_ITS_OWN) != null) {
      return;
    }
    var clock = Clock.systemUTC();
    var expressions = new SimpleExpressions(() -> context);
    var core =
        new KintoneBeans(
            expressions,
            settings(context),
            (job, overrides) -> read(context, job, overrides),
            clock,
            new Hooks(() -> context, said -> log.warn("{}", said)),
            new Preflight(clock, null, null, expressions),
            new OutageMonitor(clock, said -> log.warn("{}", said)),
            DailyQuota.uncounted(clock),
            null);
    core.beans().forEach(context.getRegistry()::bind);
    KameletBeans.all().forEach(context.getRegistry()::bind);
  }

  /**
   * The sizes, pauses and limits, which are needed before the application has started. A value that
   * cannot be read is refused when a Kamelet is used, since Camel goes on without a plugin that
   * fails.
   */
  private static Settings settings(CamelContext context) {
    var said = said(context);
    said.values().removeIf(value -> value.contains("{{")); // nobody can fill them in yet
    said.keySet().stream()
        .filter(name -> name.startsWith("kintone.") && !Configuration.isKnown(name))
        .forEach(name -> log.warn("{} is not a property of kintone-sync and is not read", name));
    try {
      return Configuration.of(said, Job.IMPORT, System.getenv(), Map.of()).settings();
    } catch (UserErrorException e) {
      log.error("{}", e.getMessage());
      return Configuration.of(Map.of(), Job.IMPORT, Map.of(), Map.of()).settings();
    }
  }

  /** With placeholders filled in, as they can be when the application has started. */
  private static Configuration read(
      CamelContext context, String job, Map<String, String> overrides) {
    var said = said(context);
    said.replaceAll((name, value) -> context.resolvePropertyPlaceholders(value));
    return Configuration.of(said, job, System.getenv(), overrides);
  }

  private static Map<String, String> said(CamelContext context) {
    var properties = (PropertiesComponent) context.getPropertiesComponent();
    var said = new HashMap<String, String>();
    put(properties.getInitialProperties(), said);
    put(properties.loadProperties(KintoneContextPlugin::mayBeOurs), said);
    put(properties.getOverrideProperties(), said);
    return said;
  }

  private static void put(@Nullable Properties properties, Map<String, String> said) {
    if (properties != null) {
      properties.stringPropertyNames().stream()
          .filter(KintoneContextPlugin::mayBeOurs)
          .forEach(name -> said.put(name, properties.getProperty(name)));
    }
  }

  private static boolean mayBeOurs(String name) {
    return name.startsWith("kintone.") || name.startsWith("job.");
  }

  @Override
  public void unload(CamelContext context) {
    var core = KintoneBeans.find(context);
    if (core != null) {
      core.close();
    }
  }
}
