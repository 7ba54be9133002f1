package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.sync.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A map that the form does not suit is no fault of the file, which waits until they agree. */
class UnfitMapTest {
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "コード", "unique": true},
       "lines": {"type": "SUBTABLE", "code": "lines", "label": "明細", "fields": {
         "item": {"type": "SINGLE_LINE_TEXT", "code": "item", "label": "品名"}}}}
      """;

  @TempDir Path home;
  private Rehearsal rehearsal;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home, FIELDS, Map.of());
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  @Test
  void aFileWaitsForAFieldThatOnlyAnUpdateOfTheAppWillBring() throws Exception {
    Files.createDirectories(rehearsal.inbox());
    Path file = Files.writeString(rehearsal.inbox().resolve("a.csv"), "CD,TEL\nA,03\n");
    rehearsal.application().watch(rehearsal.jobWith("map = CD=code, TEL=phone"));

    var refused = rehearsal.awaitRun();

    assertThat(refused.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(refused.report().reason()).contains("the column TEL to phone", "Update App");
    assertThat(rehearsal.awaitSaid()).contains("customers: needs you");
    assertThat(file).exists();
    assertThat(rehearsal.inbox().resolve("failed")).doesNotExist();

    rehearsal.changeForm(
        "POST",
        """
        {"app": %d, "properties": {"phone":
          {"type": "SINGLE_LINE_TEXT", "code": "phone", "label": "電話番号"}}}
        """
            .formatted(rehearsal.app.id()));
    rehearsal.clock.move(Duration.ofMinutes(11));

    assertThat(rehearsal.awaitRun().report().counts().inserted()).isEqualTo(1);
    assertThat(rehearsal.held("phone")).containsEntry("A", "03");
  }

  @Test
  void aFieldInATableIsRightWhereRowsMakeRecords() throws Exception {
    var right = rehearsal.jobWith("group-by = CD", "map = CD=code, ITEM=lines.item");
    var wrong = rehearsal.jobWith("group-by = CD", "map = CD=code, ITEM=lines.itme");

    var refused = rehearsal.sync(wrong, "CD,ITEM", "A,pen", "A,ink");

    assertThat(refused.sourceAtFault()).isFalse();
    assertThat(refused.report().reason()).contains("lines.itme");
    assertThat(rehearsal.sync(right, "CD,ITEM", "A,pen", "A,ink").report().counts().inserted())
        .isEqualTo(1);
  }
}
