package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kintonesync.simulator.OriginalApp;
import dev.kintonesync.sync.RunState;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that a person would take for the same are not two records. */
class KeysTest {
  @TempDir static Path home;
  private static Rehearsal rehearsal;

  @BeforeAll
  static void start() throws Exception {
    rehearsal = new Rehearsal(home);
  }

  @AfterAll
  static void stop() {
    rehearsal.close();
  }

  @BeforeEach
  void goOnWithAnEmptyApp() throws Exception {
    rehearsal.withAnotherApp();
  }

  private void held(String... keys) {
    for (String key : keys) {
      rehearsal.app.add("{\"code\":{\"value\":\"%s\"}}".formatted(key));
    }
    rehearsal.forgetRequests();
  }

  @Test
  void blanksAroundAKeyAndDecomposedKanaMakeNoOtherKey() throws Exception {
    held("ガ-1");

    var run = rehearsal.sync(rehearsal.jobWith(), "code,name", " カ\u3099-1 ,x");

    assertThat(rehearsal.held("name")).containsOnlyKeys("ガ-1").containsEntry("ガ-1", "x");
    assertThat(run.report().counts().updated()).isEqualTo(1);
  }

  /** Kintone refuses a query with a carriage return in it, and so a whole lookup. */
  @ParameterizedTest
  @ValueSource(strings = {"\r", "\n", "\r\n"})
  void aKeyWithALineBreakHarmsNoOther(String lineBreak) throws Exception {
    var run =
        rehearsal.sync(rehearsal.jobWith(), "code,name", "A,x", "\"B" + lineBreak + "1\",x", "C,x");

    assertThat(rehearsal.held("name")).containsOnlyKeys("A", "C");
    assertThat(run.report().counts().rejected()).isEqualTo(1);
    assertThat(String.join("\n", Rehearsal.rejects(run))).contains("has a line break in it");
  }

  @ParameterizedTest
  @CsvSource({"'nfkc', Ａ－１, A-1", "'upper', a-1, A-1", "'pad:7', 600001, 0600001"})
  void keysAreMadeAlikeAsTheJobSays(String steps, String key, String there) throws Exception {
    held(there);

    rehearsal.sync(rehearsal.jobWith("key.normalize = " + steps), "code,name", key + ",x");

    assertThat(rehearsal.held("name")).containsOnlyKeys(there).containsEntry(there, "x");
  }

  @ParameterizedTest
  @CsvSource({"0600001, 600001", "600001, 0600001", "A-1, a-1", "a-1, A-1", "Ａ－１, A-1", "A-1, Ａ－１"})
  void aKeyMuchLikeOneThatIsThereIsNotAdded(String there, String key) throws Exception {
    held(there);

    var run = rehearsal.sync(rehearsal.jobWith(), "code,name", key + ",x", "zz-9,y");

    assertThat(rehearsal.held("name")).containsOnlyKeys(there, "zz-9");
    assertThat(Rehearsal.rejects(run).get(1)).contains("would add " + key + ", but " + there);
  }

  @Test
  void similarKeysAreAddedWhenTheJobAllowsThem() throws Exception {
    held("0600001");

    rehearsal.sync(rehearsal.jobWith("similar-keys = allow"), "code,name", "600001,x");

    assertThat(rehearsal.held("name")).containsOnlyKeys("0600001", "600001");
  }

  @Test
  void aKeyShapedLikeAllTheOthersCostsNoFurtherLookUp() throws Exception {
    held("0600001", "0600002");

    rehearsal.sync(rehearsal.jobWith(), "code,name", "0600003,x");

    assertThat(rehearsal.requests())
        .filteredOn(line -> line.equals("GET records"))
        .as("one to see the app, one for the key")
        .hasSize(2);
  }

