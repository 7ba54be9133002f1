package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.kintone.client.model.record.Record;
import com.kintone.client.model.record.SingleLineTextFieldValue;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.settings.Job;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * With {@code diff = snapshot}, rows that say what they said when Kintone was seen to hold it are
 * not even mapped. Nobody can tell by anything but the time.
 */
@Order(1) // it takes long
class KnownRowsTest {
  private static final String[] ROWS = {"code,name,amount", "A,Abe,1", "B,Baba,2", "C,Chiba,3"};

  /** So that two rows fill a batch. */
  private static final Map<String, String> SMALL_BATCHES =
      Map.of("kintone.records-per-request", "1", "kintone.requests-per-batch", "2");

  private static final Map<String, String> BATCHES_OF_TWENTY =
      Map.of("kintone.records-per-request", "10", "kintone.requests-per-batch", "2");

  @TempDir Path home;
  private Rehearsal rehearsal;

  @AfterEach
  void stop() {
    if (rehearsal != null) {
      rehearsal.close();
    }
  }

  private Job job(String... properties) throws IOException {
    var all = new ArrayList<>(List.of("diff = snapshot"));
    all.addAll(List.of(properties));
    return rehearsal.jobWith(all.toArray(String[]::new));
  }

  /** A job whose first run has confirmed rows. */
  private Job confirmed(String[] rows, String... properties) throws IOException {
    rehearsal = rehearsal == null ? new Rehearsal(home) : rehearsal;
    var job = job(properties);
    assertThat(rehearsal.sync(job, rows).report().state()).isEqualTo(RunState.COMPLETED);
    return job;
  }

  private RunResult again(Job job, String... rows) throws IOException {
    rehearsal.forgetRequests();
    return rehearsal.sync(job, rows);
  }

  private long keyLookUps() {
    return rehearsal.simulator.requests().stream()
        .skip(rehearsal.simulator.requests().size() - rehearsal.requests().size())
        .filter(request -> request.body().path("query").asText().startsWith("code in"))
        .count();
  }

  private void edit(String code, String name) {
    rehearsal
        .somebodyElse()
        .updateRecord(
            rehearsal.app.id(),
            Long.parseLong(rehearsal.held("$id").get(code)),
            new Record().putField("name", new SingleLineTextFieldValue(name)));
  }

  /** The row is known as it is written, so another way to write its values is looked up once. */
  @Test
  void aRowIsKnownAsItIsWritten() throws Exception {
    var job = confirmed(ROWS);
    String[] written = {"code,name,amount", "A,Abe,1.0", "B,Baba,2", "C,Chiba,3"};
    assertThat(again(job, written).report().counts().unchanged()).isEqualTo(3);
    assertThat(keyLookUps()).isEqualTo(1);
    assertThat(again(job, written).report().counts().unchanged()).isEqualTo(3);
    assertThat(keyLookUps()).isZero();
  }

  @Test
  void columnsThatFillNothingMayChangeAndMove() throws Exception {
    var job = confirmed(new String[] {"code,name,at", "A,Abe,10:00"}, "unknown-columns = ignore");
    assertThat(again(job, "at,name,code", "11:00,Abe,A").report().counts().unchanged())
        .isEqualTo(1);
    assertThat(keyLookUps()).isZero();
  }

  @Test
  void anotherMapMakesOtherValuesOfTheSameRow() throws Exception {
    String[] rows = {"code,one,two", "A,1,2"};
    confirmed(rows, "map = code=code, one=name");
    assertThat(again(job("map = code=code, two=name"), rows).report().counts().updated())
        .isEqualTo(1);
    assertThat(again(job("map = code=code, two=name | pad(3)"), rows).report().counts().updated())
        .isEqualTo(1);
    assertThat(rehearsal.held("name")).containsExactly(entry("A", "002"));
  }

  @Test
  void aColumnThatIsNewClearsItsField() throws Exception {
    confirmed(new String[] {"code,name", "A,Abe"});
    edit("A", "Abe");
    rehearsal.app.add("{\"code\":{\"value\":\"B\"},\"amount\":{\"value\":\"5\"}}");
    String[] rows = {"code,name", "A,Abe", "B,Baba"};
    rehearsal.sync(job(), rows);
    var report = again(job(), "code,name,amount", "A,Abe,1", "B,Baba,").report();
    assertThat(report.counts().updated()).isEqualTo(2);
    assertThat(rehearsal.held("amount")).isEqualTo(Map.of("A", "1", "B", ""));
  }

