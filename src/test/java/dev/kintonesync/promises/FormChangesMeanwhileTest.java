package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.sync.RunState;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody changes the form while a run is under way: it goes on, or stops and says why. */
class FormChangesMeanwhileTest {
  @TempDir Path home;
  private Rehearsal rehearsal;

  @BeforeEach
  void start() throws Exception {
    rehearsal =
        new Rehearsal(
            home, Map.of("kintone.records-per-request", "5", "kintone.requests-per-batch", "2"));
    rehearsal.sync(rows("old", 200));
    rehearsal.forgetRequests();
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  @Test
  void aFieldThatIsGoneStopsTheRunBeforeItsValuesAreLostInSilence() throws Exception {
    atLookUp(5, () -> rehearsal.changeForm("DELETE", "{\"app\": 1, \"fields\": [\"amount\"]}"));

    var run = rehearsal.sync(rows("new", 200));

    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.report().reason()).contains("amount", "app 1 no longer has");
    assertThat(run.report().counts().addUp()).isTrue();
    assertThat(run.report().counts().updated()).isBetween(1L, 100L);
    assertThat(run.report().counts().rejected()).isZero();
    assertThat(rehearsal.held("name").values().stream().filter(n -> n.startsWith("new")).count())
        .isEqualTo(run.report().counts().updated());
  }

  @Test
  void aFieldThatIsOfAnotherTypeStopsTheRun() throws Exception {
    atLookUp(
        5,
        () -> {
          rehearsal.changeForm("DELETE", "{\"app\": 1, \"fields\": [\"amount\"]}");
          rehearsal.changeForm(
              "POST",
              """
              {"app": 1, "properties": {"amount":
                {"type": "SINGLE_LINE_TEXT", "code": "amount", "label": "金額"}}}
              """);
        });

    var run = rehearsal.sync(rows("new", 200));

    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.report().reason()).contains("amount", "NUMBER", "SINGLE_LINE_TEXT");
    assertThat(run.report().counts().rejected()).isZero();
    var second = rehearsal.report(rows("new", 200));
    assertThat(second.counts().updated() + second.counts().unchanged()).isEqualTo(200);
  }

  @Test
  void aKeyFieldThatIsGoneStopsTheRun() throws Exception {
    atLookUp(5, () -> rehearsal.changeForm("DELETE", "{\"app\": 1, \"fields\": [\"code\"]}"));

    var run = rehearsal.sync(rows("new", 200));

    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.report().reason()).contains("code", "app 1 no longer has");
    assertThat(run.report().counts().rejected()).isZero();
  }

  @Test
  void aKeyFieldThatAllowsDuplicatesStopsTheRunWhenTwoRecordsOfAKeyAreSeen() throws Exception {
    atLookUp(
        5,
        () -> {
          rehearsal.changeForm(
              "PUT",
              """
              {"app": 1, "properties": {"code":
                {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "c", "unique": false}}}
              """);
          for (int i = 100; i <= 200; i++) {
            rehearsal.app.add("{\"code\": {\"value\": \"K" + i + "\"}}");
          }
        });

    var run = rehearsal.sync(rows("new", 200));

    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.report().reason()).contains("changed the form", "code");
    assertThat(rehearsal.app.size()).as("nothing was inserted").isEqualTo(301);
  }

  @Test
  void aFieldThatBecameRequiredLetsTheRunGoOnAndOnlyTheRowsWithoutItAreRejected() throws Exception {
    atLookUp(
        5,
        () ->
            rehearsal.changeForm(
                "PUT",
                """
                {"app": 1, "properties": {"email":
                  {"type": "SINGLE_LINE_TEXT", "code": "email", "label": "e", "required": true}}}
                """));
    String[] rows =
        Stream.concat(
                Stream.of("code,name,email"),
                IntStream.rangeClosed(1, 200)
                    .mapToObj(i -> "N" + i + ",n," + (i % 10 == 0 ? "" : "m" + i)))
            .toArray(String[]::new);

    var run = rehearsal.sync(rows);

    var counts = run.report().counts();
    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED_WITH_REJECTS);
    assertThat(counts.rejected()).isBetween(8L, 20L);
    assertThat(counts.inserted()).isEqualTo(200 - counts.rejected());
    assertThat(Rehearsal.rejects(run).get((int) counts.rejected()))
        .as("rejected by the form that was read again, without asking Kintone")
        .doesNotContain("CB_VA01");
    assertThat(formReads()).as("by the batches in flight, at the most").isBetween(2L, 6L);
  }

  @Test
  void refusalsThatAreAboutValuesDoNotReadTheFormEachTime() throws Exception {
    String[] rows =
        Stream.concat(
                Stream.of("code,email"),
                IntStream.rangeClosed(1, 60).mapToObj(i -> "E" + i + ",same@example.com"))
            .toArray(String[]::new);
    var run = rehearsal.sync(rows);
    assertThat(run.report().counts().rejected()).isEqualTo(59);
    assertThat(formReads()).as("by the batches in flight, at the most").isBetween(2L, 6L);
  }

  @Test
  void aLookUpOfSimilarKeysIsNoSignOfAnotherForm() throws Exception {
    var run = rehearsal.sync("code,name", "k7,x", "k8,y");
    assertThat(run.report().counts().rejected()).isEqualTo(2);
    assertThat(formReads()).isEqualTo(1);
  }

  private long formReads() {
    return rehearsal.requests().stream().filter("GET app/form/fields"::equals).count();
  }

  private void atLookUp(int number, Runnable happens) {
    var lookUps = new AtomicInteger();
    rehearsal.crossing.before(
        "GET",
        "/records.json",
        10_000,
        () -> {
          synchronized (lookUps) { // the lookups of other batches wait
            if (lookUps.incrementAndGet() == number) {
              happens.run();
            }
          }
        });
  }

  private static String[] rows(String name, int count) {
    return Stream.concat(
            Stream.of("code,name,amount"),
            IntStream.rangeClosed(1, count).mapToObj(i -> "K" + i + "," + name + i + "," + i))
        .toArray(String[]::new);
  }
}
