package dev.kintonesync.simulator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import dev.kintonesync.simulator.state.AppForm;
import dev.kintonesync.simulator.state.FormField;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The model gives back the figures that were measured. */
class MeasuredTimesTest {
  private static final JsonMapper JSON = new JsonMapper();

  private static ObjectNode properties(int texts, int lookups) {
    ObjectNode properties = JSON.createObjectNode();
    for (int i = 0; i < texts + lookups; i++) {
      String code = "f" + i;
      ObjectNode field = properties.putObject(code);
      field.put("type", "SINGLE_LINE_TEXT").put("code", code).put("label", code);
      if (i >= texts) {
        field
            .putObject("lookup")
            .put("relatedKeyField", "k")
            .putObject("relatedApp")
            .put("app", "9");
      }
    }
    return properties;
  }

  private static AppForm form(int texts, int lookups) {
    List<FormField> fields = new ArrayList<>();
    properties(texts, lookups)
        .forEach(one -> fields.add(FormField.of((ObjectNode) one, null, fields.size())));
    return new AppForm(fields);
  }

  private static double hundredWritten(AppForm form) {
    return MeasuredTimes.writeRequest() + 100 * MeasuredTimes.recordWritten(form);
  }

  private static double read(int records, int fieldsOfEach) {
    Answered answered = new Answered();
    for (int i = 0; i < records; i++) {
      answered.count(properties(fieldsOfEach, 0));
    }
    return MeasuredTimes.read(answered);
  }

  @Test
  void aHundredRecordsTakeTheirTimeByTheForm() {
    assertThat(hundredWritten(form(3, 0))).isCloseTo(620, within(5.0));
    assertThat(hundredWritten(form(18, 2))).isBetween(2500.0, 2700.0);
  }

  @Test
  void aBulkRequestSparesNothingButTheRequests() {
    AppForm form = form(18, 2);
    double bulk = MeasuredTimes.writeRequest() + 2000 * MeasuredTimes.recordWritten(form);
    assertThat(bulk / (20 * hundredWritten(form))).isCloseTo(0.96, within(0.005));
  }

  @Test
  void aDeletionTakesAFifth() {
    AppForm form = form(18, 2);
    double deleted = MeasuredTimes.writeRequest() + 100 * MeasuredTimes.recordDeleted(form);
    assertThat(hundredWritten(form) / deleted).isCloseTo(5.6, within(0.01));
  }

  @Test
  void readingTakesItsTimeByRecordsAndFields() {
    assertThat(read(50, 1)).isCloseTo(15, within(0.1));
    assertThat(read(500, 20)).isBetween(300.0, 400.0);
  }

  @Test
  void callsTakeThatLong() throws Exception {
    try (Simulator kintone = Simulator.start()) {
      SimulatedApp app = kintone.app("app", properties(10, 0));
      app.add("{}");
      kintone.settings(kintone.settings().with("model", "measured"));
      String put =
          """
          {"method":"PUT","api":"/k/v1/record.json","payload":{"app":%d,"id":1,"record":{}}}\
          """
              .formatted(app.id());
      call(kintone, "POST", "bulkRequest.json", "{\"requests\":[" + put + "," + put + "]}");
      call(kintone, "GET", "records.json?app=" + app.id(), "");
      double written = 115 + 2 * (1.75 + 10 * 1.1);
      assertThat(kintone.requests().get(0).took().toNanos()).isGreaterThan((long) (written * 1e6));
      assertThat(kintone.requests().get(1).took().toNanos()).isGreaterThan(10_000_000);
    }
  }

  private static void call(Simulator kintone, String method, String what, String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(kintone.url() + "/k/v1/" + what))
            .header("X-Cybozu-API-Token", "any")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    var answer =
        HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }
}
