package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Job;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.simulator.http.Fault.Kind;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where no key is looked up, Kintone ends as it does where all are: nothing is lost, nothing is
 * there twice, and what nobody knows is said.
 */
@Order(1) // it waits long
class EngineTest {
  /** An address that another record has, and that may not be there twice. */
  private static final String TAKEN = "abe@example.com";

  private static final String HOLDER =
      "{\"code\":{\"value\":\"K99999\"},\"email\":{\"value\":\"" + TAKEN + "\"}}";

  @TempDir static Path home;
  private static Rehearsal rehearsal;
  private static OptionalLong lastBefore = OptionalLong.empty();

  /** One batch of 500 rows after the other. */
  @BeforeAll
  static void start() throws Exception {
    rehearsal =
        new Rehearsal(home, Map.of("kintone.requests-per-batch", "5", "kintone.max-writers", "1"));
  }

  @AfterAll
  static void stop() {
    rehearsal.close();
  }

  @BeforeEach
  void anotherApp() throws IOException {
    rehearsal.withAnotherApp();
  }

  @AfterEach
  void calm() {
    rehearsal.simulator.faults().clear();
  }

  private static String[] rows(int from, int to, IntFunction<String> name) {
    var lines = new ArrayList<>(List.of("code,name"));
    for (int i = from; i <= to; i++) {
      lines.add("K%05d,%s".formatted(i, name.apply(i)));
    }
    return lines.toArray(String[]::new);
  }

  private static Job engine(String... properties) throws IOException {
    return rehearsal.jobWith(properties);
  }

  private static Report run(Job job, String... rows) throws IOException {
    return result(job, rows).report();
  }

  private static RunResult result(Job job, String... rows) throws IOException {
    rehearsal.forgetRequests();
    lastBefore = rehearsal.simulator.requests().stream().mapToLong(each -> each.number()).max();
    var run = rehearsal.sync(job, rows);
    assertThat(run.report().counts().addUp()).isTrue();
    return run;
  }

  private static void fill(int from, int to) throws IOException {
    run(engine("engine = lookup"), rows(from, to, i -> "old"));
  }

  private static List<String> lookups() {
    return rehearsal.simulator.requests().stream()
        .filter(request -> request.number() > lastBefore.orElse(0))
        .map(request -> request.body().path("query").asText())
        .filter(query -> query.startsWith("code in"))
        .toList();
  }

  private static long keysLookedUp() {
    return lookups().stream()
        .mapToLong(query -> query.chars().filter(c -> c == ',').count() + 1)
        .sum();
  }

  /** The calls for rows as Kintone counts them, without those that a run begins with. */
  private static long calls(Report report) {
    var requests = report.requests();
    return lookups().size() + requests.posts() + requests.puts() + requests.deletes();
  }

  @Test
  void aThousandChangedRowsTakeTenCallsInsteadOfTwelve() throws Exception {
    fill(1, 1000);
    var looked = run(engine("engine = lookup"), rows(1, 1000, i -> "new"));
    assertThat(calls(looked)).isEqualTo(12);

    var report = run(engine("engine = native"), rows(1, 1000, i -> "newer"));

    assertThat(report.state()).as(report.reason()).isEqualTo(RunState.COMPLETED);
    assertThat(report.counts().updated()).isEqualTo(1000);
    assertThat(calls(report)).isEqualTo(10);
    assertThat(rehearsal.held("name").values()).hasSize(1000).containsOnly("newer");
  }

  @Test
  void whatIsAddedAndWhatIsUpdatedIsCountedByTheAnswerAndWhatWasThereBeforeIsSaidToBeUnknown()
      throws Exception {
    fill(1, 2);

    var run = result(engine("engine = native"), rows(1, 3, i -> "new"));

    assertThat(run.report().counts()).isEqualTo(new Counts(3, 1, 2, 0, 0, 0, 0));
    assertThat(run.report().overEdits()).isZero();
    assertThat(run.report().remarks())
        .anyMatch(remark -> remark.startsWith("2 records were updated without reading"));
    assertThat(Rehearsal.changes(run))
        .filteredOn(change -> change.contains("\"updated\""))
        .hasSize(2)
        .allMatch(change -> change.contains("\"beforeUnknown\":true"))
        .noneMatch(change -> change.contains("\"before\":"));
    assertThat(Rehearsal.changes(run))
        .filteredOn(change -> change.contains("\"inserted\""))
        .singleElement()
        .asString()
        .doesNotContain("beforeUnknown");
  }

  @Test
  void aBadRowHarmsNoOther() throws Exception {
    rehearsal.app.add(HOLDER);
    fill(1, 300);
    var rows = rows(1, 600, i -> i == 77 || i == 450 ? "new," + TAKEN : "new,");
    rows[0] = "code,name,email";

    var report = run(engine("engine = native"), rows);

    assertThat(report.counts()).isEqualTo(new Counts(600, 299, 299, 0, 0, 2, 0));
    assertThat(rehearsal.held("name")).hasSize(600).containsEntry("K00077", "old");
    assertThat(keysLookedUp()).as("Kintone names the rows").isZero();
  }

