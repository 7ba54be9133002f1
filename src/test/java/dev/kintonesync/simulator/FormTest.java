package dev.kintonesync.simulator;

import static dev.kintonesync.simulator.KintoneUnderTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.kintone.client.AppClient;
import com.kintone.client.model.app.App;
import com.kintone.client.model.app.field.FieldProperty;
import com.kintone.client.model.app.field.SingleLineTextFieldProperty;
import com.kintone.client.model.app.layout.Layout;
import com.kintone.client.model.record.FieldType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms and settings of apps: preview and live. */
class FormTest extends ContractTest {

  private static AppClient apps() {
    return kintone.client().app();
  }

  private Wire.Answer addFields(String properties) {
    return wire.post(
        "/k/v1/preview/app/form/fields.json",
        "{'app':" + app + ",'properties':" + properties + "}");
  }

  private Wire.Answer changeFields(String properties) {
    return wire.put(
        "/k/v1/preview/app/form/fields.json",
        "{'app':" + app + ",'properties':" + properties + "}");
  }

  @Behaviour(number = 48, evidence = "M1")
  void recordsSeeTheLiveFormOnlyAndADeployedOneComesLater() {
    SingleLineTextFieldProperty added = new SingleLineTextFieldProperty();
    added.setCode("NEW");
    apps().addFormFields(app, List.of(added));
    assertThat(apps().getFormFieldsPreview(app)).containsKey("NEW");
    assertThat(apps().getFormFields(app)).doesNotContainKey("NEW");
    records.addRecord(app, of("NEW", text("ignored")));
    assertThat(all().get(0).has("NEW")).isFalse();
    kintone.deploy(app);
    assertThat(apps().getFormFields(app)).containsKey("NEW");
    assertThat(only("NEW").asText()).isEmpty();
    records.addRecord(app, of("NEW", text("kept")));
    assertThat(all().get(1).at("/NEW/value").asText()).isEqualTo("kept");

    kintone.simulator().settings(kintone.simulator().settings().with("deployMs", 60_000));
    try {
      wire.post("/k/v1/preview/app/deploy.json", "{'apps':[{'app':" + app + "}]}");
      assertThat(kintone.deployment(app)).isEqualTo("PROCESSING");
    } finally {
      kintone.simulator().settings(kintone.simulator().settings().with("deployMs", 0));
    }
  }

  @Test
  void deployingAUniqueFieldOverDuplicatesFails() {
    records.addRecords(app, List.of(of("T", text("same")), of("T", text("same"))));
    changeFields("{'T':{'unique':true}}");
    kintone.deploy(app);
    assertThat(kintone.deployment(app)).isEqualTo("FAIL");
    assertThat(records.addRecord(app, of("T", text("same")))).isPositive();
  }

  @Test
  void aRenamedFieldKeepsItsValuesAndADeletedOneLosesThem() {
    records.addRecord(app, of("K", text("K1"), "T", text("kept")));
    assertThat(changeFields("{'T':{'code':'T2','label':'Two'}}").status()).isEqualTo(200);
    kintone.deploy(app);
    assertThat(only("T2").asText()).isEqualTo("kept");
    apps().deleteFormFields(app, List.of("T2"));
    addFields("{'T2':{'type':'SINGLE_LINE_TEXT','code':'T2'}}");
    kintone.deploy(app);
    assertThat(only("T2").asText()).isEmpty();
    assertThat(upsert("[{'updateKey':{'field':'K','value':'K1'},'record':{}}]").status())
        .isEqualTo(200);
  }

