package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.kintone.client.model.record.MultiLineTextFieldValue;
import com.kintone.client.model.record.Record;
import com.kintone.client.model.record.RichTextFieldValue;
import com.kintone.client.model.record.UpdateKey;
import java.nio.file.Path;
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
       "rich": {"type": "RICH_TEXT", "code": "rich", "label": ""}}
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
}
