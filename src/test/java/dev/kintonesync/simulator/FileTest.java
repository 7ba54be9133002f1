package dev.kintonesync.simulator;

import static dev.kintonesync.simulator.KintoneUnderTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.kintone.client.model.FileBody;
import com.kintone.client.model.record.FileFieldValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files: two kinds of key, and uploads that expire. */
class FileTest extends ContractTest {
  @TempDir Path folder;

  @Override
  String fields() {
    return """
    {'F':{'type':'FILE','code':'F'},
     'T':{'type':'SINGLE_LINE_TEXT','code':'T'},
     'S':{'type':'SUBTABLE','code':'S','fields':{'G':{'type':'FILE','code':'G'}}}}
    """;
  }

  @AfterEach
  void setTheClockBack() {
    kintone.simulator().clock().reset();
  }

  private String upload(String name, String content) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content);
    return kintone.client().file().uploadFile(file, "text/plain");
  }

  private String download(String key) throws IOException {
    try (InputStream in = kintone.client().file().downloadFile(key)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static FileFieldValue files(String... keys) {
    return new FileFieldValue(
        List.of(keys).stream().map(key -> new FileBody().setFileKey(key)).toList());
  }

  @Behaviour(number = 46, evidence = "O9")
  void anUploadIsAttachedByOneKeyAndDownloadedByAnother() throws IOException {
    String uploadKey = upload("見積.txt", "本日は晴天なり\r\n--x");
    long id = records.addRecord(app, of("F", files(uploadKey)));
    JsonNode file = only("F").path(0);
    assertThat(file.path("name").asText()).isEqualTo("見積.txt");
    assertThat(file.path("contentType").asText()).startsWith("text/plain");
    assertThat(file.path("size").textValue()).isEqualTo("26");
    String recordKey = file.path("fileKey").asText();
    assertThat(download(recordKey)).isEqualTo("本日は晴天なり\r\n--x");
    KintoneUnderTest.Refused wrong = refused(() -> download(uploadKey));
    assertThat(wrong.status()).isEqualTo(404);
    assertThat(wrong.code()).isEqualTo("GAIA_BL01");
    assertThat(refused(() -> records.addRecord(app, of("F", files(recordKey)))).code())
        .isEqualTo("GAIA_BL01");

    records.updateRecord(app, id, of("F", files(recordKey, upload("b.txt", "b"))));
    assertThat(only("F")).hasSize(2);
    assertThat(only("F").at("/0/fileKey").asText()).isEqualTo(recordKey);
    records.updateRecord(app, id, of("F", files()));
    assertThat(refused(() -> download(recordKey)).code()).isEqualTo("GAIA_BL01");

    Simulator simulator = kintone.simulator();
    String late = upload("late.txt", "late");
    simulator.clock().advance(Duration.ofDays(3).plusSeconds(1));
    assertThat(refused(() -> records.updateRecord(app, id, of("F", files(late)))).code())
        .isEqualTo("GAIA_BL01");
  }

  @Test
  void filesOfTablesAreKeptWithTheirRows() throws IOException {
    String key = upload("row.txt", "in a row");
    addAll("[{'S':{'value':[{'value':{'G':{'value':[{'fileKey':'" + key + "'}]}}}]}}]");
    String shown = only("S").at("/0/value/G/value/0/fileKey").asText();
    assertThat(download(shown)).isEqualTo("in a row");
    long id = all().get(0).at("/$id/value").asLong();
    String rowId = only("S").at("/0/id").asText();
    update(
        "[{'id':%d,'record':{'S':{'value':[{'id':'%s','value':{'G':{'value':[{'fileKey':'%s'}]}}}]}}}]"
            .formatted(id, rowId, shown));
    assertThat(only("S").at("/0/value/G/value/0/fileKey").asText()).isEqualTo(shown);
  }

  @Test
  void aFileThatIsMissingIsSaid() {
    assertThat(wire.post("/k/v1/file.json", "{}").code()).isEqualTo("CB_VA01");
    assertThat(wire.get("/k/v1/file.json?fileKey=nope").status()).isEqualTo(404);
    assertThat(wire.get("/k/v1/file.json").errorKeys()).containsExactly("fileKey");
  }
}
