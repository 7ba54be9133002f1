package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.kintone.client.model.Entity;
import com.kintone.client.model.EntityType;
import com.kintone.client.model.Order;
import com.kintone.client.model.record.PostedRecordComment;
import com.kintone.client.model.record.RecordComment;
import dev.kintonesync.simulator.state.Directory;
import dev.kintonesync.simulator.state.Permission;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Comments on records. */
class CommentTest extends ContractTest {
  private static final String COMMENT = "/k/v1/record/comment.json";
  private static final String COMMENTS = "/k/v1/record/comments.json";

  private long record;

  @BeforeEach
  void addRecord() {
    record = add("K1");
  }

  @Test
  void kintonesOwnClientPostsReadsAndDeletes() {
    long first = records.addRecordComment(app, record, new RecordComment("one\ntwo"));
    Entity me = new Entity(EntityType.USER, kintone.user());
    long second = records.addRecordComment(app, record, new RecordComment("hi", List.of(me, me)));

    List<PostedRecordComment> comments = records.getRecordComments(app, record);
    assertThat(comments).extracting(PostedRecordComment::getId).containsExactly(second, first);
    String name = comments.get(0).getCreator().getName();
    assertThat(comments)
        .extracting(PostedRecordComment::getText)
        .containsExactly(name + " " + name + " \nhi", "one\ntwo");
    assertThat(comments.get(0).getMentions()).containsExactly(me, me);
    assertThat(comments.get(0).getCreator().getCode()).isEqualTo(kintone.user());
    assertThat(comments.get(0).getCreatedAt()).isAfterOrEqualTo(comments.get(1).getCreatedAt());

    records.deleteRecordComment(app, record, second);
    assertThat(records.getRecordComments(app, record, Order.ASC, 0L, 10L))
        .extracting(PostedRecordComment::getId)
        .containsExactly(first);
    assertThat(records.addRecordComment(app, record, new RecordComment("again")))
        .isGreaterThan(second);
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

    JsonNode answer = list(record, page);

    List<String> found = new ArrayList<>();
    answer.path("comments").forEach(comment -> found.add(comment.path("id").asText()));
    assertThat(String.join(" ", found)).isEqualTo(ids);
    assertThat(answer.path("older").asBoolean()).isEqualTo(older);
    assertThat(answer.path("newer").asBoolean()).isEqualTo(newer);
  }

  @Test
  void eachRecordHasItsOwnAndKeepsItsRevision() {
    long other = add("K2");
    post("on the first");

    assertThat(list(other, "").path("comments")).isEmpty();
    assertThat(all().get(0).at("/$revision/value").asText()).isEqualTo("1");
  }

  @Test
  void theTimeOfACommentHasSeconds() {
    post("x");

    Instant created = Instant.parse(list(record, "").at("/comments/0/createdAt").asText());
    assertThat(created)
        .isEqualTo(created.truncatedTo(ChronoUnit.SECONDS))
        .isBetween(Instant.now().minusSeconds(120), Instant.now().plusSeconds(120));
  }

