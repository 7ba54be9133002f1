package dev.kintonesync.camel;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.engine.DefaultClassResolver;
import org.apache.camel.spi.FactoryFinder;
import org.jspecify.annotations.Nullable;

/**
 * Looks for Camel's services on the class path. Camel asks for some hundred, for half of which
 * nobody provides anything, each of them in up to three ways, and every time all jars are searched.
 * What was looked for once is not looked for again, be it there or not, since no jar joins the
 * class path of a running program.
 */
final class ServicesOnce extends DefaultClassResolver {
  /** What services say of themselves, by their path; empty for those that are not there. */
  private static final Map<String, Optional<byte[]>> SERVICES = new ConcurrentHashMap<>();

  /** Where other files of the class path are, by their path; empty for those that are not there. */
  private static final Map<String, Optional<URL>> PLACES = new ConcurrentHashMap<>();

  ServicesOnce(CamelContext context) {
    super(context);
  }

  @Override
  public @Nullable InputStream loadResourceAsStream(String uri) {
    if (!uri.startsWith(FactoryFinder.DEFAULT_PATH)) {
      return loadResourceAsURL(uri) == null ? null : super.loadResourceAsStream(uri);
    }
    return SERVICES
        .computeIfAbsent(uri, ServicesOnce::read)
        .map(ByteArrayInputStream::new)
        .orElse(null);
  }

  @Override
  public @Nullable URL loadResourceAsURL(String uri) {
    return PLACES
        .computeIfAbsent(uri, path -> Optional.ofNullable(super.loadResourceAsURL(path)))
        .orElse(null);
  }

  private static Optional<byte[]> read(String path) {
    var loader = ServicesOnce.class.getClassLoader();
    try (var found = loader == null ? null : loader.getResourceAsStream(path)) {
      return found == null ? Optional.empty() : Optional.of(found.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
