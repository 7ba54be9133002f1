package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kintonesync.simulator.rules.CellWriter;
import dev.kintonesync.simulator.rules.Language;
import dev.kintonesync.simulator.rules.Refusal;
import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.AppForm;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Directory;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.FieldType;
import dev.kintonesync.simulator.state.FormField;
import dev.kintonesync.simulator.state.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the page shows, as JSON. Long values come cut, so that an answer stays small whatever the
 * records hold. What is not there is a null.
 */
final class DomainOverview {
  private static final int REQUESTS = 100;
  private static final int RECORDS = 50;
  private static final int LONGEST_BODY = 1 << 20;

  private final Domain domain;
  private final Recorder recorder;

  /** How much of a value is shown: characters of a text, entries of a list. */
  private record Glance(int characters, int entries) {
    static final Glance IN_A_LIST = new Glance(300, 3);
    static final Glance ALONE = new Glance(100_000, 1_000);
  }

  DomainOverview(Domain domain, Recorder recorder) {
    this.domain = domain;
    this.recorder = recorder;
  }

  /**
   * Apps, last requests and statistics.
   *
   * @param since the version that the caller knows; when there is nothing newer, that is all that
   *     is answered
   */
  ObjectNode now(String since) {
    List<String> users = domain.directory().codes(Directory.Kind.USER);
    int tokens = domain.tokens().count();
    String version =
        domain.commits() + "-" + recorder.last() + "-" + users.hashCode() + "-" + tokens;
    ObjectNode answer = Reply.object().put("version", version);
    if (version.equals(since)) {
      return answer;
    }
    ObjectNode statistics = domain.statistics().toJson();
    answer.set("apps", domain.read(() -> apps(statistics.path("calls"))));
    ArrayNode requests = answer.putArray("requests");
    recorder.newest(REQUESTS).forEach(request -> requests.add(summary(request)));
    answer.set("statistics", statistics);
    users.forEach(answer.putArray("users")::add);
    answer.put("tokens", tokens);
    return answer;
  }

  private ArrayNode apps(JsonNode calls) {
    ArrayNode apps = JsonNodeFactory.instance.arrayNode();
    for (App app : domain.apps()) {
      apps.addObject()
          .put("id", app.id())
          .put("name", name(app))
          .put("live", app.live() != null)
          .put("records", app.records().size())
          .put("calls", calls.path(Long.toString(app.id())).asLong());
    }
    return apps;
  }

  private static String name(App app) {
    return design(app).settings().path("name").asText();
  }

  private static Design design(App app) {
    Design live = app.live();
    return live == null ? app.preview() : live;
  }

  private static ObjectNode summary(RecordedRequest request) {
    return Reply.object()
        .put("number", request.number())
        .put("time", request.time().toString())
        .put("method", request.method())
        .put("path", request.path())
        .put("app", request.app())
        .put("status", request.status())
        .put("millis", request.took().toMillis())
        .put("subRequests", request.subRequests());
  }

  /** One request with its parameters and, where it was refused, the answer. */
  @Nullable ObjectNode request(long number) {
    RecordedRequest request = recorder.find(number);
    if (request == null) {
      return null;
    }
    byte[] body = request.json();
    int length = Math.min(body.length, LONGEST_BODY);
    return summary(request)
        .put("body", new String(body, 0, length, StandardCharsets.UTF_8))
        .put("cut", body.length > length)
        .put("answer", request.refusal());
  }

  /**
   * Some records of an app, by their ids, with the fields they have.
   *
   * @param sought what they are to contain, or a query; empty for all. A query that cannot be run
   *     finds none, and {@code refusal} says why
   * @param language of the refusal
   */
  @Nullable ObjectNode records(
      long appId, int offset, boolean rising, String sought, Language language) {
    return domain.read(
        () -> {
          App app = domain.app(appId);
          if (app == null) {
            return null;
          }
          ObjectNode answer = described(app);
          ArrayNode records = answer.putArray("records");
          List<StoredRecord> found = null;
          try {
            if (!sought.isBlank()) {
              found = new RecordSearch(domain, app, design(app)).find(sought);
            }
          } catch (Refusal refusal) {
            answer.set("refusal", refusal.toJson(language));
            found = List.of();
          }
          answer.put("total", found == null ? app.records().size() : found.size());
          CellWriter writer = new CellWriter(domain, app, design(app));
          ordered(app, found, rising)
              .skip(offset)
              .limit(RECORDS)
              .map(record -> cut(writer.record(record, Set.of()), Glance.IN_A_LIST))
              .forEach(records::add);
          return answer;
        });
  }