  @Test
  void onlyWhoPostedItMayDeleteAComment() {
    kintone.simulator();
    String body = "{'app':" + app + ",'record':" + record + ",'comment':" + post("mine") + "}";

    Wire.Answer other = Wire.withPassword(kintone.url(), "suzuki", "x").delete(COMMENT, body);
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
        "{'comment':{'text':'x'}}                          | CB_VA01   | app,record",
        "{'app':APP,'record':ID}                           | CB_VA01   | comment",
        "{'app':APP,'record':ID,'comment':null}            | CB_VA01   | comment",
        "{}                                                | CB_VA01   | app,record,comment",
        "{'app':APP,'record':ID,'comment':{'text':''}}     | CB_VA01   | comment.text",
        "{'app':APP,'record':ID,'comment':{'text':'x','mentions':[{'type':'USER'}]}}"
            + " | CB_VA01 | comment.mentions[0].code",
        "{'app':APP,'record':ID,'comment':{'text':'x','mentions':[{'code':'a','type':'DOG'}]}}"
            + " | CB_VA01 | comment.mentions[0].type",
        "{'app':APP,'record':999,'comment':{'text':'x'}}   | GAIA_RE01 |",
        "{'app':APP,'record':ID,'comment':'x'}             | CB_IJ01   |",
      })
  void whatCannotBePostedIsRefused(String body, String code, String keys) {
    Wire.Answer answer =
        wire.post(COMMENT, body.replace("APP", "" + app).replace("ID", "" + record));

    assertThat(answer.code()).isEqualTo(code);
    assertThat(answer.errorKeys()).isEqualTo(keys == null ? List.of() : List.of(keys.split(",")));
  }

  @Test
  void textAndMentionsHaveTheirLimits() {
    assertThat(post("x".repeat(65_535))).isNotEmpty();
    assertThat(comment("x".repeat(65_536), "[]").errorKeys()).containsExactly("comment.text");
    String mention = "{'code':'" + kintone.user() + "','type':'USER'}";
    assertThat(comment("x", "[" + (mention + ",").repeat(9) + mention + "]").status())
        .isEqualTo(200);
    assertThat(comment("x", "[" + (mention + ",").repeat(10) + mention + "]").errorKeys())
        .containsExactly("comment.mentions");
  }

  @Test
  void whoIsMentionedMustExist() {
    Directory directory = kintone.simulator().directory();
    // the directory is shared by all tests here, and knows nobody else once it knows one
    directory.register(Directory.Kind.USER, kintone.user(), kintone.user());
    directory.register(Directory.Kind.USER, "sato", "佐藤 昇");
    directory.register(Directory.Kind.GROUP, "sales", "Sales");
    directory.register(Directory.Kind.ORGANIZATION, "tokyo", "Tokyo");

    assertThat(comment("x", "[{'code':'ito','type':'USER'}]").code()).isEqualTo("GAIA_IL26");
    assertThat(comment("x", "[{'code':'ito','type':'GROUP'}]").code()).isEqualTo("GAIA_IL27");
    assertThat(comment("x", "[{'code':'ito','type':'ORGANIZATION'}]").code())
        .isEqualTo("GAIA_IL28");
    assertThat(list(record, "").path("comments")).isEmpty();
    comment("x", "[{'code':'sato','type':'USER'},{'code':'tokyo','type':'ORGANIZATION'}]");
    assertThat(list(record, "").at("/comments/0/text").asText()).isEqualTo("佐藤 昇 Tokyo \nx");
  }

  @ParameterizedTest
  @CsvSource({"order=up,order", "limit=11,limit", "limit=-1,limit", "offset=-1,offset"})
  void aPageThatCannotBeIsRefused(String page, String key) {
    assertThat(list(record, page).path("errors").fieldNames()).toIterable().containsExactly(key);
  }

  @Test
  void anAppCanDoWithoutComments() {
    wire.put("/k/v1/preview/app/settings.json", "{'app':" + app + ",'enableComments':false}");
    kintone.deploy(app);

    assertThat(comment("x", "[]").code()).isEqualTo("GAIA_RE12");
  }

  @Test
  void commentsNeedTheRightToView() {
    kintone.simulator().token("adder", app, Permission.ADD);

    assertThat(
            kintone.withToken("adder").get(COMMENTS + "?app=" + app + "&record=" + record).code())
        .isEqualTo("GAIA_NO01");
  }

  private JsonNode list(long of, String page) {
    return wire.get(COMMENTS + "?app=" + app + "&record=" + of + "&" + page).json();
  }

  private Wire.Answer comment(String text, String mentions) {
    return wire.post(
        COMMENT,
        "{'app':%d,'record':%d,'comment':{'text':'%s','mentions':%s}}"
            .formatted(app, record, text, mentions));
  }

  private String post(String text) {
    return comment(text, "[]").json().path("id").asText();
  }
}