  @Test
  void aBlankKeyIsRejected() throws Exception {
    var run = rehearsal.sync(rehearsal.jobWith(), "code,name", "\u3000 ,x", "B,y");

    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED_WITH_REJECTS);
    assertThat(rehearsal.held("name")).containsOnlyKeys("B");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "4.90123E+12",
        "4.9e+05",
        "\"'0012\"",
        "1月2日",
        "2-Jan",
        "Jan-02",
        "#N/A",
        "#REF!",
        "########"
      })
  void aKeyThatASpreadsheetHasSpoiltIsNoKey(String key) throws Exception {
    held("0012");

    var run = rehearsal.sync(rehearsal.jobWith(), "code,name", key + ",x", "zz-9,y");

    assertThat(rehearsal.held("name")).containsOnlyKeys("0012", "zz-9");
    assertThat(Rehearsal.rejects(run).get(1)).contains("looks like a key damaged by a spreadsheet");
  }

  @Test
  void keysThatLookSpoiltAreKeysWhereTheJobAllowsThem() throws Exception {
    held("0012");

    rehearsal.sync(rehearsal.jobWith("similar-keys = allow"), "code,name", "1E+05,x", "1月2日,y");

    assertThat(rehearsal.held("name")).containsOnlyKeys("0012", "1E+05", "1月2日");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {"1E5", "12E4", "E-01", "1-2", "2026-01-02", "Jan", "O'1", "#1", "JAN-100"})
  void keysThatOnlyResembleThoseOfASpreadsheetAreKeys(String key) throws Exception {
    rehearsal.sync(rehearsal.jobWith(), "code,name", key + ",x");

    assertThat(rehearsal.held("name")).containsOnlyKeys(key);
  }

  static Stream<Arguments> around() {
    return Stream.of(
        arguments("", "\u00a0"),
        arguments("\u00a0", ""),
        arguments("", "\u200b"),
        arguments("\ufeff", ""),
        arguments("\u00ad", "\u2060"),
        arguments("", "\u202f"),
        arguments("", "\u2007"),
        arguments("\u3000", "\t"));
  }

  @ParameterizedTest(name = "[{0}] and [{1}] around it")
  @MethodSource("around")
  void whatNobodySeesIsNoPartOfAKey(String before, String behind) throws Exception {
    held("A1");

    var run = rehearsal.sync(rehearsal.jobWith(), "code,name", before + "A1" + behind + ",x");

    assertThat(rehearsal.held("name")).containsOnlyKeys("A1").containsEntry("A1", "x");
    assertThat(run.report().counts().updated()).isEqualTo(1);
  }

  @Test
  void whatNobodySeesWithinAKeyIsNoPartOfItEither() throws Exception {
    held("AB1");

    rehearsal.sync(rehearsal.jobWith(), "code,name", "A\u00adB\u200b1,x");

    assertThat(rehearsal.held("name")).containsOnlyKeys("AB1").containsEntry("AB1", "x");
  }

  @Test
  void aRecordWhoseKeyHasANoBreakSpaceIsFoundByItsKeyAndNotAddedAgain() throws Exception {
    held("A1\u00a0", "B-2");

    var run = rehearsal.sync(rehearsal.jobWith(), "code,name", "A1,x", "B-2\u00a0,y");

    assertThat(rehearsal.app.records()).hasSize(2);
    assertThat(run.report().counts().updated()).isEqualTo(2);
  }

  @Test
  void aRecordWhoseKeyAndSourceHaveTheSameNoBreakSpaceIsFoundWhereTheSampleDoesNotShowIt()
      throws Exception {
    held("A1\u200b\u00a0");
    for (int i = 0; i < 500; i++) {
      rehearsal.app.add("{\"code\":{\"value\":\"N%03d\"}}".formatted(i));
    }

    rehearsal.sync(rehearsal.jobWith(), "code,name", "A1\u200b\u00a0,x");

    assertThat(rehearsal.app.records()).hasSize(501);
  }

  @ParameterizedTest(name = "{0} is there, {1} comes")
  @CsvSource({
    "A-1, A\u20101", "A-1, A\u20131", "A-1, A\u22121", "A-1, A\u30fc1", "A-1, A\u20151",
    "A\u20101, A-1", "A\u22121, A\u20131", "A-1, a\u20141", "A\u301cB, A\uff5eB",
        "A\uff5eB, A\u301cB",
    "A~B, A\u301cB", "A'B, A\u2019B", "A B, A\u00a0B", "A\u3000B, A B", "A\u30fbB, A\u00b7B"
  })
  void aKeyThatLooksLikeOneThatIsThereIsNotAdded(String there, String key) throws Exception {
    held(there);

    var run = rehearsal.sync(rehearsal.jobWith(), "code,name", key + ",x", "zz9,y");

    assertThat(rehearsal.held("name")).containsOnlyKeys(there, "zz9");
    assertThat(Rehearsal.rejects(run).get(1)).contains("would add", "look alike");
  }

  @ParameterizedTest(name = "[{0}]")
  @ValueSource(
      strings = {"\u00a0", "\u200b", "\ufeff", "\u3000\u00a0", "\u2007", "\u202f", "\u00ad"})
  void aKeyOfWhichNothingIsSeenIsBlank(String key) throws Exception {
    var run = rehearsal.sync(rehearsal.jobWith(), "code,name", key + ",x", "B,y");

    assertThat(rehearsal.held("name")).containsOnlyKeys("B");
    assertThat(Rehearsal.rejects(run).get(1)).contains("is empty");
  }

  @Test
  void aBlankValueOfAnyKindClears() throws Exception {
    rehearsal.app.add(
        "{\"code\":{\"value\":\"A\"},\"amount\":{\"value\":\"1\"},\"rank\":{\"value\":\"B\"}}");

    rehearsal.sync(rehearsal.jobWith(), "code,amount,rank", "A,\u00a0,\u200b", "B,7\u00a0,A");

    assertThat(rehearsal.held("amount")).containsEntry("A", "").containsEntry("B", "7");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"SALES-10001, true", "10001, true", "HR-10001, false", "sales-10001, false"})
  void aRecordNumberHasTheCodeOfItsApp(String key, boolean found) throws Exception {
    var none = JsonNodeFactory.instance.missingNode();
    var json = new ObjectMapper();
    rehearsal.app =
        rehearsal.simulator.copy(
            new OriginalApp(
                1000 + rehearsal.app.id(),
                null,
                json.readTree("{\"properties\":" + Rehearsal.FIELDS + "}"),
                json.readTree("{\"code\":\"SALES\"}"),
                none,
                none));
    held("A");
    String number = rehearsal.app.values("$id").get(0);

    var run = rehearsal.syncByRecordNumber("レコード番号,name", key.replace("10001", number) + ",x");

    assertThat(rehearsal.held("name")).containsEntry("A", found ? "x" : "");
    if (!found) {
      assertThat(Rehearsal.rejects(run).get(1)).contains("the code of this app is SALES");
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"HR-1, no app code", "HR-1.0E0, no app code", "1E0, exponent"})
  void aRecordNumberOfAnotherAppIsNoKey(String key, String reason) throws Exception {
    held("A");

    var run = rehearsal.syncByRecordNumber("レコード番号,code", key + ",B");

    assertThat(rehearsal.held("name")).containsOnlyKeys("A");
    assertThat(Rehearsal.rejects(run).get(1)).contains(reason);
  }
}
