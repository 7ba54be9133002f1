package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.Patience;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apps and records that are kept in a folder are there after a restart, whatever ended it. */
class KeptDataTest {
  private static final String FIELDS =
      """
      {'K':{'type':'SINGLE_LINE_TEXT','code':'K','unique':true},
       'Q':{'type':'NUMBER','code':'Q','unique':true}, 'M':{'type':'MULTI_LINE_TEXT','code':'M'},
       'R':{'type':'RICH_TEXT','code':'R'}, 'L':{'type':'LINK','code':'L'},
       'D':{'type':'DATE','code':'D'}, 'T':{'type':'TIME','code':'T'},
       'DT':{'type':'DATETIME','code':'DT'}, 'F':{'type':'FILE','code':'F'},
       'DD':{'type':'DROP_DOWN','code':'DD','options':{'a':{'label':'a'},'b':{'label':'b'}}},
       'RB':{'type':'RADIO_BUTTON','code':'RB','options':{'a':{'label':'a'},'b':{'label':'b'}}},
       'CB':{'type':'CHECK_BOX','code':'CB','options':{'a':{'label':'a'},'b':{'label':'b'}}},
       'MS':{'type':'MULTI_SELECT','code':'MS','options':{'a':{'label':'a'},'b':{'label':'b'}}},
       'U':{'type':'USER_SELECT','code':'U'}, 'O':{'type':'ORGANIZATION_SELECT','code':'O'},
       'G':{'type':'GROUP_SELECT','code':'G'},
       'C':{'type':'CALC','code':'C','expression':'Q * 2'},
       'S':{'type':'SUBTABLE','code':'S','fields':{
         'a':{'type':'SINGLE_LINE_TEXT','code':'a'}, 'b':{'type':'NUMBER','code':'b'},
         'f':{'type':'FILE','code':'f'}}}}
      """;

  private static final String RECORD =
      """
      {'K':{'value':'鍵 1'},'Q':{'value':'1.50'},'M':{'value':'two\\nlines'},'R':{'value':'<b>r</b>'},
       'L':{'value':'http://example.com'},'D':{'value':'2026-01-02'},'T':{'value':'03:04'},
       'DT':{'value':'2026-01-02T03:04:00Z'},'DD':{'value':'a'},'RB':{'value':'b'},
       'CB':{'value':['b','a']},'MS':{'value':['b']},'U':{'value':[{'code':'sato'}]},
       'O':{'value':[{'code':'tokyo'}]},'G':{'value':[{'code':'all'}]},
       'F':{'value':[{'fileKey':'%s'}]},
       'S':{'value':[{'value':{'a':{'value':'r1'},'f':{'value':[{'fileKey':'%s'}]}}},
                     {'value':{'b':{'value':'7'}}}]}}
      """;

  @TempDir Path temporary;
  private Path folder;
  private Simulator simulator;
  private Wire wire;

