package dev.kintonesync.camel.source;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.api.AbsentPageException;
import dev.kintonesync.source.api.ApiSource;
import dev.kintonesync.source.json.JsonValues;
import dev.kintonesync.source.kafka.SchemaRegistry;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks a registry that speaks Confluent's API. Only the registry itself can say that it does not
 * have a schema: a 404 of anything else would make every message a bad one.
 */
final class RegistryClient implements SchemaRegistry.Client {
  /** Subject, version or schema not found. Source: Confluent's API; Apicurio has the same codes. */
  private static final Pattern NOT_FOUND = Pattern.compile("\"error_code\"\\s*:\\s*404[0-9]{2}\\b");

  private static final int MOST_BYTES = 8 << 20;

  private final Source.Registry registry;
  private final BiConsumer<URI, ApiSource.Body> http;

  /**
   * Asks by way of the route.
   *
   * @param http asks at an address, and hands over the body of the answer
   */
  RegistryClient(Source.Registry registry, BiConsumer<URI, ApiSource.Body> http) {
    this.registry = registry;
    this.http = http;
  }

  @Override
  public @Nullable Map<?, ?> get(String path) {
    var answer = new ByteArrayOutputStream();
    try {
      http.accept(
          URI.create(registry.url() + path),
          (content, charset) -> {
            answer.reset(); // of an attempt that broke off
            answer.write(content.readNBytes(MOST_BYTES));
          });
    } catch (AbsentPageException e) {
      if (NOT_FOUND.matcher(e.said()).find()) {
        return null;
      }
      throw e;
    }
    Object json = JsonValues.parse(answer.toString(StandardCharsets.UTF_8)).value();
    if (json instanceof Map<?, ?> map && map.get("schema") instanceof String) {
      return map;
    }
    throw new UserErrorException(MessageCode.REGISTRY_ANSWER.with(registry.url()));
  }
}