  /** A refusal that names no row: they are looked up, and the bad one is found as ever. */
  @Test
  void aRefusalThatNamesNobodyIsTakenApartByLookup() throws Exception {
    fill(1, 10);
    rehearsal.simulator.faults().add(Fault.error(400, "GAIA_IQ28").on("PUT", "/records.json"));

    var report = run(engine("engine = native"), rows(1, 20, i -> "new"));

    assertThat(report.counts()).isEqualTo(new Counts(20, 10, 10, 0, 0, 0, 0));
    assertThat(keysLookedUp()).isEqualTo(20);
    assertThat(rehearsal.held("name").values()).hasSize(20).containsOnly("new");
  }

  @ParameterizedTest
  @CsvSource({"403, CB_NO02", "403, GAIA_NO01"})
  void withoutTheRightToAddRowsAreLookedUp(int status, String code) throws Exception {
    fill(1, 1500);
    rehearsal.simulator.faults().add(Fault.error(status, code).on("POST", "/bulkRequest.json"));

    var report = run(engine("engine = native"), rows(1, 1500, i -> "new"));

    assertThat(report.state()).as(report.reason()).isEqualTo(RunState.COMPLETED);
    assertThat(report.counts().updated()).isEqualTo(1500);
    assertThat(rehearsal.held("name").values()).hasSize(1500).containsOnly("new");
    assertThat(rehearsal.held("$revision").values()).containsOnly("2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RESET", "RESET_AFTER_COMMIT"})
  void whatHasNoAnswerIsLookedUpBeforeAnythingIsWrittenAgain(Kind kind) throws Exception {
    fill(1, 10);
    rehearsal.simulator.faults().add(Fault.of(kind).on("PUT", "/records.json"));

    var report = run(engine("engine = native"), rows(1, 20, i -> "new"));

    assertThat(report.counts()).isEqualTo(new Counts(20, 10, 10, 0, 0, 0, 0));
    assertThat(keysLookedUp()).isEqualTo(20);
    assertThat(rehearsal.held("$revision"))
        .containsEntry("K00001", "2")
        .containsEntry("K00020", "1")
        .hasSize(20);
  }

  @Test
  void aKeyThatSomebodyAddsMeanwhileIsUpdated() throws Exception {
    fill(1, 10);
    rehearsal.crossing.before(
        "PUT",
        "/k/v1/records.json",
        1,
        () -> rehearsal.app.add("{\"code\":{\"value\":\"K00011\"},\"name\":{\"value\":\"z\"}}"));

    var report = run(engine("engine = native"), rows(1, 12, i -> "new"));

    assertThat(report.counts()).isEqualTo(new Counts(12, 1, 11, 0, 0, 0, 0));
    assertThat(rehearsal.held("name").values()).hasSize(12).containsOnly("new");
  }

  @Test
  void aKeyThatAPersonWouldTakeForAnotherIsLookedUpFirst() throws Exception {
    rehearsal.app.add("{\"code\":{\"value\":\"ＡＢ１\"}}");

    var report = run(engine("engine = native"), "code,name", "AB1,Abe");

    assertThat(report.counts().rejected()).isEqualTo(1);
    assertThat(rehearsal.held("code")).hasSize(1);
  }

  @Test
  void unchangedRowsOfASnapshotAreNotUpserted() throws Exception {
    var job = engine("engine = native", "diff = snapshot");
    run(job, rows(1, 50, i -> "old"));

    var report = run(job, rows(1, 50, i -> i == 7 ? "new" : "old"));

    assertThat(report.counts()).isEqualTo(new Counts(50, 0, 1, 49, 0, 0, 0));
    assertThat(keysLookedUp()).isZero();
    assertThat(rehearsal.held("$revision"))
        .containsEntry("K00007", "2")
        .containsEntry("K00008", "1");
  }

  @Test
  void autoAddsWithoutLookingUpOnceAllRowsWereNewAndTheRunCanBeUndone() throws Exception {
    fill(90000, 90000);

    var run = result(engine(), rows(1, 2500, i -> "new"));

    assertThat(run.report().counts().inserted()).isEqualTo(2500);
    assertThat(keysLookedUp()).as("two batches in flight").isBetween(500L, 1000L);
    assertThat(Rehearsal.changes(run)).noneMatch(change -> change.contains("beforeUnknown"));
    assertThat(rehearsal.held("name")).hasSize(2501);
  }

