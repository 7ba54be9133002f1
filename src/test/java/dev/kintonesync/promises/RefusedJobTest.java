package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import dev.kintonesync.journal.JobStatusRow;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job that Kintone does not suit says so once, keeps its files, and goes on by itself when
 * somebody has mended what is wrong.
 */
class RefusedJobTest {
  private static final String KEY_IS_NOT_UNIQUE =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code", "unique": false},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "name"}}
      """;

  @TempDir Path home;
  private Rehearsal rehearsal;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home, KEY_IS_NOT_UNIQUE, Map.of());
    Files.createDirectories(rehearsal.inbox());
    drop("a.csv");
    rehearsal.application().watch(rehearsal.job());
    assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.REFUSED);
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  @Test
  void itIsNotTriedAgainByItselfAndSaysSoOnce() throws Exception {
    assertThat(rehearsal.awaitSaid()).contains("customers: needs you");
    assertThat(status().why().toString())
        .contains("Prohibit duplicate values", "kintone-sync run customers --once");
    int attempts = attempts();
    for (int hour = 1; hour <= 3; hour++) {
      int forms = settledForms();
      rehearsal.clock.move(Duration.ofHours(1));
      Patience.await().until(() -> forms() > forms); // so it has looked around meanwhile
      settledForms();
    }
    assertThat(attempts()).isEqualTo(attempts);
    assertThat(runs()).hasSize(1);
    assertThat(rehearsal.runWithin(0)).isNull();
    assertThat(rehearsal.allSaid()).isEmpty();
    assertThat(rehearsal.inbox().resolve("a.csv")).exists();
  }

  @Test
  void aRefusalThatComesAgainLeavesOneRun() throws Exception {
    rehearsal.awaitSaid();
    int attempts = attempts();

    assertThat(rehearsal.application().runNow("customers")).isTrue();

    Patience.await().until(() -> attempts() > attempts);
    Patience.await().until(() -> status().why() != null);
    Patience.await()
        .untilAsserted(() -> assertThat(home.resolve("runs").toFile().list()).hasSize(1));
    assertThat(runs()).hasSize(1);
    assertThat(rehearsal.runWithin(0)).isNull();
  }

  @Test
  void theNextFileGoesInWhenTheOneThatWaitsIsTakenAway() throws Exception {
    rehearsal.awaitSaid();
    int attempts = attempts();
    drop("b.csv");
    Files.delete(rehearsal.inbox().resolve("a.csv"));

    Patience.await().until(() -> attempts() > attempts);
  }

  @Test
  void itGoesOnWhenTheFormIsMended() throws Exception {
    rehearsal.changeForm(
        "PUT",
        """
        {"app": %d, "properties": {"code": {"type": "SINGLE_LINE_TEXT", "code": "code",
          "label": "code", "unique": true}}}
        """
            .formatted(rehearsal.app.id()));
    rehearsal.clock.move(Duration.ofMinutes(11));
    assertThat(rehearsal.awaitRun().report().counts().inserted()).isEqualTo(1);
    assertThat(rehearsal.application().jobs().isRefused("customers")).isFalse();
  }

  @Test
  void aFileThatIsDroppedAgainIsTriedAtOnce() throws Exception {
    assertThat(rehearsal.application().jobs().isRefused("customers")).isTrue();
    rehearsal.awaitSaid();
    int asked = attempts();
    drop("a.csv", "B,Baba");
    Patience.await().until(() -> attempts() > asked);
  }

  @Test
  void aChangeOfTheFormIsNoticedWithinAMinute() throws Exception {
    rehearsal.awaitSaid();
    int attempts = attempts();
    int forms = settledForms();
    rehearsal.clock.move(Duration.ofSeconds(61));
    Patience.await().until(() -> forms() > forms);
    assertThat(settledForms()).as("one look, or two around the move").isLessThan(forms + 3);
    assertThat(attempts()).isEqualTo(attempts);

    rehearsal.changeForm(
        "PUT",
        """
        {"app": %d, "properties": {"code": {"type": "SINGLE_LINE_TEXT", "code": "code",
          "label": "code", "unique": true}}}
        """
            .formatted(rehearsal.app.id()));
    rehearsal.clock.move(Duration.ofSeconds(61));

    assertThat(rehearsal.awaitRun().report().counts().inserted()).isEqualTo(1);
  }

  /** Each attempt looks whether records can be seen. */
  private int attempts() {
    return Collections.frequency(rehearsal.requests(), "GET records");
  }

  private JobStatusRow status() {
    return rehearsal.application().statusRows().get(0);
  }

  private int forms() {
    return Collections.frequency(rehearsal.requests(), "GET app/form/fields");
  }

  /** How often the form was asked for, when nobody asks any more. */
  private int settledForms() {
    var last = new AtomicInteger(-1);
    Patience.await()
        .pollInterval(Duration.ofMillis(300))
        .until(() -> forms() == last.getAndSet(forms()));
    return last.get();
  }

  private List<Report> runs() {
    return rehearsal.journal().runs("customers", 10);
  }

  private void drop(String name, String... more) throws Exception {
    rehearsal.drop(name, "code,name\nA,Abe\n" + String.join("\n", more));
  }
}
