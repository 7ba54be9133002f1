package dev.kintonesync.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.rules.AppCopy;
import dev.kintonesync.simulator.rules.Caller;
import dev.kintonesync.simulator.rules.CellWriter;
import dev.kintonesync.simulator.rules.ErrorCode;
import dev.kintonesync.simulator.rules.Language;
import dev.kintonesync.simulator.rules.RecordWrites;
import dev.kintonesync.simulator.rules.Refusal;
import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Domain;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * One app of a {@link Simulator}, seen from behind the API: what a test fills before and looks into
 * after. Needs no token, takes no latency, meets no fault and is recorded nowhere.
 */
public final class SimulatedApp {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final Domain domain;
  private final App app;

  SimulatedApp(Domain domain, App app) {
    this.domain = domain;
    this.app = app;
  }

  /** A node that has to be an object. */
  static ObjectNode object(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalArgumentException("an object is wanted here: " + node);
  }

  /** The tree of a JSON text. */
  static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  /** The app's id, as calls of the API name it. */
  public long id() {
    return app.id();
  }

  /** All records in the order of their ids, as {@code record.json} answers them. */
  public List<JsonNode> records() {
    return domain.read(
        () -> {
          CellWriter writer = new CellWriter(domain, app, live());
          return app.records().values().stream()
              .map(record -> (JsonNode) writer.record(record, Set.of()))
              .toList();
        });
  }

  /**
   * The values of a field in the order of the records' ids, for fields whose values are texts;
   * empty texts where there are none. Other values come as their JSON.
   *
   * @param code a field code, {@code $id} or {@code $revision}
   * @throws IllegalArgumentException when there is no such field
   */
  public List<String> values(String code) {
    if (!code.startsWith("$") && domain.read(() -> live().form().field(code)) == null) {
      throw new IllegalArgumentException("app " + id() + " has no field " + code);
    }
    return records().stream().map(record -> text(record.path(code).path("value"))).toList();
  }

  private static String text(JsonNode value) {
    return value.isNull() ? "" : value.isValueNode() ? value.asText() : value.toString();
  }

  /** How many records there are. */
  public int size() {
    return domain.read(() -> app.records().size());
  }

  /**
   * Adds records, all or none, as their creator Administrator.
   *
   * @param records each as the API takes it: {@code {"CODE":{"value":V}}}
   * @return their ids
   * @throws IllegalArgumentException when Kintone would refuse them, with what it would answer
   */
  public List<Long> add(JsonNode... records) {
    try {
      return domain.write(
          transaction ->
              new RecordWrites(domain, transaction, Caller.holder(null), app, live())
                  .add(Arrays.stream(records).map(SimulatedApp::object).toList(), false).stream()
                      .map(RecordWrites.Written::id)
                      .toList());
    } catch (Refusal refusal) {
      throw refused(refusal);
    }
  }

  /**
   * Stores records of a real app as its API answers them, with their ids, revisions, people and
   * times. Nothing is checked; files come without their content, as empty fields.
   *
   * @throws IllegalArgumentException when one is no record of such an app; then none is stored
   */
  public void copy(List<? extends JsonNode> records) {
    try {
      domain.write(
          transaction -> {
            ErrorCode.refuseWhenFull(domain);
            AppCopy copy = new AppCopy(domain, app, live());
            records.forEach(record -> copy.put(transaction, record));
            return records;
          });
    } catch (Refusal refusal) {
      throw refused(refusal);
    }
  }

  /** The app's name. */
  public String name() {
    return domain.read(
        () -> {
          Design live = app.live();
          return (live == null ? app.preview() : live).settings().path("name").asText();
        });
  }

  /** Adds records given as JSON texts, like {@link #add(JsonNode...)}. */
  public List<Long> add(String... records) {
    return add(Arrays.stream(records).map(SimulatedApp::json).toArray(JsonNode[]::new));
  }

  static IllegalArgumentException refused(Refusal refusal) {
    return new IllegalArgumentException(refusal.toJson(Language.EN).toString(), refusal);
  }

  private Design live() {
    Design live = app.live();
    if (live == null) {
      throw new IllegalStateException("app " + app.id() + " is not deployed");
    }
    return live;
  }
}
