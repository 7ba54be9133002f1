package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.kintone.client.model.record.MultiLineTextFieldValue;
import com.kintone.client.model.record.Record;
import com.kintone.client.model.record.RichTextFieldValue;
import com.kintone.client.model.record.UpdateKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kintone stores rich text as other HTML than it was sent; that alone is no change. */
class RichTextTest {
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "", "unique": true},
       "memo": {"type": "MULTI_LINE_TEXT", "code": "memo", "label": ""},
       "rich": {"type": "RICH_TEXT", "code": "rich", "label": ""},
       "notes": {"type": "SUBTABLE", "code": "notes", "label": "", "fields": {
         "day": {"type": "DATE", "code": "day", "label": ""},
         "text": {"type": "RICH_TEXT", "code": "text", "label": ""}}}}
      """;
  private static final String[] LINES = {
    "code,rich", "A,<b>bold</b><script>x</script>", "B,<p>plain", "C,"
  };

  @TempDir Path home;
  private Rehearsal rehearsal;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home, FIELDS, Map.of());
    rehearsal.simulator.settings(rehearsal.simulator.settings().with("rewriteRichText", true));
    rehearsal.sync(LINES);
    assertThat(rehearsal.held("rich").get("A")).isNotEqualTo("<b>bold</b><script>x</script>");
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  @Test
  void whatWasSentIsUnchangedAlthoughItCameBackAsOtherHtml() throws Exception {
    for (int run = 0; run < 2; run++) {
      rehearsal.forgetRequests();
      assertThat(rehearsal.report(LINES).counts().unchanged()).isEqualTo(3);
      assertThat(rehearsal.writes()).isEmpty();
    }
  }

  @Test
  void anotherTextIsWritten() throws Exception {
    rehearsal.sync("code,rich", "A,<i>new</i>", "B,<p>plain");

    assertThat(rehearsal.held("rich").get("A")).contains("new");
    assertThat(rehearsal.revision("B")).isEqualTo("1");
  }

  @Test
  void inTablesTooWhatWasSentIsUnchanged() throws Exception {
    String[] lines = {
      "code,day,text", "T,2026-11-01,<b>one</b><script>x</script>", "T,2026-11-02,<p>two", "U,,"
    };
    for (String rows : List.of("merge", "replace")) {
      String[] job = {"group-by = code", "table-rows = " + rows};
      rehearsal.sync(rehearsal.jobWith(job), lines);
      for (int run = 0; run < 2; run++) {
        rehearsal.forgetRequests();
        var counts = rehearsal.sync(rehearsal.jobWith(job), lines).report().counts();
        assertThat(counts.unchanged()).isEqualTo(2);
        assertThat(rehearsal.writes()).isEmpty();
      }
    }
    assertThat(texts()).hasSize(2).doesNotContain("<p>two");
  }

  @Test
  void ofATableTheOtherCellsAreStillCompared() throws Exception {
    String[] job = {"group-by = code", "row-key = day"};
    rehearsal.sync(
        rehearsal.jobWith(job), "code,day,text", "T,2026-11-01,<p>1", "T,2026-11-02,<p>2");
    var before = texts();

    var swapped = rehearsal.jobWith("group-by = code");
    var run = rehearsal.sync(swapped, "code,day,text", "T,2026-11-02,<p>1", "T,2026-11-01,<p>2");

    assertThat(run.report().counts().updated()).isEqualTo(1);
    assertThat(texts()).isEqualTo(before);
    assertThat(Rehearsal.changes(run).get(0))
        .contains("\"after\":[{\"id\":\"1\",\"value\":{\"day\":{\"value\":\"2026-11-02\"}}}");
  }

  @Test
  void aRowThatIsNewOrChangedInATableIsWritten() throws Exception {
    var job = rehearsal.jobWith("group-by = code");
    rehearsal.sync(job, "code,day,text", "T,2026-11-01,<p>1", "T,2026-11-02,<p>2");
    rehearsal.sync(job, "code,day,text", "T,2026-11-01,<p>1", "T,2026-11-02,<p>2");

    rehearsal.sync(job, "code,day,text", "T,2026-11-01,<p>2", "T,2026-11-02,<p>1");
    assertThat(texts().get(0)).contains("2");
    assertThat(texts().get(1)).contains("1");

    rehearsal.sync(
        job, "code,day,text", "T,2026-11-01,<p>2", "T,2026-11-02,<p>1", "T,2026-11-03,<p>3");
    assertThat(texts()).hasSize(3);
    assertThat(texts().get(2)).contains("3");
  }

  private List<String> texts() {
    return rehearsal.app.records().stream()
        .filter(record -> record.path("code").path("value").asText().equals("T"))
        .flatMap(
            record ->
                record.path("notes").path("value").findValues("text").stream()
                    .map(cell -> cell.path("value").asText()))
        .toList();
  }

  @Test
  void whatSomebodyElseChangedIsWrittenAgain() throws Exception {
    rehearsal.report(LINES);
    rehearsal
        .somebodyElse()
        .updateRecord(
            rehearsal.app.id(),
            new UpdateKey("code", "A"),
            new Record().putField("rich", new RichTextFieldValue("<u>mine</u>")));

    assertThat(rehearsal.report(LINES).counts().updated()).isEqualTo(1);
    assertThat(rehearsal.held("rich").get("A")).contains("bold");
  }

  @Test
  void whatSomebodyElseChangedBesidesIsNoReasonToWriteItAgain() throws Exception {
    rehearsal.report(LINES);
    rehearsal
        .somebodyElse()
        .updateRecord(
            rehearsal.app.id(),
            new UpdateKey("code", "A"),
            new Record().putField("memo", new MultiLineTextFieldValue("note")));

    assertThat(rehearsal.report(LINES).counts().unchanged()).isEqualTo(3);
  }

  @Test
  void aSnapshotDoesNotHideWhatCameBack() throws Exception {
    var job = rehearsal.jobWith("diff = snapshot");
    String[] lines = {"code,rich", "D,<b>bold</b><script>x</script>", "E,"};
    rehearsal.sync(job, lines);
    rehearsal.sync(job, lines);
    rehearsal
        .somebodyElse()
        .updateRecord(
            rehearsal.app.id(),
            new UpdateKey("code", "D"),
            new Record().putField("memo", new MultiLineTextFieldValue("note")));

    assertThat(rehearsal.sync(job, lines).report().counts().unchanged()).isEqualTo(2);
    assertThat(rehearsal.revision("D")).isEqualTo("2");
  }
}
