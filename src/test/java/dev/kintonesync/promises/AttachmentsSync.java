package dev.kintonesync.promises;

import com.fasterxml.jackson.databind.JsonNode;
import com.kintone.client.FileClient;
import com.kintone.client.KintoneClientBuilder;
import com.kintone.client.api.common.UploadFileRequest;
import com.kintone.client.model.FileBody;
import com.kintone.client.model.record.FileFieldValue;
import com.kintone.client.model.record.Record;
import dev.kintonesync.camel.run.RunResult;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs a job that attaches the files of a folder, and shows what the records hold. */
abstract class AttachmentsSync {
  static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "", "unique": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": ""},
       "files": {"type": "FILE", "code": "files", "label": "添付"},
       "orders": {"type": "SUBTABLE", "code": "orders", "label": "", "fields": {
         "item": {"type": "SINGLE_LINE_TEXT", "code": "item", "label": ""},
         "photo": {"type": "FILE", "code": "photo", "label": ""}}}}
      """;

  static final String UPLOAD = "POST file";
  static final String DOWNLOAD = "GET file";

  @TempDir Path home;
  Rehearsal rehearsal;
  Path folder;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home, FIELDS, Map.of());
    folder = Files.createDirectories(home.resolve("papers"));
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  RunResult sync(String policy, String... lines) throws IOException {
    return rehearsal.sync(
        rehearsal.jobWith("attachments-dir = papers", "attachments = " + policy), lines);
  }

  void write(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  long uploads() {
    return rehearsal.requests().stream().filter(UPLOAD::equals).count();
  }

  private FileClient fileClient() {
    return KintoneClientBuilder.create(rehearsal.simulator.url())
        .authByPassword("sato", "secret")
        .build()
        .file();
  }

  /** Somebody adds a record with files, {@code NAME: TEXT} each. */
  void attach(String code, String... files) {
    rehearsal
        .somebodyElse()
        .addRecord(
            rehearsal.app.id(),
            value(files)
                .putField(
                    "code", new com.kintone.client.model.record.SingleLineTextFieldValue(code)));
  }

  Record value(String... files) {
    var bodies = new ArrayList<FileBody>();
    for (String file : files) {
      String[] parts = file.split(": ", 2);
      String key =
          fileClient()
              .uploadFile(
                  new UploadFileRequest()
                      .setFilename(parts[0])
                      .setContentType("text/plain")
                      .setContent(
                          new ByteArrayInputStream(parts[1].getBytes(StandardCharsets.UTF_8))))
              .getFileKey();
      bodies.add(new FileBody().setFileKey(key));
    }
    return new Record().putField("files", new FileFieldValue(bodies));
  }

  /** The files of a record, {@code NAME: TEXT} each. */
  List<String> files(String code) {
    var shown = new ArrayList<String>();
    for (JsonNode record : rehearsal.app.records()) {
      if (record.path("code").path("value").asText().equals(code)) {
        record.path("files").path("value").forEach(file -> shown.add(shown(file)));
      }
    }
    return shown;
  }

  String shown(JsonNode file) {
    try (var content = fileClient().downloadFile(file.path("fileKey").asText())) {
      String text = new String(content.readAllBytes(), StandardCharsets.UTF_8);
      return file.path("name").asText() + ": " + text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
