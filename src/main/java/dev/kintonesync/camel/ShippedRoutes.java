package dev.kintonesync.camel;

import dev.kintonesync.camel.kamelet.KintoneContextPlugin;
import dev.kintonesync.camel.kintone.KintoneClient;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.RootCause;
import dev.kintonesync.message.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.DefaultRoutesLoader;
import org.apache.camel.language.bean.BeanLanguage;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.apache.camel.spi.ClassResolver;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The routes that were shipped, read into a Camel that has not started. */
final class ShippedRoutes {
  /**
   * What goes wrong in a route of the user's goes to the run that called it, which says so in a
   * sentence; Camel would log it with its stack trace besides. A route may set an error handler of
   * its own.
   */
  private static final class ErrorsOfCustomRoutes implements CamelConfiguration {
    @Override
    public void configure(CamelContext context) {
      context.getCamelContextExtension().setErrorHandlerFactory(new NoErrorHandlerDefinition());
    }
  }

  /** Camel's own application, which looks for services and parses files once only. */
  private static final class Application extends Main {
    @Override
    protected CamelContext createCamelContext() {
      var context = new Context();
      context.getCamelContextExtension().setRegistry(registry);
      return context;
    }
  }

  private static final class Context extends DefaultCamelContext {
    private Context() {
      super(false);
    }

    /** Asked for before anybody could set one. */
    @Override
    protected ClassResolver createClassResolver() {
      return new ServicesOnce(this);
    }
  }

  /** How the names of files with routes in YAML end; Kamelets have a loader of their own. */
  private static final List<String> YAML = List.of("yaml", "camel.yaml");

  private ShippedRoutes() {}

  /** Reads the routes; the beans that they name are looked for when they are started. */
  static Main read(KintoneSync.Setup setup) {
    var main = new Application();
    main.bind(KintoneContextPlugin.BRINGS_ITS_OWN, true);
    main.configure().addConfiguration(new ErrorsOfCustomRoutes());
    main.setOverrideProperties(CamelProperties.of(setup));
    // signals end runs before routes: the command line stops us, not Camel
    main.setShutdownStrategy(new SimpleMainShutdownStrategy());
    try {
      main.init();
      var context = main.getCamelContext();
      validateCalls(context, false);
      parseOnce(context);
      if (hasOneFile(setup)) {
        bringOwnConnections(context);
      }
      PluginHelper.getRoutesLoader(context).loadRoutes(resources(context, needed(setup)));
    } catch (Exception e) {
      main.stop();
      throw broken(setup, e);
    }
    return main;
  }

  /**
   * Whether each expression that calls a bean examines the bean's class for the method when its
   * route is made. Our own routes have no need of it; in routes of the user's it finds what was
   * misspelt.
   */
  static void validateCalls(CamelContext context, boolean validate) {
    ((BeanLanguage) context.resolveLanguage("bean")).setValidate(validate);
  }

  private static void parseOnce(CamelContext context) throws Exception {
    var loader = new YamlOnce();
    context.addService(loader, true, true);
    for (String ending : YAML) {
      context.getRegistry().bind(DefaultRoutesLoader.ROUTES_LOADER_KEY_PREFIX + ending, loader);
    }
  }

  /** Routes of the user's may call any of ours, and have HTTP endpoints of their own. */
  private static boolean hasOneFile(KintoneSync.Setup setup) {
    return setup.oneFile() && !KintoneSync.hasCustomRoutes(setup.custom());
  }

  /** The HTTP endpoints of ours do, and for any other Camel would read the certificates of Java. */
  private static void bringOwnConnections(CamelContext context) {
    context
        .getComponent("http", HttpComponent.class)
        .setClientConnectionManager(KintoneClient.ofApis().connections());
  }

  private static List<Path> needed(KintoneSync.Setup setup) throws IOException {
    var all = shipped(setup.routes());
    return hasOneFile(setup) ? ReachableRoutes.from(JobRunner.FIRST_ROUTE, all) : all;
  }

  /** The files of the routes that were shipped, in a certain order. */
  private static List<Path> shipped(Path routes) throws IOException {
    var shipped = new ArrayList<Path>();
    for (var folder : List.of(routes, routes.resolve("core"))) {
      try (var files = Files.newDirectoryStream(folder, "*.yaml")) {
        files.forEach(file -> shipped.add(file.toAbsolutePath()));
      }
    }
    shipped.sort(Comparator.naturalOrder());
    return shipped;
  }

  private static List<Resource> resources(CamelContext context, List<Path> files) {
    return files.stream()
        .map(file -> ResourceHelper.resolveResource(context, "file:" + file))
        .toList();
  }

  /** What is said when the routes cannot be loaded. */
  static UserErrorException broken(KintoneSync.Setup setup, Exception e) {
    return new UserErrorException(
        MessageCode.ROUTES_BROKEN.with(setup.routes(), RootCause.words(e)), e);
  }
}
