package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.sync.RunState;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that a person would take for the same are not two records. */
class KeysTest {
  @TempDir Path home;
  private Rehearsal rehearsal;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home);
  }

  @AfterEach
  void stop() {
    rehearsal.close();
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
    assertThat(Rehearsal.rejects(run).get(1)).contains("Would add " + key + ", but " + there);
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
}
