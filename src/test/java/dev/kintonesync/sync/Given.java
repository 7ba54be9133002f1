package dev.kintonesync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kintonesync.form.Attachments;
import dev.kintonesync.form.Conversion;
import dev.kintonesync.form.FieldMap;
import dev.kintonesync.form.Form;
import dev.kintonesync.form.Mapping;
import dev.kintonesync.form.MappingOptions;
import dev.kintonesync.form.RememberedLookups;
import dev.kintonesync.kintone.Credentials;
import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceRecord;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The job and the batch of a {@link Talk}: makes a plan of rules in the words of properties, such
 * as {@code "insert, existing = reject"}, and of rows such as {@code "K1 name=A"}. All that tests
 * know of how a plan is made stands here.
 */
final class Given {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Map<String, String> said = new LinkedHashMap<>();
  final List<String> source;
  @Nullable Attachments attachments;
  FileHashes hashes = FileHashes.NONE;
  RichTexts richTexts = RichTexts.NONE;
  Guards guards = new Guards(Guards.Limits.DEFAULT, Set.of(), () -> 0);
  Isolation.Budget budget = new Isolation.Budget(10_000);

  Given(String rules, List<String> source) {
    for (String rule : rules.split(",")) {
      String[] words = rule.strip().split(" *= *", 2);
      said.put(words[0], words.length == 1 ? "" : words[1]);
    }
    this.source = source;
  }

  Plan plan() {
    var target = target(mapping());
    return new Plan(
        target,
        batch(target.mapping()),
        budget,
        guards,
        said.containsKey("asks"),
        Approach.LOOK_UP);
  }

  Form form() {
    return PlayedKintone.form(said.get("required"));
  }

  String key() {
    return said.getOrDefault("key", "code");
  }

  private Mapping mapping() {
    var columns = new LinkedHashSet<>(List.of(key()));
    source.forEach(row -> columns.addAll(Notation.cells(row).keySet()));
    var usual = MappingOptions.DEFAULT;
    var options =
        new MappingOptions(
            new Conversion(usual.conversion().zone(), attachments),
            usual.keys(),
            usual.check(),
            is("empty", "keep"),
            usual.besides(),
            usual.expressions(),
            usual.tables(),
            false,
            null);
    var form = form();
    var map = new FieldMap(List.of(), null, columns.contains("$revision") ? "$revision" : null);
    return Mapping.of(form, List.copyOf(columns), map, form.requireKey(key()), options);
  }

  private Batch batch(Mapping mapping) {
    if (!source.isEmpty() && source.get(0).endsWith(" lacked")) {
      return Batch.ofMissing(1, source.stream().map(Given::keyOf).toList());
    }
    var records = new ArrayList<SyncRecord>();
    for (String written : source) {
      int row = records.size() + 1;
      var cells = new LinkedHashMap<String, @Nullable Object>(Notation.cells(written));
      cells.replaceAll(
          (code, value) ->
              String.valueOf(value).startsWith("[")
                  ? PlayedKintone.json(String.valueOf(value))
                  : value);
      cells.put(key(), keyOf(written));
      var mapped = mapping.map(cells);
      assertThat(mapped.problems()).isEmpty();
      records.add(
          new SyncRecord(
              new SourceRecord(new Position(row, row + 1), cells, List.of(), null),
              String.valueOf(mapped.key()),
              mapped.values(),
              written.endsWith(" flagged"),
              mapped.revision()));
    }
    var kind = said.containsKey("retried") ? Batch.Kind.RETRIED : Batch.Kind.SOURCE;
    return new Batch(1, records, List.of(), 0, List.of(), 0, kind);
  }

  static String keyOf(String row) {
    return row.split(" ")[0];
  }

  private boolean is(String rule, String value) {
    return value.equals(said.get(rule));
  }

  private int number(String rule, int otherwise) {
    return Integer.parseInt(said.getOrDefault(rule, String.valueOf(otherwise)));
  }

  private Set<String> fields(String rule) {
    return said.containsKey(rule) ? Set.of(said.get(rule).split(" ")) : Set.of();
  }

  private Target target(Mapping mapping) {
    var removal = removal();
    var similar = new SimilarKeys();
    fields("app-has-keys-like").forEach(similar::met);
    var sizes =
        new Target.Sizes(number("records-per-request", 100), 20, number("keys-per-lookup", 500));
    var marks =
        removal.field() == null
            ? Map.<String, JsonNode>of()
            : Map.of(removal.field(), (JsonNode) JSON.textNode(String.valueOf(removal.value())));
    return new Target(
        connection(),
        "1",
        form(),
        mapping,
        rules(removal),
        marks,
        Map.of(),
        similar,
        !said.containsKey("plan-only"),
        said.containsKey("app-is-empty"),
        sizes,
        limiter(number("requests-per-bulk", 20)),
        richTexts,
        hashes,
        new RememberedLookups(),
        null,
        null);
  }

  private KintoneConnection connection() {
    var credentials =
        said.containsKey("login")
            ? new Credentials(List.of(), new Credentials.Login(said.get("login"), "p"), null)
            : Credentials.ofTokens("t");
    return new KintoneConnection(URI.create("http://localhost"), null, credentials, "en");
  }

  private Removal removal() {
    String what = said.getOrDefault("missing", "report");
    String[] words = what.split("[ =]+");
    return switch (words[0]) {
      case "set" -> Removal.set(words[1], words[2]);
      case "delete" -> Removal.DELETE;
      default -> Removal.REPORT;
    };
  }

  private Rules rules(Removal removal) {
    return new Rules(
        Mode.valueOf(said.keySet().iterator().next().toUpperCase(Locale.ROOT)),
        is("existing", "reject") ? Rules.Existing.REJECT : Rules.Existing.UNCHANGED,
        is("missing-key", "skip") ? Rules.MissingKey.SKIP : Rules.MissingKey.REJECT,
        Rules.Duplicates.LAST,
        is("empty", "keep") ? Rules.Empty.KEEP : Rules.Empty.CLEAR,
        fields("if-empty"),
        fields("on-insert"),
        is("hand-edits", "reject") ? Rules.HandEdits.REJECT : Rules.HandEdits.OVERWRITE,
        is("similar-keys", "allow") ? Rules.SimilarKeys.ALLOW : Rules.SimilarKeys.REJECT,
        said.containsKey("refresh") ? Refresh.of(fields("refresh")) : Refresh.NONE,
        null,
        removal,
        said.get("scope"),
        Threshold.percent(1),
        null,
        Rules.Engine.valueOf(said.getOrDefault("engine", "lookup").toUpperCase(Locale.ROOT)),
        Rules.Undo.valueOf(said.getOrDefault("undo", "required").toUpperCase(Locale.ROOT)));
  }

  /** An app that has answered soon until so many write requests go into one bulkRequest. */
  private static AdaptiveLimiter limiter(int requestsPerBulk) {
    var limiter = new AdaptiveLimiter(4, requestsPerBulk, Duration.ofSeconds(5));
    while (limiter.requestsPerBulk(false) < requestsPerBulk) {
      limiter.begins(0);
      limiter.learn(
          new AdaptiveLimiter.Lesson(1, limiter.requestsPerBulk(false), Duration.ZERO, false), 1);
    }
    return limiter;
  }
}
