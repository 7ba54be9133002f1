package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.kintone.client.KintoneClient;
import com.kintone.client.KintoneClientBuilder;
import com.kintone.client.model.Entity;
import com.kintone.client.model.EntityType;
import com.kintone.client.model.Order;
import com.kintone.client.model.record.PostedRecordComment;
import com.kintone.client.model.record.RecordComment;
import dev.kintonesync.simulator.state.Directory;
import dev.kintonesync.simulator.state.Permission;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Comments on records. */
class CommentTest {
  private static final String COMMENT = "/k/v1/record/comment.json";
  private static final String COMMENTS = "/k/v1/record/comments.json";

  private Simulator simulator;
  private SimulatedApp app;
  private Wire wire;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start();
    wire = Wire.withToken(simulator.url(), "any");
    app = simulator.app("a", "{\"K\":{\"type\":\"SINGLE_LINE_TEXT\",\"code\":\"K\"}}");
    app.add("{}", "{}");
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @Test
  void kintonesOwnClientPostsReadsAndDeletes() throws Exception {
    simulator.directory().register(Directory.Kind.USER, "sato", "佐藤 昇");
    simulator.directory().register(Directory.Kind.GROUP, "sales", "Sales");
    try (KintoneClient kintone =
        KintoneClientBuilder.create(simulator.url()).authByPassword("sato", "x").build()) {
      long first = kintone.record().addRecordComment(1, 1, new RecordComment("one\ntwo"));
      Entity user = new Entity(EntityType.USER, "sato");
      Entity group = new Entity(EntityType.GROUP, "sales");
      long second =
          kintone.record().addRecordComment(1, 1, new RecordComment("hi", List.of(user, group)));

      List<PostedRecordComment> comments = kintone.record().getRecordComments(1, 1);
      assertThat(comments).extracting(PostedRecordComment::getId).containsExactly(second, first);
      assertThat(comments)
          .extracting(PostedRecordComment::getText)
          .containsExactly("佐藤 昇 Sales \nhi", "one\ntwo");
      assertThat(comments.get(0).getMentions()).containsExactly(user, group);
      assertThat(comments.get(0).getCreator().getName()).isEqualTo("佐藤 昇");
      assertThat(comments.get(0).getCreatedAt().toInstant())
          .isBetween(simulator.clock().instant().minusSeconds(60), simulator.clock().instant());

      kintone.record().deleteRecordComment(1, 1, second);
      assertThat(kintone.record().getRecordComments(1, 1, Order.ASC, 0L, 10L))
          .extracting(PostedRecordComment::getId)
          .containsExactly(first);
      assertThat(kintone.record().addRecordComment(1, 1, new RecordComment("again")))
          .isGreaterThan(second);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'',                        5 4 3 2 1, false, false",
    "order=asc,                 1 2 3 4 5, false, false",
    "limit=2,                   5 4,       true,  false",
    "limit=2&offset=2,          3 2,       true,  true",
    "limit=2&offset=4,          1,         false, true",
    "order=asc&limit=2&offset=1, 2 3,      true,  true",
    "order=ASC&limit=1,         1,         false, true",
    "limit=0,                   '',        true,  false",
    "offset=9,                  '',        false, true",
  })
  void pagesTellWhatIsOlderAndNewer(String page, String ids, boolean older, boolean newer) {
    IntStream.range(0, 5).forEach(i -> post("text"));

    JsonNode answer = wire.get(COMMENTS + "?app=1&record=1&" + page).json();

    List<String> found = new ArrayList<>();
    answer.path("comments").forEach(comment -> found.add(comment.path("id").asText()));
    assertThat(String.join(" ", found)).isEqualTo(ids);
    assertThat(answer.path("older").asBoolean()).isEqualTo(older);
    assertThat(answer.path("newer").asBoolean()).isEqualTo(newer);
  }

  @Test
  void eachRecordHasItsOwnAndKeepsItsRevision() {
    post("on the first");

    assertThat(wire.get(COMMENTS + "?app=1&record=2").json().path("comments")).isEmpty();
    assertThat(app.records().get(0).at("/$revision/value").asText()).isEqualTo("1");
  }

