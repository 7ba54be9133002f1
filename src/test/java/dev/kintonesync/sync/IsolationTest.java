package dev.kintonesync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kintonesync.form.Form;
import dev.kintonesync.form.Mapping;
import dev.kintonesync.form.NumberPrecision;
import dev.kintonesync.form.RememberedLookups;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.Credentials;
import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceRecord;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Bad records are found exactly, and within the promised number of requests, whatever Kintone says
 * about them. Kintone is played by the rule that a request fails as a whole when it holds a bad
 * record.
 */
class IsolationTest {
  private static final int PER_REQUEST = 100;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The keys of all records; to put one together takes longer than to plan its record. */
  private static final List<String> CODES =
      IntStream.range(0, 500).mapToObj("K%03d"::formatted).toList();

  /** What Kintone names when it refuses. */
  enum Words {
    POSITIONS,
    A_VALUE,
    NOTHING
  }

  @Provide
  Arbitrary<Set<Integer>> fewOfFiveHundred() {
    return Arbitraries.integers().between(0, 499).set().ofMaxSize(12);
  }

  @Property(tries = 300)
  void theGoodRecordsAreExactlyTheAppliedOnes(
      @ForAll("fewOfFiveHundred") Set<Integer> bad, @ForAll Words words) throws Exception {
    var kintone = new HashSet<String>();
    var plan = plan();
    int refusedBulks = 0;
    int requests = 0;
    while (plan.isOpen()) {
      var sent = plan.next().stream().map(WriteRequest::addRecords).toList();
      requests += sent.size() == 1 ? 1 : 0;
      var answer = answer(sent, bad, words, kintone);
      refusedBulks += sent.size() > 1 && answer instanceof Answer.Refused ? 1 : 0;
      plan.settle(answer);
    }

    var result = plan.result();
    assertThat(result.counts().inserted()).isEqualTo(500 - bad.size());
    var good = new TreeSet<>(IntStream.range(0, 500).boxed().toList());
    good.removeAll(bad);
    assertThat(kintone).isEqualTo(Set.copyOf(codes(good)));
    assertThat(result.rejects()).extracting(Reject::key).containsExactlyElementsOf(codes(bad));
    assertThat(refusedBulks).isLessThanOrEqualTo(1);
    int k = bad.size();
    double bound = 2 * k * Math.log(PER_REQUEST) / Math.log(2) + k;
    assertThat((double) result.isolation()).isLessThanOrEqualTo(bound);
    // five requests in all, each once singly after the refused bulkRequest
    assertThat((double) requests).isLessThanOrEqualTo(bound + 5);
  }

  private static List<String> codes(Set<Integer> numbers) {
    return new TreeSet<>(numbers).stream().map(CODES::get).toList();
  }

  private static Answer answer(
      List<KintoneRequest> sent, Set<Integer> bad, Words words, Set<String> kintone)
      throws IOException {
    for (int part = 0; part < sent.size(); part++) {
      var records = records(sent.get(part));
      var positions = new ArrayList<Integer>();
      for (int i = 0; i < records.size(); i++) {
        if (bad.contains(number(records.get(i)))) {
          positions.add(i);
        }
      }
      if (!positions.isEmpty()) {
        return refused(words, part, positions, records);
      }
    }
    var body = JsonNodeFactory.instance.objectNode();
    var results = body.putArray("results");
    for (var request : sent) {
      var ids = (sent.size() == 1 ? body : results.addObject()).putArray("ids");
      for (JsonNode record : records(request)) {
        ids.add(String.valueOf(number(record)));
        assertThat(kintone.add(record.path("code").path("value").asText())).isTrue();
      }
    }
    return new Answer.Done(body);
  }

  /** The records of a request as Kintone reads them. */
  private static JsonNode records(KintoneRequest request) throws IOException {
    return JSON.readTree(request.payload().toString()).path("records");
  }

  private static int number(JsonNode record) {
    return Integer.parseInt(record.path("code").path("value").asText().substring(1));
  }

  private static Answer.Refused refused(
      Words words, int part, List<Integer> positions, JsonNode records) {
    return switch (words) {
      case POSITIONS -> {
        var errors = new LinkedHashMap<String, List<String>>();
        positions.forEach(i -> errors.put("records[" + i + "].name.value", List.of("wrong")));
        yield new Answer.Refused(400, "CB_VA01", "Missing or invalid input.", errors, part);
      }
      case A_VALUE ->
          new Answer.Refused(
              400,
              "GAIA_LO04",
              "A value "
                  + records.get(positions.get(0)).path("name").path("value").asText()
                  + " in the field name does not exist",
              Map.of(),
              part);
      case NOTHING -> new Answer.Refused(400, "GAIA_XX99", "Refused.", Map.of(), part);
    };
  }

  private static Plan plan() throws Exception {
    var fields =
        JSON.readTree(
            """
            {"revision": "1", "properties": {
              "code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "c", "unique": true},
              "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "n"}}}
            """);
    var form = Form.of("1", fields, NumberPrecision.KINTONE_DEFAULT);
    var mapping = Mapping.of(form, List.of("code", "name"), Map.of(), form.requireKey("code"));
    var target =
        new Target(
            new KintoneConnection(
                URI.create("http://localhost"), null, Credentials.ofTokens("t"), "en"),
            "1",
            form,
            mapping,
            Rules.DEFAULT,
            Map.of(),
            Map.of(),
            new SimilarKeys(),
            true,
            true,
            new Target.Sizes(PER_REQUEST, 20, 500),
            new AdaptiveLimiter(4, 5, Duration.ofSeconds(5)),
            RichTexts.NONE,
            FileHashes.NONE,
            new RememberedLookups(),
            null,
            null);
    var planned = new ArrayList<SyncRecord>();
    for (int i = 0; i < CODES.size(); i++) {
      String code = CODES.get(i);
      // every seventh value is the same, so that a quoted value points at several records
      var row = Map.of("code", code, "name", "value-" + i % 70);
      var mapped = mapping.map(row);
      var source =
          new SourceRecord(new Position(i + 1, i + 2), Map.of(), List.of(List.of(code)), null);
      planned.add(new SyncRecord(source, code, mapped.values()));
    }
    var guards = new Guards(Guards.Limits.DEFAULT, Set.of(), () -> 0);
    return new Plan(
        target, new Batch(1, planned, List.of(), 0), new Isolation.Budget(10_000), guards);
  }
}
