package dev.kintonesync.source.kafka;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.RootCause;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserMessage;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The schemas that one run needs. What the registry does not have is not asked for twice in a run:
 * the next one may find it. For one thread.
 */
final class SchemaLookup {
  /** What serializers of a registry put in front: a zero, and the number of the schema. */
  private static final int HEAD = 5;

  private static final String AVRO = "AVRO";
  private static final int MOST_REFERENCES = 200;

  private final Map<Integer, Schema> known;
  private final SchemaRegistry.Client client;
  private final Map<Integer, UserMessage> refused = new HashMap<>();

  SchemaLookup(Map<Integer, Schema> known, SchemaRegistry.Client client) {
    this.known = known;
    this.client = client;
  }

  /** Whether a serializer of a registry wrote this. */
  static boolean isOfRegistry(byte[] bytes) {
    return bytes.length >= HEAD && bytes[0] == 0;
  }

  /**
   * Reads a key or a value that {@link #isOfRegistry}.
   *
   * @param key whether it is a key; its times are those of a clock on the wall
   * @throws UnreadableException when there is no such schema, or the bytes are not of it
   */
  @Nullable Object read(byte[] bytes, boolean key) throws UnreadableException {
    var message = ByteBuffer.wrap(bytes);
    message.get();
    int number = message.getInt();
    var schema = schema(number);
    return AvroValues.read(message, schema, number, key || isOfChanges(schema));
  }

  /** Whether it is the envelope of Debezium, in which databases' times are passed on. */
  private static boolean isOfChanges(Schema schema) {
    return schema.getType() == Schema.Type.RECORD
        && schema.getField("op") != null
        && (schema.getField("source") != null || schema.getField("ts_ms") != null)
        && (schema.getField("after") != null || schema.getField("before") != null);
  }

  private Schema schema(int number) throws UnreadableException {
    var schema = known.get(number);
    if (schema != null) {
      return schema;
    }
    var problem = refused.get(number);
    if (problem != null) {
      throw new UnreadableException(problem);
    }
    try {
      schema = asked(number);
      known.put(number, schema);
      return schema;
    } catch (UnreadableException e) {
      refused.put(number, e.problem());
      throw e;
    }
  }

  private Schema asked(int number) throws UnreadableException {
    // a registry may refuse a number that cannot be one, and no message is to end a run
    var described = number < 0 ? null : client.get("/schemas/ids/" + number);
    if (described == null) {
      throw new UnreadableException(MessageCode.SCHEMA_UNKNOWN.with(number));
    }
    Object type = described.get("schemaType");
    if (type != null && !type.equals(AVRO)) {
      throw new UnreadableException(
          MessageCode.SCHEMA_OF_OTHER_KIND.with(number, Shown.name(type.toString())));
    }
    try {
      // what code could not name may still stand in a row, and defaults are of no use to us
      var parser = new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false);
      return parse(number, described, parser, new HashSet<>());
    } catch (AvroRuntimeException e) {
      throw broken(number, Shown.name(RootCause.words(e)));
    }
  }

  /** Types of other schemas come first. */
  private Schema parse(int number, Map<?, ?> described, Schema.Parser parser, Set<String> asked)
      throws UnreadableException {
    if (described.get("references") instanceof List<?> references) {
      for (Object each : references) {
        if (each instanceof Map<?, ?> reference && asked.add(path(reference))) {
          var found = asked.size() > MOST_REFERENCES ? null : client.get(path(reference));
          if (found == null) {
            throw broken(
                number,
                MessageCode.SCHEMA_REFERENCE.with(
                    Shown.name(String.valueOf(reference.get("subject"))),
                    Shown.name(String.valueOf(reference.get("version")))));
          }
          parse(number, found, parser, asked);
        }
      }
    }
    return parser.parse(String.valueOf(described.get("schema")));
  }

  private static String path(Map<?, ?> reference) {
    return "/subjects/"
        + encoded(reference.get("subject"))
        + "/versions/"
        + encoded(reference.get("version"));
  }

  private static String encoded(@Nullable Object text) {
    return URLEncoder.encode(String.valueOf(text), StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static UnreadableException broken(int number, Object why) {
    return new UnreadableException(MessageCode.SCHEMA_BROKEN.with(number, why));
  }
}
