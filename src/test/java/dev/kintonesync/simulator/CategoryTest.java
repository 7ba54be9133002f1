package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Categories: they come with a copied app; the API reads and searches them and never writes. */
class CategoryTest {
  private static final String FIELDS =
      """
      {'properties':{'Kinds':{'type':'CATEGORY','code':'Kinds','label':'Kinds','enabled':true},
        'K':{'type':'SINGLE_LINE_TEXT','code':'K'}}}
      """;

  private Simulator simulator;
  private Wire wire;

  @BeforeEach
  void start() throws IOException {
    simulator = Simulator.start();
    wire = Wire.withToken(simulator.url(), "any");
    MissingNode none = MissingNode.getInstance();
    SimulatedApp app =
        simulator.copy(new OriginalApp(7, null, Wire.json(FIELDS), none, none, none));
    app.copy(
        List.of(
            Wire.json(record(1, "'tea','hot'")),
            Wire.json(record(2, "'coffee'")),
            Wire.json(record(3, ""))));
  }

  private static String record(int id, String categories) {
    return "{'$id':{'value':'%d'},'$revision':{'value':'1'},'Kinds':{'value':[%s]}}"
        .formatted(id, categories);
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private List<String> found(String query) {
    return wire
        .get("/k/v1/records.json?app=7&query=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
        .json()
        .findValues("$id")
        .stream()
        .map(id -> id.path("value").asText())
        .toList();
  }

  @Test
  void theyReadAsAListOfTheirNames() {
    assertThat(wire.get("/k/v1/record.json?app=7&id=1").json().at("/record/Kinds"))
        .isEqualTo(Wire.json("{'type':'CATEGORY','value':['tea','hot']}"));
    assertThat(wire.get("/k/v1/record.json?app=7&id=3").json().at("/record/Kinds/value")).isEmpty();
  }

  @Test
  void queriesFindThemByName() {
    assertThat(found("Kinds in (\"tea\")")).containsExactly("1");
    assertThat(found("Kinds in (\"coffee\",\"hot\") order by $id asc")).containsExactly("1", "2");
    assertThat(found("Kinds not in (\"tea\") order by $id asc")).containsExactly("2", "3");
    assertThat(wire.get("/k/v1/records.json?app=7&query=Kinds+%3D+%22tea%22").code())
        .isEqualTo("GAIA_IQ03");
  }

  @Test
  void writesPassThemOver() {
    String body = "{'app':7,'id':1,'record':{'Kinds':{'value':['cold']},'K':{'value':'x'}}}";
    assertThat(wire.put("/k/v1/record.json", body).status()).isEqualTo(200);
    assertThat(found("Kinds in (\"tea\") and K = \"x\"")).containsExactly("1");
  }

  @Test
  void switchedOffTheyAreNotThere() {
    simulator.app("plain", "{}").add("{}");
    assertThat(wire.get("/k/v1/record.json?app=8&id=1").json().path("record").has("カテゴリー"))
        .isFalse();
    String query = URLEncoder.encode("カテゴリー in (\"tea\")", StandardCharsets.UTF_8);
    assertThat(wire.get("/k/v1/records.json?app=8&query=" + query).code()).isEqualTo("GAIA_IQ11");
    assertThat(
            wire.get("/k/v1/app/form/fields.json?app=8")
                .json()
                .at("/properties/カテゴリー/enabled")
                .asBoolean(true))
        .isFalse();
  }
}
