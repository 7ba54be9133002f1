package dev.kintonesync.camel;

import java.io.InputStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.engine.DefaultClassResolver;
import org.apache.camel.spi.FactoryFinder;
import org.jspecify.annotations.Nullable;

/**
 * Looks for Camel's services on the class path. Camel asks for some fifty that nobody provides,
 * each of them in three ways, and every time all jars are searched. What was not found once is not
 * looked for again, since no jar joins the class path of a running program.
 */
final class ServicesOnce extends DefaultClassResolver {
  private static final Set<String> MISSING = ConcurrentHashMap.newKeySet();

  ServicesOnce(CamelContext context) {
    super(context);
  }

  @Override
  public @Nullable InputStream loadResourceAsStream(String uri) {
    if (!uri.startsWith(FactoryFinder.DEFAULT_PATH)) {
      return super.loadResourceAsStream(uri);
    }
    if (MISSING.contains(uri)) {
      return null;
    }
    var loader = ServicesOnce.class.getClassLoader();
    var found = loader == null ? null : loader.getResourceAsStream(uri);
    if (found == null) {
      MISSING.add(uri);
    }
    return found;
  }
}