  @Test
  void onlyWhoPostedItMayDeleteAComment() {
    String id = post("mine");
    String suzuki = Base64.getEncoder().encodeToString("suzuki:x".getBytes());
    String body = "{'app':1,'record':1,'comment':" + id + "}";

    Wire.Answer other = wire.send("DELETE", COMMENT, body, "X-Cybozu-Authorization", suzuki);
    assertThat(other.status()).isEqualTo(403);
    assertThat(other.code()).isEqualTo("GAIA_RE03");
    assertThat(wire.delete(COMMENT, body).status()).isEqualTo(200);
    assertThat(wire.delete(COMMENT, body).code()).isEqualTo("GAIA_RE02");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'comment':{'text':'x'}}                                  | CB_VA01   | app,record",
        "{'app':1,'record':1}                                      | CB_VA01   | comment.text",
        "{'app':1,'record':1,'comment':{'text':''}}                | CB_VA01   | comment.text",
        "{'app':1,'record':1,'comment':{'text':'x','mentions':[{'type':'USER'}]}}"
            + " | CB_VA01 | comment.mentions[0].code",
        "{'app':1,'record':1,'comment':{'text':'x','mentions':[{'code':'a','type':'DOG'}]}}"
            + " | CB_VA01 | comment.mentions[0].type",
        "{'app':1,'record':9,'comment':{'text':'x'}}               | GAIA_RE01 |",
        "{'app':9,'record':1,'comment':{'text':'x'}}               | GAIA_AP01 |",
        "{'app':1,'record':1,'comment':'x'}                        | CB_IJ01   |",
      })
  void whatCannotBePostedIsRefused(String body, String code, String keys) {
    Wire.Answer answer = wire.post(COMMENT, body);

    assertThat(answer.code()).isEqualTo(code);
    assertThat(answer.errorKeys()).isEqualTo(keys == null ? List.of() : List.of(keys.split(",")));
  }

  @Test
  void textAndMentionsHaveTheirLimits() {
    assertThat(post("x".repeat(65_535))).isNotEmpty();
    assertThat(comment("x".repeat(65_536), "[]").errorKeys()).containsExactly("comment.text");
    String mention = "{'code':'a','type':'USER'}";
    assertThat(comment("x", "[" + (mention + ",").repeat(9) + mention + "]").status())
        .isEqualTo(200);
    assertThat(comment("x", "[" + (mention + ",").repeat(10) + mention + "]").errorKeys())
        .containsExactly("comment.mentions");
  }

  @Test
  void whoIsMentionedMustExist() {
    simulator.directory().register(Directory.Kind.USER, "sato", "Sato");
    simulator.directory().register(Directory.Kind.GROUP, "sales", "Sales");
    simulator.directory().register(Directory.Kind.ORGANIZATION, "tokyo", "Tokyo");

    assertThat(comment("x", "[{'code':'ito','type':'USER'}]").code()).isEqualTo("GAIA_IL26");
    assertThat(comment("x", "[{'code':'ito','type':'GROUP'}]").code()).isEqualTo("GAIA_IL27");
    assertThat(comment("x", "[{'code':'ito','type':'ORGANIZATION'}]").code())
        .isEqualTo("GAIA_IL28");
    assertThat(wire.get(COMMENTS + "?app=1&record=1").json().path("comments")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"order=up,order", "limit=11,limit", "limit=-1,limit", "offset=-1,offset"})
  void aPageThatCannotBeIsRefused(String page, String key) {
    assertThat(wire.get(COMMENTS + "?app=1&record=1&" + page).errorKeys()).containsExactly(key);
  }

  @Test
  void anAppCanDoWithoutComments() {
    wire.put("/k/v1/preview/app/settings.json", "{'app':1,'enableComments':false}");
    wire.post("/k/v1/preview/app/deploy.json", "{'apps':[{'app':1}]}");
    Awaitility.await()
        .untilAsserted(() -> assertThat(comment("x", "[]").code()).isEqualTo("GAIA_RE12"));
  }

  @Test
  void commentsNeedTheRightToView() {
    simulator.token("adder", app.id(), Permission.ADD);
    Wire adder = Wire.withToken(simulator.url(), "adder");

    assertThat(adder.get(COMMENTS + "?app=1&record=1").code()).isEqualTo("GAIA_NO01");
  }

  private Wire.Answer comment(String text, String mentions) {
    return wire.post(
        COMMENT,
        "{'app':1,'record':1,'comment':{'text':'" + text + "','mentions':" + mentions + "}}");
  }

  private String post(String text) {
    return comment(text, "[]").json().path("id").asText();
  }
}
