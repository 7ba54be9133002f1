package dev.kintonesync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kintonesync.form.Attachments;
import dev.kintonesync.kintone.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When files of records are compared, downloaded and uploaded, and what becomes of records. */
class FilesOfRecordsTest {
  private static final String ONE = "[{\"fileKey\":\"f1\",\"name\":\"a.txt\",\"size\":\"3\"}]";

  @TempDir Path folder;
  private final Map<String, String> known = new HashMap<>();

  private final FileHashes hashes =
      new FileHashes() {
        @Override
        public @Nullable String of(String id, Attached file) {
          return known.get(id + file.name());
        }

        @Override
        public void keep(String id, Attached file, String hash) {
          known.put(id + file.name(), hash);
        }

        @Override
        public void forget(String id, Attached file) {
          known.remove(id + file.name());
        }
      };

  @BeforeEach
  void writeFiles() throws Exception {
    Files.writeString(folder.resolve("a.txt"), "one");
    Files.writeString(folder.resolve("b.txt"), "two");
    Files.writeString(folder.resolve("long.txt"), "three");
  }

  private Talk talk(String rules, String... source) {
    return Talk.of(rules, source).withFiles(folder, Attachments.Policy.MERGE, hashes);
  }

  @Test
  void anInsertUploadsItsFilesFirst() {
    talk("upsert", "K1 docs=a.txt", "K2 name=A")
        .asks("? K1 K2")
        .hears()
        .sends("POST K2 name=A")
        .hears()
        .asks("upload a.txt")
        .hears()
        .sends("POST K1 docs=[{\"fileKey\":\"new-one\"}]")
        .hears()
        .ends("K1 inserted", "K2 inserted");
  }

  @Test
  void oneContentIsUploadedOnceForAllRecordsOfARequest() {
    talk("upsert", "K1 docs=a.txt", "K2 docs=a.txt", "K3 docs=b.txt")
        .asks("? K1 K2 K3")
        .hears()
        .asks("upload a.txt", "upload b.txt")
        .hears()
        .playsOn(1)
        .allEnd("inserted");
  }

  @Test
  void theFilesOfOneWriteRequestAreUploadedAtATime() {
    talk("upsert, records-per-request = 1", "K1 docs=a.txt", "K2 docs=b.txt")
        .asks("? K1 K2")
        .hears()
        .asks("upload a.txt")
        .hears()
        .sends("POST K1 docs=[{\"fileKey\":\"new-one\"}]")
        .hears()
        .asks("upload b.txt")
        .hears()
        .playsOn(1)
        .allEnd("inserted");
  }

  @Test
  void nothingIsUploadedWhereNothingIsWritten() {
    talk("upsert, plan-only", "K1 docs=a.txt").ends("K1 inserted");
    talk("upsert, on-insert = docs", "K1 docs=b.txt").holds("K1 docs=" + ONE).ends("K1 unchanged");
    talk("insert", "K1 docs=b.txt").holds("K1 docs=" + ONE).ends("K1 unchanged");
  }

  @Test
  void anotherNameOrSizeIsAnotherFileAndNothingIsDownloaded() {
    talk("upsert", "K1 docs=b.txt")
        .holds("K1 docs=" + ONE)
        .asks("? K1")
        .hears()
        .asks("upload b.txt")
        .hears()
        .sends("PUT #1 r1 docs=[{\"fileKey\":\"f1\"},{\"fileKey\":\"new-two\"}]")
        .hears()
        .ends("K1 updated");
  }

  /** Name and size are the same; what is remembered of the content, else a download, decides. */
  @ParameterizedTest
  @CsvSource({
    "one, -, unchanged, ",
    "two, -, updated, upload a.txt",
    "-, one, unchanged, download f1",
    "-, two, updated, download f1 upload a.txt",
    "-, -, updated, download f1 upload a.txt",
  })
  void ofTheSameNameAndSizeTheContentDecides(
      String remembered, String there, String outcome, @Nullable String asked) {
    if (!remembered.equals("-")) {
      known.put("1a.txt", Talk.sha256(remembered));
    }
    var talk = talk("upsert", "K1 docs=a.txt").holds("K1 docs=" + ONE);
    if (!there.equals("-")) {
      talk.hasFile("f1", there);
    }

    talk.playsOn(4).ends("K1 " + outcome);

    assertThat(talk.events().stream().filter(e -> e.matches("(down|up)load .*")))
        .containsExactly(
            asked == null ? new String[0] : asked.replace(" upload", ";upload").split(";"));
  }

