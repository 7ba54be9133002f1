package dev.kintonesync.simulator;

import static dev.kintonesync.simulator.KintoneUnderTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.simulator.state.Permission;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lookups: what is copied when, and what happens when the key is nowhere. */
class LookupTest extends ContractTest {
  private long source;

  @Override
  @BeforeEach
  void makeApp() {
    source = kintone.app(FIELDS);
    String lookup =
        """
        {'relatedApp':{'app':'%d'},'relatedKeyField':'K','fieldMappings':[%s],
         'lookupPickerFields':[],'filterCond':'','sort':''}
        """;
    String copies = "{'field':'NAME','relatedField':'T'},{'field':'NUM','relatedField':'Q'}";
    app =
        kintone.app(
            """
            {'L':{'type':'SINGLE_LINE_TEXT','code':'L','lookup':%s},
             'NAME':{'type':'SINGLE_LINE_TEXT','code':'NAME'},
             'NUM':{'type':'SINGLE_LINE_TEXT','code':'NUM'},
             'T':{'type':'SINGLE_LINE_TEXT','code':'T'},
             'S':{'type':'SUBTABLE','code':'S','fields':{
               'RL':{'type':'SINGLE_LINE_TEXT','code':'RL','lookup':%s},
               'RN':{'type':'SINGLE_LINE_TEXT','code':'RN'}}}}
            """
                .formatted(
                    lookup.formatted(source, copies),
                    lookup.formatted(source, "{'field':'RN','relatedField':'T'}")));
    records.addRecord(source, of("K", text("K1"), "T", text("one"), "Q", number("1.50")));
    records.addRecord(source, of("K", text("K2"), "T", text("two")));
  }

  @Behaviour(number = 30, evidence = "M1")
  void aKeyThatIsNowhereRefusesTheRequestWithItsFirstOffender() {
    String good = "{'L':{'value':'K1'}}";
    Wire.Answer answer =
        addAll("[" + good + ",{'L':{'value':'nope'}}," + good + ",{'L':{'value':'nix'}}]");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo("GAIA_LO04");
    assertThat(answer.errorKeys()).isEmpty();
    assertThat(answer.message()).contains("nope").contains(" L ").doesNotContain("nix");
    assertThat(all()).isEmpty();
  }

  @Test
  void theOtherAppsValuesAreCopiedWhenTheKeyIsWritten() {
    long id = records.addRecord(app, of("L", text("K1"), "NAME", text("sent in vain")));
    assertThat(only("NAME").asText()).isEqualTo("one");
    assertThat(only("NUM").asText()).isEqualTo("1.5");

    wire.put(
        "/k/v1/record.json",
        """
        {'app':%d,'updateKey':{'field':'K','value':'K1'},'record':{'T':{'value':'ONE'}}}
        """
            .formatted(source));
    records.updateRecord(app, id, of("T", text("x")));
    assertThat(only("NAME").asText()).as("later changes do not follow").isEqualTo("one");
    records.updateRecord(app, id, of("L", text("K1")));
    assertThat(only("NAME").asText()).as("until the key is written again").isEqualTo("ONE");
    records.updateRecord(app, id, of("L", text("")));
    assertThat(only("NAME").asText()).isEmpty();
  }

  @Test
  void lookupsInTablesCopyWithinTheirRow() {
    String row = "{'value':{'RL':{'value':'%s'}}}";
    addAll("[{'S':{'value':[" + row.formatted("K2") + "," + row.formatted("K1") + "]}}]");
    assertThat(only("S").at("/0/value/RN/value").asText()).isEqualTo("two");
    assertThat(only("S").at("/1/value/RN/value").asText()).isEqualTo("one");
  }

  @Test
  void aTokenMustSeeTheOtherAppToo() {
    Simulator simulator = kintone.simulator();
    simulator.token("here", app, Permission.ADD);
    simulator.token("there", source, Permission.VIEW);
    try {
      String body = "{'app':" + app + ",'record':{'L':{'value':'K1'}}}";
      assertThat(kintone.withToken("here").post("/k/v1/record.json", body).code())
          .isEqualTo("GAIA_LO04");
      assertThat(kintone.withToken("here,there").post("/k/v1/record.json", body).status())
          .isEqualTo(200);
    } finally {
      simulator.tokens().clear();
    }
  }

  @Test
  void aLookupKeyThatIsNotUniqueCannotBeDeployed() {
    String lookup =
        "{'relatedApp':{'app':'%d'},'relatedKeyField':'T','fieldMappings':[]}".formatted(source);
    wire.post(
        "/k/v1/preview/app/form/fields.json",
        "{'app':%d,'properties':{'X':{'type':'SINGLE_LINE_TEXT','code':'X','lookup':%s}}}"
            .formatted(app, lookup));
    assertThat(refused(() -> kintone.client().app().deployApp(app)).code()).isEqualTo("GAIA_LO03");
    assertThat(List.of(kintone.deployment(app))).doesNotContain("PROCESSING");
  }
}