  /** What an expression makes of a row may come from anywhere. */
  @Test
  void rowsOfExpressionsAreMappedEachTime() throws Exception {
    var job =
        confirmed(
            new String[] {"CD,N,X", "A,1,one"}, "map = CD=code, N=name | simple(${variable.X})");
    assertThat(again(job, "CD,N,X", "A,1,two").report().counts().updated()).isEqualTo(1);
    assertThat(rehearsal.held("name")).containsExactly(entry("A", "two"));
  }

  @Test
  void rowsThatGoThroughARouteOfTheUsersAreMappedEachTime() throws Exception {
    String route =
        """
        - route:
            id: named-by-another-column
            from:
              uri: direct:before-mapping
              steps:
                - script: { simple: "${body.put('name', ${body[X]})}" }
        """;
    rehearsal =
        new Rehearsal(
            home, Rehearsal.FIELDS, Map.of(), Rehearsal.routesWith(home, "mine.camel.yaml", route));
    var job = confirmed(new String[] {"code,name,X", "A,,one"}, "unknown-columns = ignore");
    assertThat(again(job, "code,name,X", "A,,two").report().counts().updated()).isEqualTo(1);
    assertThat(rehearsal.held("name")).containsExactly(entry("A", "two"));
  }

  /** The rule of the job has changed, and the row has not. */
  @Test
  void aRowThatSaysThatItsRecordGoesIsNoKnownOne() throws Exception {
    String[] rows = {"code,name,DEL", "A,Abe,1", "B,Baba,0"};
    confirmed(rows, "delete-when = DEL=x", "mirror.missing = delete");
    var report = again(job("delete-when = DEL=1", "mirror.missing = delete"), rows).report();
    assertThat(report.counts().removed()).isEqualTo(1);
    assertThat(rehearsal.held("name")).containsExactly(entry("B", "Baba"));
  }

  /** A value that Kintone rounds is told of in each run. */
  @Test
  void whatIsSaidOfARowIsSaidEachTime() throws Exception {
    String[] rows = {"code,amount", "A,1.23456", "B,2"};
    var job = confirmed(rows);
    var first = rehearsal.sync(job, rows).report();
    assertThat(first.counts().unchanged()).isEqualTo(2);
    assertThat(first.remarks()).singleElement().asString().contains("1.23456");
    assertThat(again(job, rows).report().remarks()).isEqualTo(first.remarks());
    assertThat(keyLookUps()).isZero();
  }

  @Test
  void aMirrorMeetsTheKeysOfKnownRows() throws Exception {
    String[] mirror = {"mode = mirror", "mirror.scope = $id > 0", "mirror.missing = delete"};
    var job = confirmed(ROWS, mirror);
    var report = again(job, ROWS).report();
    assertThat(keyLookUps()).isZero();
    assertThat(report.mirrored()).isTrue();
    assertThat(report.missing()).isZero();
    assertThat(rehearsal.held("name")).hasSize(3);
  }

  /** The rows of a key, some of them known, and what becomes of them together or one by one. */
  @ParameterizedTest
  @CsvSource({
    "true, last",
    "true, first",
    "true, reject",
    "false, last",
    "false, first",
    "false, reject"
  })
  void rowsOfOneKeyGoAsTheyWouldWithoutASnapshot(boolean together, String duplicates)
      throws Exception {
    rehearsal = new Rehearsal(home, together ? Map.of() : SMALL_BATCHES);
    String[] first = {"code,name", "A,Abe", "B,Baba", "C,Chiba"};
    for (String[] second :
        List.of(
            new String[] {"code,name", "A,Abe", "A,Abe", "B,Baba", "A,Abe"},
            new String[] {"code,name", "A,Ando", "A,Abe", "B,Baba"},
            new String[] {"code,name", "A,Abe", "A,Ando", "B,Baba"},
            new String[] {"code,name", "A,Ando", "B,Bando", "C,Chiba", "A,Abe", "B,Baba"},
            new String[] {"code,name", "A,Abe", "B,Bando", "C,Chiba", "A,Ando", "B,Baba"},
            new String[] {"code,name", "A," + "x".repeat(21), "A,Abe", "B,Baba"})) {
      var without = outcome("lookup", duplicates, first, second);
      assertThat(outcome("snapshot", duplicates, first, second)).isEqualTo(without);
    }
  }