  @Test
  void whatWasDownloadedIsRememberedAndWhatWillBeReplacedIsForgotten() {
    var talk = talk("upsert", "K1 docs=a.txt").holds("K1 docs=" + ONE).hasFile("f1", "two");
    talk.asks("? K1").hears().asks("download f1").hears();
    assertThat(known).containsEntry("1a.txt", Talk.sha256("two"));

    talk.asks("upload a.txt").hears();
    assertThat(known).isEmpty();
    talk.sends("PUT #1 r1 docs=[{\"fileKey\":\"new-one\"}]").hears().ends("K1 updated");
  }

  @Test
  void aFileThatIsNotThereRejectsItsRecordBeforeAnyUpload() throws Exception {
    var talk = talk("upsert", "K1 docs=a.txt", "K2 docs=b.txt").asks("? K1 K2");
    Files.delete(folder.resolve("a.txt"));

    talk.hears()
        .asks("upload b.txt")
        .hears()
        .playsOn(1)
        .ends("K1 rejected docs: attachment-missing", "K2 inserted");
  }

  @Test
  void aFileThatChangedWhileItWasUploadedRejectsItsRecord() {
    talk("upsert", "K1 docs=a.txt")
        .asks("? K1")
        .hears()
        .asks("upload a.txt")
        .hears(
            new Answer.Done(
                JsonNodeFactory.instance.objectNode().put("fileKey", "x").put("sha256", "other")))
        .ends("K1 rejected docs: attachment-changed");
  }

  @ParameterizedTest
  @CsvSource({
    "GAIA_XX99, '', rejected docs: attachment-refused",
    "GAIA_NO01, upload-failed, unprocessed",
    "GAIA_TM12, upload-failed, unprocessed",
    "unsent, upload-failed, unprocessed",
  })
  void anUploadThatFailsRejectsOrStops(String answer, String stop, String outcome) {
    var talk = talk("upsert", "K1 docs=a.txt").asks("? K1").hears().asks("upload a.txt");

    talk.hears(answer).ends("K1 " + outcome);
    assertThat(talk.stopReason()).isEqualTo(stop);
  }

  @Test
  void anUploadThatNobodyAnswersIsTriedThreeTimes() {
    var talk = talk("upsert", "K1 docs=a.txt");
    for (int i = 0; i < 3; i++) {
      talk.asks("? K1").hears().asks("upload a.txt").hears("lost");
    }

    talk.ends("K1 rejected docs: attachment-unanswered");
  }

  @ParameterizedTest
  @CsvSource({
    "GAIA_XX99, '', rejected docs: attachment-not-compared",
    "GAIA_TM12, look-up-failed, unprocessed",
    "lost, look-up-failed, unprocessed",
  })
  void aDownloadThatFailsRejectsOrStops(String answer, String stop, String outcome) {
    var talk = talk("upsert", "K1 docs=a.txt").holds("K1 docs=" + ONE);

    talk.asks("? K1").hears().asks("download f1").hears(answer).ends("K1 " + outcome);
    assertThat(talk.stopReason()).isEqualTo(stop);
  }

  @Test
  void anUploadThatHasExpiredIsMadeAnewForEachRecordAlone() {
    talk("upsert", "K1 docs=a.txt", "K2 docs=a.txt", "K3 name=A")
        .asks("? K1 K2 K3")
        .hears()
        .sends("POST K3 name=A")
        .hears()
        .asks("upload a.txt")
        .hears()
        .sends("POST K1 docs=[{\"fileKey\":\"new-one\"}]; K2 docs=[{\"fileKey\":\"new-one\"}]")
        .hears("GAIA_BL01")
        .asks("? K1 K2")
        .hears()
        .asks("upload a.txt", "upload a.txt")
        .hears()
        .playsOn(1)
        .allEnd("inserted");
  }

  @Test
  void anUploadThatIsGoneAgainAndAgainRejectsItsRecord() {
    var talk = talk("upsert", "K1 docs=a.txt");
    for (int i = 0; i < 3; i++) {
      talk.asks("? K1").hears().asks("upload a.txt").hears();
      talk.sends("POST K1 docs=[{\"fileKey\":\"new-one\"}]").hears("GAIA_BL01");
    }

    talk.ends("K1 rejected: Kintone: refused [GAIA_BL01]");
  }
}
