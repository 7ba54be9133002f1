package dev.kintonesync.console.notification;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.console.StatusJson;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.AnswerReader;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.BoundedHttp;
import dev.kintonesync.settings.HttpClientFactory;
import dev.kintonesync.settings.NotificationSettings.LogApp;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.entity.mime.HttpMultipartMode;
import org.apache.hc.client5.http.entity.mime.MultipartEntityBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.StringEntity;

/**
 * The app of the user's that gets a record for each run, with the rejects attached, so that Kintone
 * itself notifies whom it is told to. A run is there once, however often it is sent.
 */
public final class RunLogApp implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** Kintone's word for a value that a record has already, among others. */
  private static final String REFUSED_VALUE = "CB_VA01";

  private static final int LONGEST_UNIQUE = 64;

  /** In bytes; whoever wants more rows than that takes them from the folder of the run. */
  private static final long LARGEST_ATTACHMENT = 10_000_000;

  private static final Map<String, List<String>> NUMBERS =
      Map.of(
          "read", List.of("Read", "読込件数"),
          "inserted", List.of("Added", "追加件数"),
          "updated", List.of("Updated", "更新件数"),
          "unchanged", List.of("Unchanged", "変更なし件数"),
          "deleted", List.of("Deleted", "削除件数"),
          "flagged", List.of("Flagged", "フラグ設定件数"),
          "rejected", List.of("Rejected", "エラー件数"),
          "unprocessed", List.of("Unprocessed", "未処理件数"));

  private final BoundedHttp web;
  private final MessageBundle bundle;

  /**
   * Writes to such apps.
   *
   * @param clients that leads to Kintone
   * @param bundle the language of people
   */
  RunLogApp(HttpClientFactory clients, MessageBundle bundle) {
    this.web = new BoundedHttp(clients, TIMEOUT);
    this.bundle = bundle;
  }

  /**
   * The fields that such an app needs, as {@code properties} of Kintone's {@code
   * preview/app/form/fields.json}: field code to field.
   *
   * @param bundle the language of the labels
   */
  public static ObjectNode fields(MessageBundle bundle) {
    boolean japanese = bundle.language().equals("ja");
    var fields = JSON.createObjectNode();
    field(fields, "run", "SINGLE_LINE_TEXT", japanese ? "実行" : "Run").put("unique", true);
    field(fields, "job", "SINGLE_LINE_TEXT", japanese ? "ジョブ" : "Job");
    var options =
        field(fields, "state", "DROP_DOWN", japanese ? "結果" : "Outcome").putObject("options");
    int index = 0;
    for (RunState state : RunState.values()) {
      options
          .putObject(state.word())
          .put("label", state.word())
          .put("index", String.valueOf(index++));
    }
    field(fields, "source", "SINGLE_LINE_TEXT", japanese ? "取り込み元" : "Source");
    field(fields, "reason", "MULTI_LINE_TEXT", japanese ? "理由" : "Reason");
    field(fields, "startedAt", "DATETIME", japanese ? "開始" : "Started");
    field(fields, "finishedAt", "DATETIME", japanese ? "終了" : "Ended");
    NUMBERS.forEach((code, labels) -> field(fields, code, "NUMBER", labels.get(japanese ? 1 : 0)));
    field(fields, "rejects", "FILE", japanese ? "エラー行ファイル" : "Rejected rows");
    return fields;
  }

  private static ObjectNode field(ObjectNode fields, String code, String type, String label) {
    return fields.putObject(code).put("type", type).put("code", code).put("label", label);
  }

  /**
   * The report of a run that wrote nothing, as {@link #add} takes it: its counts say what would be,
   * which the numbers of the app are not.
   *
   * @param sentence what there is to say of it
   */
  static String withoutCounts(Report report, String sentence) {
    var json = StatusJson.tree(report).put("reason", sentence);
    json.remove(NUMBERS.keySet());
    return json.toString();
  }

  /**
   * Adds the record of a run. A large rejects file is not attached; the reason says so.
   *
   * @param report as {@code report.json} has it
   * @param rejects the rejects file, where there is one
   * @throws IOException when Kintone does not take it: its words
   */
  void add(LogApp app, JsonNode report, Optional<Path> rejects) throws IOException {
    var body = JSON.createObjectNode().put("app", app.app());
    var record = body.putObject("record");
    put(record, "run", shortened(report.path("run").asText()));
    for (String code : List.of("job", "state", "source", "reason")) {
      put(record, code, report.path(code).asText(""));
    }
    if (Report.inWords(report.path("source").asText()) instanceof UserMessage words) {
      put(record, "source", bundle.say(words));
    }
    for (String code : List.of("startedAt", "finishedAt")) {
      put(record, code, report.path(code).isNull() ? "" : report.path(code).asText());
    }
    for (String code : NUMBERS.keySet()) {
      put(record, code, report.path(code).asText());
    }
    if (report.has("deleted")) { // in the report, these are the flagged ones too
      long deleted = report.path("deleted").asLong() - report.path("flagged").asLong();
      put(record, "deleted", Long.toString(deleted));
    }
    if (rejects.isPresent() && Files.size(rejects.get()) > LARGEST_ATTACHMENT) {
      var left =
          MessageCode.REJECTS_TOO_LARGE_TO_ATTACH.with(
              rejects.get(), LARGEST_ATTACHMENT / 1_000_000);
      String reason = record.at("/reason/value").asText();
      put(record, "reason", (reason + "\n" + bundle.say(left)).strip());
    } else if (rejects.isPresent()) {
      String key = upload(app, rejects.get());
      record.putObject("rejects").putArray("value").addObject().put("fileKey", key);
    }
    var entity = new StringEntity(body.toString(), ContentType.APPLICATION_JSON);
    var answer = send(app, "record.json", entity);
    if (answer instanceof Answer.Done || isThere(answer)) {
      return;
    }
    throw new IOException(answer.words());
  }

  /** Whether an earlier attempt has brought the record in, whose answer was lost. */
  private static boolean isThere(Answer answer) {
    return answer instanceof Answer.Refused refused
        && refused.code().equals(REFUSED_VALUE)
        && refused.errors().keySet().equals(Set.of("record.run.value"));
  }

  /** A unique text has 64 characters at the most. */
  private static String shortened(String run) {
    return run.length() <= LONGEST_UNIQUE ? run : run.substring(0, LONGEST_UNIQUE);
  }

  private static void put(ObjectNode record, String code, String value) {
    record.putObject(code).put("value", "null".equals(value) ? "" : value);
  }

  private String upload(LogApp app, Path file) throws IOException {
    var body =
        MultipartEntityBuilder.create()
            .setMode(HttpMultipartMode.EXTENDED) // names of files in UTF-8
            .addBinaryBody(
                "file",
                file.toFile(),
                ContentType.APPLICATION_OCTET_STREAM,
                String.valueOf(file.getFileName()))
            .build();
    var answer = send(app, "file.json", body);
    if (answer instanceof Answer.Done done) {
      return done.body().path("fileKey").asText();
    }
    throw new IOException(answer.words());
  }

  private Answer send(LogApp app, String resource, HttpEntity body) throws IOException {
    var connection = app.connection();
    var request = new HttpPost(URI.create(connection.baseUrl() + connection.path(resource)));
    request.setHeader("Accept-Language", connection.language());
    connection.credentials().headers().forEach(request::setHeader);
    request.setEntity(body);
    var reply = web.send(request);
    return AnswerReader.read(reply.status(), reply.body());
  }

  @Override
  public void close() {
    web.close();
  }
}
