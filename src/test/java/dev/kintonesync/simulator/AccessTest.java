package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.kintone.client.KintoneClient;
import com.kintone.client.KintoneClientBuilder;
import dev.kintonesync.Patience;
import dev.kintonesync.simulator.state.Permission;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may do what: tokens, passwords and guest spaces. */
class AccessTest extends ContractTest {

  @AfterEach
  void forgetTokens() {
    kintone.simulator().reset();
    kintone.simulator().settings(kintone.simulator().settings().with("deployMs", 0));
  }

  private Wire.Answer addWith(String token) {
    return kintone.withToken(token).post("/k/v1/record.json", "{'app':" + app + ",'record':{}}");
  }

  private Wire.Answer readWith(String token) {
    return kintone.withToken(token).get("/k/v1/records.json?app=" + app);
  }

  @Behaviour(number = 42, evidence = "O2")
  void tokensDoWhatTheyMayAndNothingElse() {
    Simulator simulator = kintone.simulator();
    long id = add("K1");
    simulator.token("viewer", app, Permission.VIEW);
    simulator.token("adder", app, Permission.ADD);
    simulator.token("editor", app, Permission.EDIT);
    simulator.token("deleter", app, Permission.DELETE);
    String edit = "{'app':" + app + ",'id':" + id + ",'record':{}}";
    String delete = "{'app':" + app + ",'ids':[" + id + "]}";
    for (String token : List.of("viewer", "adder", "editor", "deleter")) {
      Wire wire = kintone.withToken(token);
      assertThat(readWith(token).status()).isEqualTo(token.equals("viewer") ? 200 : 403);
      assertThat(addWith(token).status()).isEqualTo(token.equals("adder") ? 200 : 403);
      assertThat(wire.put("/k/v1/record.json", edit).status())
          .isEqualTo(token.equals("editor") ? 200 : 403);
      assertThat(wire.delete("/k/v1/records.json", delete).status())
          .isEqualTo(token.equals("deleter") ? 200 : 403);
    }
    assertThat(readWith("adder").code()).isEqualTo("GAIA_NO01");
    assertThat(readWith("stranger").code()).isEqualTo("GAIA_IA02");
    assertThat(readWith("stranger").status()).isEqualTo(400);
    assertThat(readWith("viewer, stranger").code()).isEqualTo("GAIA_IA02");
    assertThat(readWith("viewer,adder").code()).isEqualTo("GAIA_DA03");
  }

  @Test
  void severalTokensServeSeveralApps() {
    long other = kintone.app(FIELDS);
    kintone.simulator().token("one", app, Permission.ADD);
    kintone.simulator().token("two", other, Permission.ADD);
    String bulk =
        """
        {'requests':[
          {'method':'POST','api':'/k/v1/record.json','payload':{'app':%d,'record':{}}},
          {'method':'POST','api':'/k/v1/record.json','payload':{'app':%d,'record':{}}}]}
        """
            .formatted(app, other);
    assertThat(kintone.withToken("one,two").post("/k/v1/bulkRequest.json", bulk).status())
        .isEqualTo(200);
    assertThat(kintone.withToken("one").post("/k/v1/bulkRequest.json", bulk).status())
        .isEqualTo(403);
  }

  @Test
  void anyTokenIsAcceptedUntilOneIsRegistered() {
    assertThat(readWith("whatever").status()).isEqualTo(200);
    wire.post("/simulator/tokens", "{'token':'T','app':" + app + ",'permissions':['view','edit']}");
    assertThat(readWith("whatever").code()).isEqualTo("GAIA_IA02");
    assertThat(readWith("T").status()).isEqualTo(200);
    assertThat(addWith("T").status()).isEqualTo(403);
  }

  @Test
  void withoutLoginNothingIsDone() {
    Wire nobody = new Wire(kintone.url());
    assertThat(nobody.get("/k/v1/records.json?app=" + app).status()).isEqualTo(401);
    assertThat(nobody.get("/k/v1/records.json?app=" + app).code()).isEqualTo("CB_AU01");
    Wire basicAlone = new Wire(kintone.url(), "Authorization", "Basic dXNlcjpwYXNz");
    assertThat(basicAlone.get("/k/v1/records.json?app=" + app).code()).isEqualTo("CB_AU01");
    Wire garbage = new Wire(kintone.url(), "X-Cybozu-Authorization", "%%%");
    assertThat(garbage.get("/k/v1/records.json?app=" + app).code()).isEqualTo("CB_WA01");
  }

  @Test
  void aRegisteredUserNeedsThePassword() {
    kintone.simulator().directory().registerUser("taro", "太郎", "right");
    String path = "/k/v1/records.json?app=" + app;
    assertThat(Wire.withPassword(kintone.url(), "taro", "wrong").get(path).status()).isEqualTo(401);
    assertThat(Wire.withPassword(kintone.url(), "taro", "right").get(path).status()).isEqualTo(200);
  }

