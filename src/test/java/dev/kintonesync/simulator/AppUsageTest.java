package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.simulator.state.Permission;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@code apps/statistics.json} says of the usage of apps, and to whom. */
class AppUsageTest extends ContractTest {
  private static final String USAGE = "/k/v1/apps/statistics.json";

  @Override
  String fields() {
    String fields = FIELDS.strip();
    return fields.substring(0, fields.length() - 1) + ",'F':{'type':'FILE','code':'F'}}";
  }

  private JsonNode usage(long id) {
    for (JsonNode each : wire.get(USAGE).json().path("apps")) {
      if (each.path("id").asLong() == id) {
        return each;
      }
    }
    throw new AssertionError("no usage of " + id);
  }

  private long made(String address) {
    return wire.post(address, "{'name':'another'}").json().path("app").asLong();
  }

  @Behaviour(number = 70, evidence = "O15,O17,J1")
  void theUsageOfAppsIsWhatTheyHoldAndWhatWasAskedOfThem() {
    Simulator simulator = kintone.simulator();
    assertThat(usage(app).path("recordCount").asText()).isEqualTo("0");
    assertThat(usage(app).path("recordUpdatedAt")).isEqualTo(usage(app).path("createdAt"));
    long calls = usage(app).path("dailyRequestCount").asLong();
    simulator.token("one", app, Permission.VIEW);
    wire.post(
        "/simulator/webhooks",
        "{'app':%d,'url':'http://127.0.0.1:1/','events':['ADD_RECORD']}".formatted(app));
    String key =
        wire.postAs(
                "multipart/form-data; boundary=x",
                "/k/v1/file.json",
                "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n"
                    + "Content-Type: text/plain\r\n\r\nhello\r\n--x--\r\n")
            .json()
            .path("fileKey")
            .asText();
    String add =
        "{'method':'POST','api':'/k/v1/record.json','payload':{'app':%d,'record':%s}}"
            .formatted(app, "{'F':{'value':[{'fileKey':'" + key + "'}]}}");
    wire.post("/k/v1/bulkRequest.json", "{'requests':[" + add + "]}");
    wire.post("/k/v1/record.json", "{'app':" + app + "}");

    JsonNode usage = usage(app);
    assertThat(usage.path("recordCount").asText()).isEqualTo("2");
    int fields = wire.get("/k/v1/app/form/fields.json?app=" + app).json().path("properties").size();
    assertThat(usage.path("fieldCount").asInt()).as("those of the table too").isEqualTo(fields + 2);
    assertThat(usage.path("dailyRequestCount").asLong()).isEqualTo(calls + 2);
    assertThat(usage.path("storageUsage").asText()).isEqualTo("5");
    assertThat(usage.path("apiTokenCount").asText()).isEqualTo("1");
    assertThat(usage.path("webhookCount").asText()).isEqualTo("1");
    assertThat(usage.path("customized").asBoolean(true)).isFalse();
    assertThat(usage.at("/creator/code").asText()).isEqualTo(kintone.user());
    assertThat(usage.path("space").isNull()).isTrue();
  }

  @Test
  void theRequestsOfADayBeginAnewAtMidnightInUtc() {
    Simulator simulator = kintone.simulator();
    wire.get("/k/v1/records.json?app=" + app);
    assertThat(usage(app).path("dailyRequestCount").asLong()).isPositive();
    simulator.clock().advance(Duration.ofDays(1));
    assertThat(usage(app).path("dailyRequestCount").asText()).isEqualTo("0");
  }

  @Test
  void theStateOfAnAppIsThatOfItsDesign() {
    kintone.simulator();
    assertThat(usage(made("/k/v1/preview/app.json")).path("status").asText())
        .isEqualTo("NOT_ACTIVATED");
    assertThat(usage(app).path("status").asText()).isEqualTo("ACTIVATED");
    wire.delete("/k/v1/preview/app/form/fields.json", "{'app':%d,'fields':['Q']}".formatted(app));
    assertThat(usage(app).path("status").asText()).isEqualTo("CHANGED");
    wire.post(
        "/k/v1/preview/app/deploy.json", "{'apps':[{'app':%d}],'revert':true}".formatted(app));
    assertThat(usage(app).path("status").asText()).isEqualTo("ACTIVATED");
  }

  @Test
  void aGuestSpaceHasTheUsageOfItsOwnApps() {
    kintone.simulator();
    long guests = made("/k/guest/7/v1/preview/app.json");
    JsonNode apps = wire.get("/k/guest/7/v1/apps/statistics.json").json().path("apps");
    assertThat(apps).hasSize(1);
    assertThat(apps.at("/0/id").asLong()).isEqualTo(guests);
    assertThat(apps.at("/0/space/id").asText()).isEqualTo("7");
  }

  @Test
  void onlyUsersAreToldAndOnlyOfAppsThatTheyManage() {
    Simulator simulator = kintone.simulator();
    long other = made("/k/v1/preview/app.json");
    simulator.token("admin", app, Permission.ADMIN);
    assertThat(kintone.withToken("admin").get(USAGE).code()).isEqualTo("GAIA_NO01");
    simulator.directory().permit("sato", app, Set.of(Permission.ADMIN));
    simulator.directory().permit("sato", other, Set.of(Permission.VIEW));
    JsonNode apps = Wire.withPassword(kintone.url(), "sato", "any").get(USAGE).json().path("apps");
    assertThat(apps.findValuesAsText("id")).isEqualTo(List.of(Long.toString(app)));
  }

  @Test
  void theListIsCutByOffsetAndLimit() {
    kintone.simulator();
    long other = made("/k/v1/preview/app.json");
    List<String> all = wire.get(USAGE).json().path("apps").findValuesAsText("id");
    assertThat(all).endsWith(Long.toString(other));
    assertThat(
            wire.get(USAGE + "?limit=1&offset=" + (all.size() - 1))
                .json()
                .path("apps")
                .findValuesAsText("id"))
        .containsExactly(Long.toString(other));
    for (String wrong : List.of("limit=0", "limit=101", "offset=-1")) {
      Wire.Answer answer = wire.get(USAGE + "?" + wrong);
      assertThat(answer.code()).as(wrong).isEqualTo("CB_VA01");
      assertThat(answer.errorKeys()).as(wrong).containsExactly(wrong.split("=")[0]);
    }
  }
}