  private static Stream<StoredRecord> ordered(
      App app, @Nullable List<StoredRecord> found, boolean rising) {
    if (found == null) {
      return (rising ? app.records() : app.records().descendingMap()).values().stream();
    }
    int last = found.size() - 1;
    return rising
        ? found.stream()
        : IntStream.rangeClosed(0, last).mapToObj(i -> found.get(last - i));
  }

  /** One record of an app. */
  @Nullable ObjectNode record(long appId, long id) {
    return domain.read(
        () -> {
          App app = domain.app(appId);
          StoredRecord record = app == null ? null : app.record(id);
          if (app == null || record == null) {
            return null;
          }
          ObjectNode whole = new CellWriter(domain, app, design(app)).record(record, Set.of());
          ObjectNode answer = described(app);
          answer.set("record", cut(whole, Glance.ALONE));
          return answer;
        });
  }

  private static ObjectNode described(App app) {
    ObjectNode answer = Reply.object().put("name", name(app));
    ArrayNode fields = answer.putArray("fields");
    AppForm form = design(app).form();
    if (form.only(FieldType.RECORD_NUMBER) == null) {
      fields.add(described("$id", "$id", "__ID__"));
    }
    columns(form.fields()).forEach(field -> fields.add(described(field, form)));
    fields.add(described("$revision", "$revision", "__REVISION__"));
    return answer;
  }

  /** Number first, then what people enter, then what Kintone adds. */
  private static Stream<FormField> columns(Collection<FormField> all) {
    List<FormField> shown =
        all.stream()
            .filter(field -> field.enabled() && field.type().shape() != FieldType.Shape.LAYOUT)
            .toList();
    return Stream.of(
            shown.stream().filter(field -> field.type() == FieldType.RECORD_NUMBER),
            shown.stream().filter(field -> !field.type().isBuiltIn()),
            shown.stream()
                .filter(field -> field.type().isBuiltIn())
                .filter(field -> field.type() != FieldType.RECORD_NUMBER))
        .flatMap(part -> part);
  }

  private static ObjectNode described(FormField field, AppForm form) {
    String label = field.properties().path("label").asText(field.code());
    ObjectNode json = described(field.code(), label, field.type().name());
    json.put("input", field.type().isInput() && !form.isCopied(field.code()));
    json.put("required", field.properties().path("required").asBoolean());
    if (field.properties().has("options")) {
      ArrayNode options = json.putArray("options");
      field.properties().path("options").properties().stream()
          .sorted(Comparator.comparingInt(one -> one.getValue().path("index").asInt()))
          .forEach(one -> options.add(one.getKey()));
    }
    if (field.type() == FieldType.SUBTABLE) {
      ArrayNode inner = json.putArray("fields");
      field.inner().values().forEach(one -> inner.add(described(one, form)));
    }
    return json;
  }

  private static ObjectNode described(String code, String label, String type) {
    return Reply.object().put("code", code).put("label", label).put("type", type);
  }

  /** A record whose long values are cut; {@code more} says how many entries a list lacks. */
  private static ObjectNode cut(ObjectNode record, Glance glance) {
    for (JsonNode cell : record) {
      ObjectNode changed = (ObjectNode) cell;
      JsonNode value = cell.path("value");
      if (value instanceof TextNode text && text.asText().length() > glance.characters()) {
        changed.put("value", text.asText().substring(0, glance.characters()) + "…");
      } else if (value instanceof ArrayNode list) {
        int more = list.size() - glance.entries();
        while (list.size() > glance.entries()) {
          list.remove(list.size() - 1);
        }
        if (more > 0) {
          changed.put("more", more);
        }
        if (changed.path("type").asText().equals(FieldType.SUBTABLE.name())) {
          list.forEach(row -> cut((ObjectNode) row.path("value"), glance));
        }
      }
    }
    return record;
  }
}
