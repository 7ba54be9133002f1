package dev.kintonesync.promises;

import dev.kintonesync.source.json.JsonValues;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.EncoderFactory;

/**
 * A registry of schemas that answers as Confluent's documents say, under a path as Apicurio's; and
 * a producer that writes by its schemas.
 */
final class RehearsedRegistry implements AutoCloseable {
  private static final String PATH = "/apis/ccompat/v7";

  private final RehearsedApi api;
  private final Map<Integer, String> schemas = new ConcurrentHashMap<>();
  private volatile String authorization;

  RehearsedRegistry() throws IOException {
    api = new RehearsedApi();
    answersAgain();
  }

  /** The address of its API. */
  String url() {
    return host() + PATH;
  }

  /** The address of its server alone, where it has no API. */
  String host() {
    return "http://127.0.0.1:" + URI.create(api.url()).getPort();
  }

  /** From now on it wants to be told who asks. */
  RehearsedRegistry wants(String header) {
    authorization = header;
    return this;
  }

  RehearsedRegistry wants(String username, String password) {
    String pair = username + ":" + password;
    return wants("Basic " + Base64.getEncoder().encodeToString(pair.getBytes()));
  }

  /** From now on it is broken. */
  void breaks() {
    api.answers(call -> call.answer(503, "{\"error_code\": 50002, \"message\": \"away\"}"));
  }

  /** From now on it breaks off in the midst of its answers. */
  void breaksOff() {
    api.answers(call -> call.cutOff("{\"schema\": "));
  }

  /** From now on it is no registry. */
  void answers(String body) {
    api.answers(call -> call.answer(200, body));
  }

  /** From now on it is at the other address. */
  void redirects(String address) {
    api.answers(call -> call.header("Location", address).answer(302, ""));
  }

  /** From now on it answers as ever. */
  void answersAgain() {
    api.answers(this::answer);
  }

  /** The paths that it was asked for since it last began to answer in another way. */
  List<String> asked() {
    return api.asked().stream().map(RehearsedApi.Asked::path).toList();
  }

  RehearsedRegistry register(int number, String schema) {
    schemas.put(number, schema);
    return this;
  }

  void forget(int number) {
    schemas.remove(number);
  }

  private void answer(RehearsedApi.Call call) throws IOException {
    call.header("Content-Type", "application/vnd.schemaregistry.v1+json");
    if (authorization != null
        && !authorization.equals(call.asked().headers().get("authorization"))) {
      call.answer(401, "{\"error_code\": 401, \"message\": \"Unauthorized\"}");
    } else if (!call.asked().path().startsWith(PATH + "/schemas/ids/")) {
      call.answer(404, "{\"error_code\": 404, \"message\": \"HTTP 404 Not Found\"}");
    } else {
      String number = call.asked().path().substring((PATH + "/schemas/ids/").length());
      String schema = schemas.get(Integer.valueOf(number));
      if (schema == null) {
        call.answer(404, "{\"error_code\": 40403, \"message\": \"Schema not found\"}");
      } else {
        call.answer(200, JsonValues.write(Map.of("schema", schema)));
      }
    }
  }

  /** A record of a registered schema as Confluent's serializer writes it. */
  byte[] written(int number, Map<String, ?> members) throws IOException {
    return written(number, record(new Schema.Parser().parse(schemas.get(number)), members));
  }

  /** A value of a registered schema as Confluent's serializer writes it. */
  byte[] written(int number, Object datum) throws IOException {
    var out = new ByteArrayOutputStream();
    out.write(0);
    out.write(ByteBuffer.allocate(4).putInt(number).array());
    var encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<>(new Schema.Parser().parse(schemas.get(number))).write(datum, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static Object record(Schema schema, Map<String, ?> members) {
    var record = new GenericData.Record(schema);
    new LinkedHashMap<String, Object>(members)
        .forEach(
            (name, value) ->
                record.put(
                    name,
                    value instanceof Map<?, ?> nested
                        ? record(nested(schema.getField(name).schema()), members(nested))
                        : value));
    return record;
  }

  private static Schema nested(Schema schema) {
    return schema.isUnion() ? schema.getTypes().get(1) : schema;
  }

  private static Map<String, Object> members(Map<?, ?> nested) {
    var members = new LinkedHashMap<String, Object>();
    nested.forEach((name, value) -> members.put(String.valueOf(name), value));
    return members;
  }

  @Override
  public void close() {
    api.close();
  }
}