  @Test
  void aUserMayBeLimitedToAnApp() {
    kintone.simulator();
    wire.post("/simulator/permissions", "{'user':'taro','app':" + app + ",'permissions':['view']}");
    Wire taro = Wire.withPassword(kintone.url(), "taro", "secret");
    assertThat(taro.get("/k/v1/records.json?app=" + app).status()).isEqualTo(200);
    Wire.Answer refused = taro.post("/k/v1/record.json", "{'app':" + app + ",'record':{}}");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.code()).isEqualTo("CB_NO02");
    assertThat(add("K1")).as("others are not").isPositive();
  }

  @Test
  void aWallOfBasicAuthenticationStandsBeforeEverything() throws Exception {
    Simulator simulator = kintone.simulator();
    simulator.settings(simulator.settings().with("basicAuth", "front:door"));
    Wire.Answer outside = wire.get("/k/v1/records.json?app=" + app);
    assertThat(outside.status()).isEqualTo(401);
    assertThat(outside.header("Content-Type")).startsWith("text/html");
    try (KintoneClient inside =
        KintoneClientBuilder.create(kintone.url())
            .withBasicAuth("front", "door")
            .authByPassword("taro", "secret")
            .build()) {
      assertThat(inside.record().countRecords(app)).isZero();
    }
    try (KintoneClient wrong =
        KintoneClientBuilder.create(kintone.url())
            .withBasicAuth("front", "window")
            .authByPassword("taro", "secret")
            .build()) {
      assertThat(KintoneUnderTest.status(() -> wrong.record().countRecords(app))).isEqualTo(401);
    }
  }

  @Test
  void recordsOfATokenAreTheAdministrators() {
    addWith("any");
    assertThat(only("作成者").path("code").asText()).isEqualTo("Administrator");
  }

  @Behaviour(number = 43, evidence = "M")
  void anAppOfAGuestSpaceNeedsTheGuestPath() throws IOException {
    kintone.simulator();
    try (KintoneClient guest =
        KintoneClientBuilder.create(kintone.url())
            .authByPassword("taro", "secret")
            .setGuestSpaceId(7)
            .build()) {
      long inSpace = guest.app().addApp("guests");
      guest.app().deployApp(inSpace);
      Patience.await().until(() -> guest.app().getDeployStatus(inSpace).name().equals("SUCCESS"));
      guest.record().addRecord(inSpace, of());
      assertThat(guest.record().countRecords(inSpace)).isEqualTo(1);
      Wire.Answer normalPath = wire.get("/k/v1/records.json?app=" + inSpace);
      assertThat(normalPath.status()).isEqualTo(400);
      assertThat(normalPath.code()).isEqualTo("GAIA_IL23");
      Wire.Answer outside = wire.get("/k/guest/7/v1/records.json?app=" + app);
      assertThat(outside.status()).isEqualTo(403);
      assertThat(outside.code()).isEqualTo("CB_NO02");
    }
  }

  @Test
  void creatorsAndTimesAreForAdministratorsOnly() {
    kintone.simulator().token("adder", app, Permission.ADD);
    kintone.simulator().token("admin", kintone.app(FIELDS), Permission.ADD, Permission.ADMIN);
    String record = "{'作成日時':{'value':'2020-01-02T03:04:05Z'},'作成者':{'value':{'code':'u'}}}";
    String body = "{'app':%d,'record':" + record + "}";
    Wire.Answer refused = kintone.withToken("adder").post("/k/v1/record.json", body.formatted(app));
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.code()).isEqualTo("GAIA_BF02");
    Simulator simulator = kintone.simulator();
    simulator.settings(simulator.settings().with("adminOnlyStatus", 400));
    assertThat(kintone.withToken("adder").post("/k/v1/record.json", body.formatted(app)).status())
        .isEqualTo(400);
    wire.post("/k/v1/record.json", body.formatted(app));
    assertThat(only("作成日時").asText()).isEqualTo("2020-01-02T03:04:00Z");
    assertThat(only("作成者").path("code").asText()).isEqualTo("u");
  }

  @Behaviour(number = 60, evidence = "J3")
  void aFormIsReadByWhoMayViewAddOrManage() {
    Simulator simulator = kintone.simulator();
    simulator.token("view", app, Permission.VIEW);
    simulator.token("add", app, Permission.ADD);
    simulator.token("admin", app, Permission.ADMIN);
    simulator.token("edit", app, Permission.EDIT);
    for (String token : List.of("view", "add", "admin", "edit")) {
      Wire holder = kintone.withToken(token);
      assertThat(holder.get("/k/v1/app/form/fields.json?app=" + app).status())
          .as(token)
          .isEqualTo(token.equals("edit") ? 403 : 200);
      assertThat(holder.get("/k/v1/app/form/layout.json?app=" + app).status())
          .as(token)
          .isEqualTo(token.equals("view") || token.equals("add") ? 200 : 403);
    }
  }

  @Behaviour(number = 61, evidence = "M")
  void guestSpacesShowTheirAppsAndAreOfAnyNumber() {
    Simulator simulator = kintone.simulator();
    wire.post("/k/guest/7/v1/preview/app.json", "{'name':'guests'}");
    long guests = simulator.appIds().get(simulator.appIds().size() - 1);
    simulator.settings(simulator.settings().with("deployMs", 0));
    wire.post("/k/guest/7/v1/preview/app/deploy.json", "{'apps':[{'app':%d}]}".formatted(guests));
    String guest = "/k/guest/7/v1/records.json?app=" + guests;
    Patience.await().until(() -> wire.get(guest).status() == 200);
    assertThat(wire.get("/k/v1/apps.json?name=guests").json().at("/apps/0/spaceId").asText())
        .isEqualTo("7");
    assertThat(wire.get("/k/guest/7/v1/apps.json").json().path("apps")).hasSize(1);
    assertThat(wire.get("/k/guest/8/v1/apps.json").json().path("apps")).isEmpty();
    for (String space : List.of("1234567890123456789", "12345678901234567890123")) {
      assertThat(wire.get("/k/guest/" + space + "/v1/records.json?app=" + guests).code())
          .isEqualTo("CB_NO02");
    }
    assertThat(wire.get("/k/v1/records.json?app=" + guests, "Accept-Language", "ja").message())
        .isEqualTo("ゲストスペース内のアプリを操作する場合は、リクエストの送信先を「/k/guest/（ゲストスペースのID）/v1/...」にします。");
  }
}