  /** Twenty rows fill a batch, but where nearly all are known it goes on. */
  @Test
  void fewChangedRowsAmongManyKnownOnesAreSentTogether() throws Exception {
    rehearsal = new Rehearsal(home, BATCHES_OF_TWENTY);
    String[] rows = numbered(200);
    var job = confirmed(rows);
    for (int changed = 1; changed < rows.length; changed += 50) {
      rows[changed] += "chi";
    }
    assertThat(again(job, rows).report().counts().updated()).isEqualTo(4);
    assertThat(rehearsal.writes()).hasSize(2);
    assertThat(keyLookUps()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"last", "first", "reject"})
  void rowsOfOneKeyFarApartGoAsTheyWouldWithoutASnapshot(String duplicates) throws Exception {
    rehearsal = new Rehearsal(home, BATCHES_OF_TWENTY);
    String[] first = numbered(100);
    for (var second :
        List.of(
            Map.of(1, "K7,Ando", 35, "K7,Kato"), // changed, then as it was
            Map.of(1, "K7,Kato", 35, "K7,Ando"), // as it was, then changed
            Map.of(1, "K7,Ando", 35, "K7,Bando", 70, "K7,Ando"),
            Map.of(1, "K7,Kato", 2, "K7,Kato", 35, "K7,Kato"),
            Map.of(1, "K7,Ando", 35, "K50,Kato", 36, "K7," + "x".repeat(21)))) {
      String[] rows = first.clone();
      second.forEach((row, written) -> rows[row] = written);
      var without = outcome("lookup", duplicates, first, rows);
      assertThat(outcome("snapshot", duplicates, first, rows)).isEqualTo(without);
    }
  }

  private static String[] numbered(int rows) {
    return Stream.concat(
            Stream.of("code,name"), IntStream.range(0, rows).mapToObj(i -> "K" + i + ",Kato"))
        .toArray(String[]::new);
  }

  /** The app was empty when the run began, and the first row of the key is added by then. */
  @Test
  void aRowThatTheRunItselfHasAddedIsKnown() throws Exception {
    rehearsal = new Rehearsal(home, SMALL_BATCHES);
    var rows = new ArrayList<>(List.of("code,name", "A,Abe"));
    for (int i = 0; i < 900; i++) {
      rows.add("K" + i + ",Kato");
    }
    rows.add("A,Abe");
    var report = again(job(), rows.toArray(String[]::new)).report();
    assertThat(report.counts().inserted()).isEqualTo(901);
    assertThat(report.counts().unchanged()).isEqualTo(1);
    assertThat(report.conflicts()).isZero();
    assertThat(keyLookUps()).isZero();
  }

  private record Outcome(Counts counts, Map<String, String> held, List<String> rejects) {
    static Outcome of(RunResult run, Map<String, String> held) throws IOException {
      var rejects = new ArrayList<String>();
      if (run.report().rejectsFile() != null) {
        Rehearsal.rejects(run).forEach(line -> rejects.add(line.replaceAll("[0-9]{8}-.*", "")));
      }
      return new Outcome(run.report().counts(), held, rejects);
    }
  }

  private Outcome outcome(String diff, String duplicates, String[] first, String[] second)
      throws IOException {
    rehearsal.withAnotherApp();
    var job = rehearsal.jobWith("diff = " + diff, "duplicates = " + duplicates);
    rehearsal.sync(job, first);
    return Outcome.of(rehearsal.sync(job, second), rehearsal.held("name"));
  }

  /** Between the two rows of the key are so many that the first one is planned by then. */
  @Test
  void aPlanTakesNoRowForKnownWhoseKeyIsPlannedToChange() throws Exception {
    rehearsal = new Rehearsal(home, SMALL_BATCHES);
    var rows = new ArrayList<>(List.of("code,name", "A,Abe"));
    for (int i = 0; i < 900; i++) {
      rows.add("K" + i + ",Kato");
    }
    var job = confirmed(rows.toArray(String[]::new));
    rows.set(1, "A,Ando");
    rows.add("A,Abe");
    var plan = rehearsal.sync(job.with(job.options().onlyPlanned()), rows.toArray(String[]::new));
    assertThat(plan.report().counts().updated()).isEqualTo(2);
    assertThat(plan.firstRows()).hasSize(3);
    var run = again(job, rows.toArray(String[]::new));
    assertThat(run.report().counts()).isEqualTo(plan.report().counts());
    assertThat(rehearsal.held("name")).containsEntry("A", "Abe");
  }

