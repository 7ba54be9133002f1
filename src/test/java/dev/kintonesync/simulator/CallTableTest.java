package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.CallTable.Call;
import dev.kintonesync.simulator.CallTable.Entry;
import dev.kintonesync.simulator.state.Permission;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;

/**
 * Every call has the parameters that Kintone's official description names, refuses what is missing
 * or of a wrong type, and answers with the members it names.
 */
class CallTableTest extends ContractTest {
  private static final String OF_APP = "{'app':$app}";

  /** A good body for each call that takes more than an app. */
  private static final Map<String, String> BODIES =
      Map.ofEntries(
          Map.entry("GET app", "{'id':$app}"),
          Map.entry("GET apps", "{'ids':[$app],'limit':10}"),
          Map.entry("GET apps/statistics", "{'limit':10,'offset':'0'}"),
          Map.entry(
              "POST bulkRequest",
              "{'requests':[{'method':'POST','api':'/k/v1/record.json','payload':{'app':$app}}]}"),
          Map.entry("GET file", "{'fileKey':'$file'}"),
          Map.entry("POST preview/app", "{'name':'new'}"),
          Map.entry("GET preview/app/deploy", "{'apps':[$app]}"),
          Map.entry("POST preview/app/deploy", "{'apps':[{'app':$app}]}"),
          Map.entry("DELETE preview/app/form/fields", "{'app':$app,'fields':['Q']}"),
          Map.entry(
              "POST preview/app/form/fields",
              "{'app':$app,'properties':{'N':{'type':'NUMBER','code':'N'}}}"),
          Map.entry(
              "PUT preview/app/form/fields",
              "{'app':$app,'properties':{'T':{'type':'SINGLE_LINE_TEXT','label':'t'}}}"),
          Map.entry("PUT preview/app/form/layout", "{'app':$app,'layout':[]}"),
          Map.entry("PUT preview/app/settings", "{'app':$app,'enableComments':'true'}"),
          Map.entry("PUT preview/app/status", "{'app':$app,'enable':true}"),
          Map.entry("GET record", "{'app':$app,'id':$id}"),
          Map.entry("POST record", "{'app':$app,'record':{'K':{'value':'new'}}}"),
          Map.entry(
              "PUT record", "{'app':$app,'updateKey':{'field':'K','value':'K1'},'record':{}}"),
          Map.entry("PUT record/assignees", "{'app':$app,'id':$id,'assignees':[]}"),
          Map.entry("DELETE record/comment", "{'app':$app,'record':$id,'comment':$comment}"),
          Map.entry(
              "POST record/comment",
              "{'app':$app,'record':$id,'comment':{'text':'t','mentions':[$user]}}"),
          Map.entry("GET record/comments", "{'app':$app,'record':$id,'order':'ASC'}"),
          Map.entry("PUT record/status", "{'app':$app,'id':$id,'action':'finish'}"),
          Map.entry("DELETE records", "{'app':$app,'ids':[$id]}"),
          Map.entry("POST records", "{'app':$app,'records':[{}]}"),
          Map.entry(
              "PUT records",
              "{'app':$app,'upsert':true,'records':[{'id':'$id','record':{}},"
                  + "{'updateKey':{'field':'K','value':'K2'},'record':{}}]}"),
          Map.entry("GET records/acl/evaluate", "{'app':$app,'ids':[$id]}"),
          Map.entry("GET records/cursor", "{'id':'$cursor'}"),
          Map.entry("DELETE records/cursor", "{'id':'$cursor'}"),
          Map.entry("PUT records/status", "{'app':$app,'records':[{'id':$id,'action':'finish'}]}"));

  private static final List<String> WRONG = List.of("CB_VA01", "CB_IJ01");

  /** What is said of a missing parameter: that it is required, and how many there have to be. */
  private static final List<String> MISSING =
      List.of(
          "Required field.",
          "Between 1 and 100 records can be deleted at one time.",
          "size must be between 1 and 100");

  private static final String MULTIPART =
      "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n"
          + "Content-Type: text/plain\r\n\r\nhello\r\n--x--\r\n";

  private String id = "";
  private String comment = "";
  private String cursor = "";
  private String file = "";

  @Override
  String fields() {
    String fields = FIELDS.strip();
    return fields.substring(0, fields.length() - 1) + ",'F':{'type':'FILE','code':'F'}}";
  }

  static List<Call> calls() throws IOException {
    return CallTable.read();
  }

  /** A record with a file, a comment and a state that can be left, and a cursor. */
  private void fill() {
    wire.put(
        "/k/v1/preview/app/status.json",
        """
        {'app':%d,'enable':true,'states':{'new':{'name':'new','index':'0'},
          'done':{'name':'done','index':'1'}},
         'actions':[{'name':'finish','from':'new','to':'done'}]}
        """
            .formatted(app));
    kintone.deploy(app);
    String key = upload().json().path("fileKey").asText();
    id =
        ask(
            "POST",
            "record",
            "{'app':$app,'record':{'K':{'value':'K1'},'F':{'value':[{'fileKey':'" + key + "'}]}}}",
            "id");
    file = all().get(0).at("/F/value/0/fileKey").asText();
    comment =
        ask(
            "POST",
            "record/comment",
            "{'app':$app,'record':$id,'comment':{'text':'t','mentions':[$user]}}",
            "id");
    cursor = ask("POST", "records/cursor", OF_APP, "id");
  }