  @BeforeEach
  void start() throws IOException {
    folder = temporary.resolve("data");
    open(folder);
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private void open(Path data) throws IOException {
    simulator = Simulator.start(0, data);
    simulator.settings(simulator.settings().with("deployMs", 0));
    wire = Wire.withPassword(simulator.url(), "sato", "secret");
  }

  private void restart() throws IOException {
    simulator.close();
    open(folder);
  }

  private String upload(String content) {
    String body =
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f.txt\"\r\n"
            + "Content-Type: text/plain\r\n\r\n"
            + content
            + "\r\n--b--\r\n";
    return wire.sendRaw(
            "POST", "/k/v1/file.json", body, "Content-Type", "multipart/form-data; boundary=b")
        .json()
        .path("fileKey")
        .asText();
  }

  @Test
  void everythingOfARecordIsThereAgain() throws IOException {
    SimulatedApp app = simulator.app("全部", Wire.json(FIELDS));
    Wire.Answer added =
        wire.post(
            "/k/v1/record.json",
            "{'app':1,'record':" + RECORD.formatted(upload("one"), upload("two")) + "}");
    assertThat(added.status()).as(added.response().body()).isEqualTo(200);
    app.add("{}");
    wire.put("/k/v1/record.json", "{'app':1,'id':1,'record':{'T':{'value':'05:06'}}}");
    wire.delete("/k/v1/records.json", "{'app':1,'ids':[2]}");
    List<JsonNode> records = app.records();
    JsonNode form = wire.get("/k/v1/app/form/fields.json?app=1").json();
    JsonNode described = wire.get("/k/v1/app.json?id=1").json();

    restart();
    assertThat(simulator.app(1).records()).isEqualTo(records);
    assertThat(wire.get("/k/v1/app/form/fields.json?app=1").json()).isEqualTo(form);
    assertThat(wire.get("/k/v1/app.json?id=1").json()).isEqualTo(described);
    String fileKey = records.get(0).at("/S/value/0/value/f/value/0/fileKey").asText();
    assertThat(wire.get("/k/v1/file.json?fileKey=" + fileKey).response().body()).isEqualTo("two");
  }

  @Test
  void lifeGoesOnAfterARestart() throws IOException {
    simulator.app("a", Wire.json(FIELDS)).add("{\"K\":{\"value\":\"x\"}}", "{}", "{}");
    wire.delete("/k/v1/records.json", "{'app':1,'ids':[3]}");
    restart();
    assertThat(wire.post("/k/v1/record.json", "{'app':1,'record':{}}").json().path("id").asText())
        .as("ids are never given again")
        .isEqualTo("4");
    assertThat(wire.post("/k/v1/record.json", "{'app':1,'record':{'K':{'value':'x'}}}").errorKeys())
        .as("unique values stay unique")
        .containsExactly("record.K.value");
    assertThat(
            wire.put(
                    "/k/v1/record.json",
                    "{'app':1,'updateKey':{'field':'K','value':'x'},'record':{}}")
                .json()
                .path("revision")
                .asText())
        .isEqualTo("2");
    assertThat(simulator.app("b", Wire.json(FIELDS)).id()).isEqualTo(2);
  }

  @Test
  void whatIsDesignedStaysApartFromWhatIsLive() throws IOException {
    simulator.app("a", Wire.json(FIELDS)).add("{\"M\":{\"value\":\"m\"}}");
    wire.put(
        "/k/v1/preview/app/form/fields.json",
        "{'app':1,'properties':{'M':{'type':'MULTI_LINE_TEXT','code':'MM'}}}");
    wire.delete("/k/v1/preview/app/form/fields.json", "{'app':1,'fields':['Q','C']}");
    wire.post("/k/v1/preview/app.json", "{'name':'not live yet'}");
    restart();
    assertThat(wire.get("/k/v1/app/form/fields.json?app=1").json().path("properties").has("M"))
        .isTrue();
    assertThat(wire.get("/k/v1/records.json?app=2").code()).isEqualTo("GAIA_AP01");
    wire.post("/k/v1/preview/app/deploy.json", "{'apps':[{'app':1},{'app':2}]}");
    Patience.await().until(() -> wire.get("/k/v1/records.json?app=2").status() == 200);
    assertThat(simulator.app(1).values("MM")).as("the renamed field").containsExactly("m");
  }

  @Test
  void resetForgetsWhatIsKeptToo() throws IOException {
    simulator.app("a", Wire.json(FIELDS)).add("{}");
    simulator.reset();
    simulator.app("b", Wire.json(FIELDS)).add("{}", "{}");
    restart();
    assertThat(simulator.app(1).size()).isEqualTo(2);
    assertThat(wire.get("/k/v1/apps.json").json().at("/apps/0/name").asText()).isEqualTo("b");
  }

  @Test
  void aMomentAfterTheAnswerAKillLosesNothing() throws IOException {
    SimulatedApp app = simulator.app("a", Wire.json(FIELDS));
    app.add("{\"K\":{\"value\":\"x\"}}");
    Path records = folder.resolve("records.jsonl");
    Patience.await().until(() -> Files.readString(records).contains("\"x\""));
    Path left = copy("left");
    stop();
    open(left);
    assertThat(simulator.app(1).values("K")).containsExactly("x");
  }

  @Test
  void whereverAKillCutsTheFileWholeWritesAreThere() throws IOException {
    SimulatedApp one = simulator.app("one", Wire.json(FIELDS));
    simulator.app("two", Wire.json(FIELDS));
    one.add("{}");
    simulator.app(2).add("{}");
    restart();
    long before = Files.size(folder.resolve("records.jsonl"));
    String touch = "{'method':'PUT','api':'/k/v1/record.json','payload':{'app':%d,'id':1}}";
    for (int i = 0; i < 5; i++) {
      wire.post(
          "/k/v1/bulkRequest.json",
          "{'requests':[" + touch.formatted(1) + "," + touch.formatted(2) + "]}");
    }
    stop();
    byte[] whole = Files.readAllBytes(folder.resolve("records.jsonl"));
    List<String> seen = new ArrayList<>();
    for (long length = before; length <= whole.length; length += 29) {
      Path left = temporary.resolve("cut-" + length);
      Files.createDirectories(left);
      Files.write(left.resolve("records.jsonl"), Arrays.copyOf(whole, (int) length));
      Files.write(left.resolve("records.jsonl.tmp"), new byte[] {1});
      open(left);
      String revision = simulator.app(1).values("$revision").get(0);
      assertThat(simulator.app(2).values("$revision"))
          .as("a bulkRequest is kept as a whole")
          .containsExactly(revision);
      assertThat(seen).allMatch(older -> older.compareTo(revision) <= 0);
      seen.add(revision);
      stop();
    }
    assertThat(seen).startsWith("1").contains("2", "3", "4", "5");
    open(folder);
    assertThat(simulator.app(1).values("$revision")).containsExactly("6");
  }

  @Test
  void aFolderServesOneSimulatorAtATime() throws IOException {
    assertThatThrownBy(() -> Simulator.start(0, folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("used by another");
    assertThatThrownBy(() -> Simulator.start(simulator.port(), temporary.resolve("other")))
        .isInstanceOf(BindException.class);
    Simulator.start(0, temporary.resolve("other")).close();
  }

  @Test
  void whatCannotBeReadIsNamedAndLeftAlone() throws IOException {
    simulator.app("a", Wire.json(FIELDS)).add("{}");
    stop();
    Path records = folder.resolve("records.jsonl");
    String damaged =
        Files.readString(records).replaceFirst("\"records\":\\[\\[1", "\"records\":[[");
    Files.writeString(records, damaged);
    assertThatThrownBy(() -> Simulator.start(0, folder))
        .isInstanceOf(IOException.class)
        .hasMessageMatching(".*records\\.jsonl, line [1-9][0-9]*: .+");
    assertThat(records).hasContent(damaged);
    Files.writeString(records, "something else\n");
    assertThatThrownBy(() -> Simulator.start(0, folder)).hasMessageContaining("line 1");
    Files.delete(records);
  }

  @Test
  void anOpenedFileStaysAsItIsUntilMuchOfItIsPast() throws IOException {
    Path records = folder.resolve("records.jsonl");
    SimulatedApp app = simulator.app("a", Wire.json(FIELDS));
    app.add("{}", "{'F':{'value':[{'fileKey':'%s'}]}}".formatted(upload("x")).replace('\'', '"'));
    stop();
    String before = Files.readString(records);
    open(folder);
    assertThat(records).as("a million records would take long to write anew").hasContent(before);

    for (int i = 0; i < 1200; i++) {
      wire.put("/k/v1/record.json", "{'app':1,'id':1,'record':{}}");
    }
    Patience.await().until(() -> Files.readAllLines(records).size() > 1200);
    restart();
    assertThat(Files.readAllLines(records)).as("without the old states").hasSizeLessThan(10);
    wire.delete("/k/v1/records.json", "{'app':1,'ids':[2]}");
    restart();
    assertThat(folder.resolve("files")).as("of deleted records").isEmptyDirectory();
    restart();
    assertThat(simulator.app(1).values("$revision")).containsExactly("1201");
  }

  @Test
  void behindHalfALineItGoesOn() throws IOException {
    simulator.app("a", Wire.json(FIELDS)).add("{}");
    simulator.close();
    Files.writeString(
        folder.resolve("records.jsonl"), "{\"records\":[[1,", StandardOpenOption.APPEND);
    open(folder);
    simulator.app(1).add("{\"K\":{\"value\":\"y\"}}");
    restart();
    assertThat(simulator.app(1).values("K")).containsExactly("", "y");
  }

  private Path copy(String name) throws IOException {
    Path target = temporary.resolve(name);
    Files.createDirectories(target);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, target.resolve(file.getFileName()));
      }
    }
    return target;
  }
}
