package dev.kintonesync.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.rules.Caller;
import dev.kintonesync.simulator.rules.CellWriter;
import dev.kintonesync.simulator.rules.Language;
import dev.kintonesync.simulator.rules.RecordWrites;
import dev.kintonesync.simulator.rules.Refusal;
import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Directory;
import dev.kintonesync.simulator.state.Domain;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** One app of a {@link Simulator}, seen from behind the API: without tokens, limits or latency. */
public final class SimulatedApp {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final Domain domain;
  private final App app;

  SimulatedApp(Domain domain, App app) {
    this.domain = domain;
    this.app = app;
  }

  static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

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

  /** How many records there are. */
  public int size() {
    return domain.read(() -> app.records().size());
  }

  /**
   * Adds records, all or none: {@code {"CODE":{"value":V}}}.
   *
   * @return their ids
   * @throws IllegalArgumentException when Kintone would refuse them, with what it would answer
   */
  public List<Long> add(JsonNode... records) {
    try {
      return domain.write(
          transaction ->
              new RecordWrites(
                      domain, transaction, Caller.unlimited(Directory.ADMINISTRATOR), app, live())
                      .add(
                          Arrays.stream(records).map(record -> (ObjectNode) record).toList(), false)
                      .stream()
                      .map(RecordWrites.Written::id)
                      .toList());
    } catch (Refusal refusal) {
      throw refused(refusal);
    }
  }

  /** Adds records given as JSON texts. */
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