  @AfterEach
  void closeCursor() {
    wire.delete("/k/v1/records/cursor.json", "{'id':'" + cursor + "'}");
  }

  private Wire.Answer upload() {
    return wire.postAs("multipart/form-data; boundary=x", "/k/v1/file.json", MULTIPART);
  }

  private String ask(String method, String resource, String body, String member) {
    Wire.Answer answer = wire.send(method, "/k/v1/" + resource + ".json", filled(body));
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.json().path(member).asText();
  }

  private String filled(String body) {
    return body.replace("$app", Long.toString(app))
        .replace("$id", id)
        .replace("$comment", comment)
        .replace("$cursor", cursor)
        .replace("$file", file)
        .replace("$user", "{'type':'USER','code':'" + kintone.user() + "'}");
  }

  private ObjectNode good(Call call) {
    return (ObjectNode) Wire.json(filled(BODIES.getOrDefault(call.line(), OF_APP)));
  }

  private static Wire.Answer send(Call call, JsonNode body) {
    return wire.sendRaw(call.method(), call.path(), body.toString());
  }

  @Behaviour(number = 64, evidence = "O15")
  void everyCallOfTheTableIsAnsweredAndNoOther() throws IOException {
    assertThat(calls())
        .extracting(Call::line)
        .containsExactlyInAnyOrderElementsOf(Simulator.endpoints());
  }

  @Behaviour(number = 65, evidence = "M1,O15")
  void whatIsMissingOrOfAWrongTypeIsRefused() throws IOException {
    fill();
    SoftAssertions softly = new SoftAssertions();
    for (Call call : calls()) {
      for (Entry parameter : call.parameters()) {
        if (parameter.needed()) {
          ObjectNode body = good(call);
          String key = parameter.type().equals("file") ? "file" : parameter.remove(body);
          Wire.Answer missing = send(call, body);
          softly.assertThat(missing.code()).as("%s %s", call.line(), body).isEqualTo("CB_VA01");
          softly.assertThat(missing.errorKeys()).as("%s %s", call.line(), body).contains(key);
          softly
              .assertThat(missing.messages(key))
              .as("%s %s", call.line(), body)
              .allMatch(MISSING::contains);
        }
        if (!parameter.type().equals("file")) {
          ObjectNode body = good(call);
          String key = parameter.put(body, parameter.wrong());
          Wire.Answer wrong = send(call, body);
          softly.assertThat(wrong.code()).as("%s %s", call.line(), body).isIn(WRONG);
          if (wrong.code().equals("CB_VA01")) {
            softly.assertThat(wrong.errorKeys()).as("%s %s", call.line(), body).contains(key);
          }
        }
      }
    }
    softly.assertAll();
  }

  @Behaviour(number = 66, evidence = "M1,O15")
  void aGoodCallIsAnsweredWithItsMembers() throws IOException {
    boolean asItWas = false;
    for (Call call : calls()) {
      if (!asItWas) {
        closeCursor();
        makeApp();
        fill();
      }
      limitSomebody();
      asItWas = call.method().equals("GET") && !call.line().endsWith("cursor");
      Wire.Answer answer = call.line().equals("POST file") ? upload() : send(call, good(call));
      assertThat(answer.status())
          .as("%s: %s", call.line(), answer.response().body())
          .isEqualTo(200);
      if (call.line().equals("GET file")) {
        assertThat(answer.response().body()).isEqualTo("hello");
      } else {
        assertMembers(call, answer.json());
      }
    }
  }

  /** Somebody else: without it there are no permissions of records and fields to be seen. */
  private void limitSomebody() {
    var rights = kintone.simulator().rights();
    rights.limitRecords("GROUP:sales", app, "K = \"K1\"", Set.of(Permission.VIEW));
    rights.limitField("sato", app, "T", Set.of(Permission.VIEW));
  }

  private static void assertMembers(Call call, JsonNode answer) {
    assertThat(answer.fieldNames())
        .toIterable()
        .as(call.line())
        .hasSameElementsAs(call.topMembers());
    for (Entry member : call.members()) {
      List<JsonNode> values = CallTable.found(answer, member.name());
      assertThat(values).as("%s: %s in %s", call.line(), member, answer).allMatch(member::accepts);
      if (member.needed()) {
        long holders =
            CallTable.found(answer, member.holder()).stream()
                .filter(holder -> !holder.isNull())
                .count();
        assertThat((long) values.size())
            .as("%s: %s in %s", call.line(), member, answer)
            .isPositive()
            .isGreaterThanOrEqualTo(holders);
      }
    }
  }
}