  @Test
  void propertiesReadInFullWithNumbersAsText() {
    addFields("{'M':{'type':'SINGLE_LINE_TEXT','code':'M','maxLength':64,'label':'Em'}}");
    JsonNode properties =
        wire.get("/k/v1/preview/app/form/fields.json?app=" + app).json().path("properties");
    assertThat(properties.at("/M").toString())
        .isEqualTo(
            Wire.json(
                    """
                    {'type':'SINGLE_LINE_TEXT','code':'M','label':'Em','noLabel':false,
                     'required':false,'defaultValue':'','unique':false,'minLength':'',
                     'maxLength':'64','expression':'','hideExpression':false}
                    """)
                .toString());
    assertThat(properties.at("/S/fields/a").has("unique")).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = FieldType.class,
      names = {
        "SINGLE_LINE_TEXT",
        "MULTI_LINE_TEXT",
        "RICH_TEXT",
        "LINK",
        "NUMBER",
        "CHECK_BOX",
        "RADIO_BUTTON",
        "DROP_DOWN",
        "MULTI_SELECT",
        "DATE",
        "TIME",
        "DATETIME",
        "USER_SELECT",
        "ORGANIZATION_SELECT",
        "GROUP_SELECT",
        "FILE",
        "SUBTABLE",
        "GROUP"
      })
  void everyTypeCanBeAddedAndIsReadByKintonesClient(FieldType type) {
    addFields("{'X':{'type':'" + type.name() + "','code':'X','label':'x'}}");
    Map<String, FieldProperty> fields = apps().getFormFieldsPreview(app);
    assertThat(fields.get("X").getType()).isEqualTo(type);
    kintone.deploy(app);
    records.addRecord(app, of());
    assertThat(records.getRecords(app)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1st", "with space", "a-b", "１", "a.b", "$id"})
  void badFieldCodesAreRefused(String code) {
    Wire.Answer answer = addFields("{'X':{'type':'NUMBER','code':'" + code + "'}}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo("CB_VA01");
  }

  @ParameterizedTest
  @ValueSource(strings = {"顧客コード", "ＡＢＣ_1", "a・b", "価格￥", "ﾃｽﾄ", "データー"})
  void japaneseFieldCodesAreFine(String code) {
    assertThat(addFields("{'X':{'type':'NUMBER','code':'" + code + "'}}").status()).isEqualTo(200);
  }

  @Test
  void aCodeCannotBeTakenTwiceAndAnUnknownFieldNotChanged() {
    assertThat(addFields("{'K':{'type':'NUMBER','code':'K'}}").code()).isEqualTo("CB_VA01");
    assertThat(addFields("{'a':{'type':'NUMBER','code':'a'}}").code()).isEqualTo("CB_VA01");
    assertThat(changeFields("{'nope':{'label':'x'}}").code()).isEqualTo("GAIA_FC01");
    assertThat(refused(() -> apps().deleteFormFields(app, List.of("nope"))).code())
        .isEqualTo("GAIA_FC01");
    assertThat(addFields("{'X':{'type':'NOTHING','code':'X'}}").errorKeys())
        .containsExactly("properties[X].type");
  }

  @Test
  void aStaleRevisionOfSettingsIsRefused() {
    KintoneUnderTest.Refused refused =
        refused(() -> apps().deleteFormFields(app, List.of("T"), 1L));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.code()).isEqualTo("GAIA_CO03");
    assertThat(refused(() -> apps().deployApp(app, 1L)).code()).isEqualTo("GAIA_CO03");
  }

  @Test
  void previewsCanBeThrownAway() {
    addFields("{'X':{'type':'NUMBER','code':'X'}}");
    apps().revertApp(app);
    assertThat(apps().getFormFieldsPreview(app)).doesNotContainKey("X");
  }

  @Test
  void precisionIsASettingOfTheApp() {
    wire.put(
        "/k/v1/preview/app/settings.json",
        """
        {'app':%d,'name':'renamed',
         'numberPrecision':{'digits':'5','decimalPlaces':'1','roundingMode':'DOWN'}}
        """
            .formatted(app));
    kintone.deploy(app);
    assertThat(wire.get("/k/v1/app/settings.json?app=" + app).json().path("numberPrecision"))
        .isEqualTo(Wire.json("{'digits':'5','decimalPlaces':'1','roundingMode':'DOWN'}"));
    records.addRecord(app, of("Q", number("1.99")));
    assertThat(only("Q").asText()).isEqualTo("1.9");
    assertThat(refused(() -> records.addRecord(app, of("Q", number("12345")))).code())
        .isEqualTo("CB_VA01");
    App described = apps().getApp(app);
    assertThat(described.getName()).isEqualTo("renamed");
    assertThat(apps().getAppsByIds(List.of(app))).extracting(App::getAppId).containsExactly(app);
    Wire.Answer bad =
        wire.put(
            "/k/v1/preview/app/settings.json",
            "{'app':" + app + ",'numberPrecision':{'digits':31,'roundingMode':'UPWARD'}}");
    assertThat(bad.errorKeys())
        .containsExactlyInAnyOrder("numberPrecision.digits", "numberPrecision.roundingMode");
  }

  @Behaviour(number = 69, evidence = "J3")
  void fieldsThatEveryAppHasAreOnTheFormOnlyWhereTheyWerePutOnIt() {
    String path = "/k/v1/app/form/layout.json?app=" + app;
    assertThat(wire.get(path).json().path("layout").findValuesAsText("code"))
        .containsExactly("K", "T", "Q", "NK", "S", "a", "b");

    String rows =
        "[{'type':'ROW','fields':[{'type':'RECORD_NUMBER','code':'レコード番号'},"
            + "{'type':'SINGLE_LINE_TEXT','code':'T'}]}]";
    wire.put("/k/v1/preview/app/form/layout.json", "{'app':" + app + ",'layout':" + rows + "}");
    kintone.deploy(app);
    assertThat(wire.get(path).json().path("layout").findValuesAsText("code"))
        .containsExactly("レコード番号", "T", "K", "Q", "NK", "S", "a", "b");
  }

  @Test
  void theLayoutFollowsTheForm() {
    List<Layout> layout = apps().getFormLayout(app);
    assertThat(layout).isNotEmpty();
    String rows =
        """
        [{'type':'ROW','fields':[
           {'type':'SINGLE_LINE_TEXT','code':'T','size':{'width':'200'}},
           {'type':'NUMBER','code':'Q','size':{'width':'100'}},
           {'type':'LABEL','label':'hello','size':{'width':'50'}}]},
         {'type':'SUBTABLE','code':'S','fields':[]}]
        """;
    wire.put("/k/v1/preview/app/form/layout.json", "{'app':" + app + ",'layout':" + rows + "}");
    kintone.deploy(app);
    JsonNode live = wire.get("/k/v1/app/form/layout.json?app=" + app).json().path("layout");
    assertThat(live.at("/0/fields").findValuesAsText("code")).containsExactly("T", "Q");
    assertThat(live.at("/0/fields/2/type").asText()).isEqualTo("LABEL");
    assertThat(live.at("/1/fields").findValuesAsText("code")).containsExactly("a", "b");
    assertThat(live.findValuesAsText("code")).contains("K", "NK");
    apps().deleteFormFields(app, List.of("Q"));
    assertThat(
            wire.get("/k/v1/preview/app/form/layout.json?app=" + app)
                .json()
                .path("layout")
                .findValuesAsText("code"))
        .doesNotContain("Q");
  }
}