  @Test
  void whereAGuessWasWrongAutoLooksUpAgain() throws Exception {
    fill(1501, 2500);

    var run = result(engine(), rows(1, 6000, i -> "new"));

    assertThat(run.report().counts()).isEqualTo(new Counts(6000, 5000, 1000, 0, 0, 0, 0));
    assertThat(run.report().conflicts()).isZero();
    assertThat(keysLookedUp()).as("all that were read after the wrong guess").isGreaterThan(3500);
    assertThat(rehearsal.held("name").values()).hasSize(6000).containsOnly("new");
    assertThat(rehearsal.held("$revision")).containsEntry("K01501", "2");
    assertThat(Rehearsal.changes(run)).noneMatch(change -> change.contains("beforeUnknown"));
  }

  @Test
  void autoKnowsWhatItReplacesUnlessUndoIsOptional() throws Exception {
    fill(1, 2500);
    run(engine(), rows(1, 2500, i -> "new"));
    assertThat(keysLookedUp()).isEqualTo(2500);

    var report = run(engine("undo = optional"), rows(1, 2500, i -> "newer"));

    assertThat(report.counts().updated()).isEqualTo(2500);
    assertThat(keysLookedUp()).isBetween(500L, 1000L);
    assertThat(rehearsal.held("name").values()).containsOnly("newer");
    assertThat(rehearsal.held("$revision").values()).containsOnly("3");
  }

  @Test
  void autoLooksUpWhereAFewRowsInAHundredAreUnchanged() throws Exception {
    fill(1, 2000);

    var report = run(engine("undo = optional"), rows(1, 2000, i -> i % 20 == 0 ? "old" : "new"));

    assertThat(report.counts()).isEqualTo(new Counts(2000, 0, 1900, 100, 0, 0, 0));
    assertThat(keysLookedUp()).isEqualTo(2000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mode = mirror | mode upsert",
        "if-empty = name | job.customers.if-empty",
        "on-insert = name | job.customers.on-insert",
        "hand-edits = reject | job.customers.hand-edits",
        "refresh-lookup-fields = true | job.customers.refresh-lookup-fields",
        "max-updated = 5% | job.customers.max-updated",
        "undo = optional | job.customers.engine = auto",
      })
  void whatDependsOnTheRecordThatIsThereIsRefusedInWords(String property, String words) {
    assertThatThrownBy(() -> engine("engine = native", property))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining(words);
  }

  @Test
  void aTableIsRefusedInWords() throws Exception {
    rehearsal.changeForm(
        "POST",
        """
        {"app": %d, "properties": {"lines": {"type": "SUBTABLE", "code": "lines", "label": "lines",
          "fields": {"item": {"type": "SINGLE_LINE_TEXT", "code": "item", "label": "item"}}}}}
        """
            .formatted(rehearsal.app.id()));
    var job = engine("engine = native", "group-by = code");

    var report = run(job, "code,item", "A,pen");

    assertThat(report.state()).isEqualTo(RunState.REFUSED);
    assertThat(report.reason()).contains("engine = native cannot write the field lines");
  }

  /** Random rows, faults and edits by people: both ends are the same, run after run. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void kintoneEndsAsItDoesWithLookups(long seed) throws Exception {
    var ends = new ArrayList<Map<String, String>>();
    for (String how : List.of("engine = lookup", "engine = native", "undo = optional")) {
      rehearsal.withAnotherApp();
      rehearsal.app.add(HOLDER);
      var random = new Random(seed);
      for (int run = 0; run < 5; run++) {
        var lines = new ArrayList<>(List.of("code,name,email"));
        for (int row = random.nextInt(1400); row >= 0; row--) {
          boolean bad = random.nextInt(300) == 0;
          lines.add(
              "K%05d,n%d,%s".formatted(random.nextInt(900), random.nextInt(5), bad ? TAKEN : ""));
        }
        faults(random);
        var report = run(engine(how), lines.toArray(String[]::new));
        rehearsal.simulator.faults().clear();
        assertThat(report.counts().unprocessed()).as(report.reason()).isZero();
      }
      ends.add(rehearsal.held("name"));
    }
    assertThat(ends.get(0)).isNotEmpty();
    assertThat(ends.get(1)).isEqualTo(ends.get(0));
    assertThat(ends.get(2)).isEqualTo(ends.get(0));
  }

  private static void faults(Random random) {
    for (String path :
        List.of("PUT /records.json", "POST /bulkRequest.json", "POST /records.json")) {
      String[] words = path.split(" ");
      int after = random.nextInt(4);
      Fault fault =
          switch (random.nextInt(5)) {
            case 0 -> Fault.of(Kind.RESET);
            case 1 -> Fault.of(Kind.RESET_AFTER_COMMIT);
            case 2 -> Fault.status(502, "<html>Bad Gateway</html>");
            case 3 -> Fault.error(400, "GAIA_DA02");
            default -> null;
          };
      if (fault != null) {
        rehearsal.simulator.faults().add(fault.on(words[0], words[1]).after(after));
      }
    }
  }
}