  /** Sources, people and killed runs at random, each step with a snapshot and without one. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void allComesOutAsWithoutASnapshot(long seed) throws Exception {
    var random = new Random(seed);
    boolean mirror = random.nextBoolean();
    var rules =
        new ArrayList<>(
            List.of("duplicates = " + List.of("last", "first", "reject").get((int) (seed % 3))));
    if (mirror) {
      rules.addAll(
          List.of(
              "mode = mirror",
              "mirror.scope = $id > 0",
              "mirror.missing = delete",
              "mirror.max-missing = 100%"));
    }
    try (var other = new Comparable(home.resolve("lookup"), "lookup", rules);
        var with = new Comparable(home.resolve("snapshot"), "snapshot", rules)) {
      var source = new TreeMap<String, String>();
      for (int step = 0; step < 8; step++) {
        for (int change = random.nextInt(5); change > 0; change--) {
          source.put("K" + random.nextInt(14), value(random));
        }
        if (random.nextInt(4) == 0 && source.size() > 3) {
          source.remove(source.firstKey());
        }
        String[] rows = rows(source, random);
        String edited = "K" + random.nextInt(14);
        String name = "v" + random.nextInt(4);
        int act = random.nextInt(4);
        for (var each : List.of(other, with)) {
          each.people(act, edited, name);
        }
        assertThat(with.run(rows))
            .as("step %d: %s", step, List.of(rows))
            .isEqualTo(other.run(rows));
      }
      assertThat(with.keyLookUps()).isLessThan(other.keyLookUps());
    }
  }

  private static String value(Random random) {
    return List.of("v1", "v2", "v3", " v1", "", "x".repeat(21)).get(random.nextInt(6));
  }

  /** Each record once or twice, with another value before or after its own. */
  private static String[] rows(Map<String, String> source, Random random) {
    var rows = new ArrayList<String>();
    source.forEach((code, name) -> rows.add(code + "," + name));
    for (String code : source.keySet()) {
      if (random.nextInt(3) == 0) {
        rows.add(random.nextInt(rows.size() + 1), code + "," + value(random));
      } else if (random.nextInt(3) == 0) {
        rows.add(code + "," + source.get(code));
      }
    }
    rows.add(0, "code,name");
    return rows.toArray(String[]::new);
  }

  /** One side of a comparison: an application and its Kintone. */
  private static final class Comparable implements AutoCloseable {
    private final Rehearsal rehearsal;
    private final Job job;

    Comparable(Path home, String diff, List<String> rules) throws IOException {
      rehearsal = new Rehearsal(Files.createDirectories(home), SMALL_BATCHES);
      var all = new ArrayList<>(rules);
      all.add("diff = " + diff);
      job = rehearsal.jobWith(all.toArray(String[]::new));
    }

    void people(int act, String code, String name) {
      String id = rehearsal.held("$id").get(code);
      if (act == 0 && id != null) {
        rehearsal
            .somebodyElse()
            .updateRecord(
                rehearsal.app.id(),
                Long.parseLong(id),
                new Record().putField("name", new SingleLineTextFieldValue(name)));
      } else if (act == 1 && id != null) {
        rehearsal.somebodyElse().deleteRecords(rehearsal.app.id(), List.of(Long.parseLong(id)));
      } else if (act == 2) {
        rehearsal.journal().snapshots(rehearsal.home).takeAway("customers");
      }
    }

    Outcome run(String... rows) throws IOException {
      var run = rehearsal.sync(job, rows);
      assertThat(run.report().counts().addUp()).isTrue();
      return Outcome.of(run, rehearsal.held("name"));
    }

    long keyLookUps() {
      return rehearsal.simulator.requests().stream()
          .filter(request -> request.body().path("query").asText().startsWith("code in"))
          .count();
    }

    @Override
    public void close() {
      rehearsal.close();
    }
  }
}
