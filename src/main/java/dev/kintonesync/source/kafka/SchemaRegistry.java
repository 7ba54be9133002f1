package dev.kintonesync.source.kafka;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the schemas of a registry. A number always stands for the same schema, so one
 * that was had is kept as long as the program runs. Safe for several threads.
 *
 * <p>Source: "Schema Registry API reference" of Confluent, which other registries speak as well.
 */
public final class SchemaRegistry {
  private final Map<Integer, Schema> known = new ConcurrentHashMap<>();

  /** Asks a registry over HTTP. */
  @FunctionalInterface
  public interface Client {

    /**
     * Asks for something.
     *
     * @param path behind the address of the registry, from its slash on
     * @return the members of the answer, the schema among them; null when the registry says that it
     *     does not have it
     * @throws dev.kintonesync.message.UserErrorException when the registry refuses to answer, or
     *     answers as no registry does
     * @throws java.io.UncheckedIOException when it is out of reach
     */
    @Nullable Map<?, ?> get(String path);
  }

  /** Looks schemas up for one run. */
  SchemaLookup by(Client client) {
    return new SchemaLookup(known, client);
  }
}
