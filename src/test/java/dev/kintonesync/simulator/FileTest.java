package dev.kintonesync.simulator;

import static dev.kintonesync.simulator.KintoneUnderTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.kintone.client.FileClient;
import com.kintone.client.model.FileBody;
import com.kintone.client.model.record.FileFieldValue;
import dev.kintonesync.simulator.state.Permission;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files: up by {@code file.json}, into FILE fields, and down again. */
class FileTest extends ContractTest {
  private static final String FILE = "/k/v1/file.json";

  @TempDir Path folder;

  @Override
  String fields() {
    return """
    {'K':{'type':'SINGLE_LINE_TEXT','code':'K','unique':true},
     'F':{'type':'FILE','code':'F'},
     'S':{'type':'SUBTABLE','code':'S','fields':{'G':{'type':'FILE','code':'G'}}}}
    """;
  }

  @Test
  void kintonesOwnClientSendsAFileUpAndGetsItBack() throws IOException {
    byte[] content = new byte[70_000];
    new Random(46).nextBytes(content);
    byte[] nearlyADelimiter = "\r\n--b".getBytes(StandardCharsets.UTF_8);
    System.arraycopy(nearlyADelimiter, 0, content, 100, nearlyADelimiter.length);
    FileClient files = kintone.client().file();
    Path path = Files.write(folder.resolve("photo.png"), content);

    String upload = files.uploadFile(path, "image/png");
    long id = records.addRecord(app, of("F", new FileFieldValue(file(upload))));

    FileBody kept = records.getRecord(app, id).getFileFieldValue("F").get(0);
    assertThat(kept.getName()).isEqualTo("photo.png");
    assertThat(kept.getContentType()).isEqualTo("image/png");
    assertThat(kept.getSize()).isEqualTo(70_000);
    assertThat(kept.getFileKey()).isNotEqualTo(upload);
    assertThat(files.downloadFile(kept.getFileKey()).readAllBytes()).isEqualTo(content);
  }

  @Behaviour(number = 46, evidence = "O9,O12")
  void anUploadIsOnlyAttachedAFileOfARecordOnlyDownloadedAndUploadsExpire() {
    String upload = upload("a.txt", "hello");
    assertMissing(download(upload));
    assertThat(attach(upload).status()).isEqualTo(200);
    String kept = all().get(0).at("/F/value/0/fileKey").asText();

    assertThat(download(kept).body()).isEqualTo("hello");
    assertThat(attach(kept).code()).isEqualTo("GAIA_BL01");

    String late = upload("late.txt", "x");
    kintone.simulator().clock().advance(Duration.ofDays(3).minusMinutes(1));
    assertThat(attach(late).status()).isEqualTo(200);
    kintone.simulator().clock().advance(Duration.ofMinutes(1));
    Wire.Answer expired = attach(late);
    assertThat(expired.status()).isEqualTo(404);
    assertThat(expired.code()).isEqualTo("GAIA_BL01");
    assertThat(download(kept).body()).isEqualTo("hello");
    kintone.simulator().clock().reset();
  }

  @Test
  void anUpdateReplacesTheListAndKeepsFilesByTheirOwnKeys() {
    attach(upload("a.txt", "a"), upload("b.txt", "b"));
    String a = all().get(0).at("/F/value/0/fileKey").asText();
    String b = all().get(0).at("/F/value/1/fileKey").asText();

    put("'F':{'value':[{'fileKey':'" + b + "'},{'fileKey':'" + upload("c.txt", "c") + "'}]}");
    JsonNode files = all().get(0).at("/F/value");
    assertThat(files.findValuesAsText("name")).containsExactly("b.txt", "c.txt");
    assertThat(files.at("/0/fileKey").asText()).isEqualTo(b);
    assertMissing(download(a));

    put("'K':{'value':'untouched'}");
    assertThat(all().get(0).at("/F/value")).isEqualTo(files);
    put("'F':{'value':[]}");
    assertThat(all().get(0).at("/F/value")).isEmpty();
    assertMissing(download(b));
  }

  @Test
  void filesLieInTablesToo() {
    String upload = upload("row.txt", "in a row");
    addAll("[{'S':{'value':[{'value':{'G':{'value':[{'fileKey':'" + upload + "'}]}}}]}}]");
    JsonNode row = all().get(0).at("/S/value/0");
    String key = row.at("/value/G/value/0/fileKey").asText();
    assertThat(download(key).body()).isEqualTo("in a row");

    put(
        "'S':{'value':[{'id':'%s','value':{'G':{'value':[{'fileKey':'%s'}]}}}]}"
            .formatted(row.path("id").asText(), key));
    assertThat(all().get(0).at("/S/value/0/value/G/value/0/fileKey").asText()).isEqualTo(key);
  }

  @Test
  void afterARefusedWriteAnUploadCanStillBeAttached() {
    add("taken");
    String upload = upload("a.txt", "a");
    String file = "'F':{'value':[{'fileKey':'" + upload + "'}]}";

    assertThat(addAll("[{" + file + ",'K':{'value':'taken'}}]").code()).isEqualTo("CB_VA01");
    assertThat(addAll("[{" + file + ",'K':{'value':'free'}}]").status()).isEqualTo(200);
  }

  @Test
  void aFileOfADeletedRecordIsGone() {
    attach(upload("a.txt", "a"));
    String key = all().get(0).at("/F/value/0/fileKey").asText();
    records.deleteRecords(app, List.of(all().get(0).at("/$id/value").asLong()));

    assertMissing(download(key));
  }

  @Test
  void aFileIsFoundByItsNameAndItsText() {
    kintone.simulator();
    attach(upload("report.txt", "apples and pears"));

    assertThat(records.getRecords(app, "F like \"report\"")).hasSize(1);
    assertThat(records.getRecords(app, "F like \"pears\"")).hasSize(1);
    assertThat(records.getRecords(app, "F like \"plums\"")).isEmpty();
    assertThat(records.getRecords(app, "F is empty")).isEmpty();
  }

  @Test
  void namesOfAnyScriptSurvive() {
    attach(upload("請求書 \\\"4月\\\".txt", "x"));

    assertThat(all().get(0).at("/F/value/0/name").asText()).isEqualTo("請求書 \"4月\".txt");
    String key = all().get(0).at("/F/value/0/fileKey").asText();
    assertThat(download(key).headers().firstValue("Content-Disposition").orElse(""))
        .endsWith("%E8%AB%8B%E6%B1%82%E6%9B%B8%20%224%E6%9C%88%22.txt");
  }

  @Test
  void anEmptyFileIsAFile() {
    attach(upload("empty.txt", ""));

    assertThat(all().get(0).at("/F/value/0/size").asText()).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--b",
        "--b--",
        "--b\r\n",
        "--b\r\n\r\nx",
        "garbage",
        "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nno name\r\n--b--\r\n",
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\ncut off",
        "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\nx\r\n--b--\r\n",
        "--b\r\n"
            + "Content-Disposition: form-data; name=\"file\"; filename*=UTF-8''%zz\r\n\r\n"
            + "x\r\n"
            + "--b--",
      })
  void whatIsNoUploadIsRefused(String body) {
    Wire.Answer answer = wire.postAs("multipart/form-data; boundary=b", FILE, body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isIn("CB_IL02", "CB_VA01");
  }

  @Test
  void anUploadNeedsABoundaryAndMustBeMultipart() {
    assertThat(wire.postAs("multipart/form-data", FILE, "--b--").code()).isEqualTo("CB_IL02");
    assertThat(wire.post(FILE, "{}").errorKeys()).containsExactly("file");
    assertThat(wire.post(FILE, "{'file':{'content':'x'}}").errorKeys()).containsExactly("file");
    assertThat(wire.get(FILE).errorKeys()).containsExactly("fileKey");
    assertMissing(download("nonsense"));
    assertMissing(download("0123456789abcdef".repeat(3)));
    assertThat(refused(() -> kintone.client().file().downloadFile("x")).code())
        .isEqualTo("GAIA_BL01");
  }

  @Test
  void filesOfAnAppNeedTheRightToViewIt() {
    attach(upload("a.txt", "a"));
    String key = all().get(0).at("/F/value/0/fileKey").asText();
    kintone.simulator().token("adder", app, Permission.ADD);

    assertThat(kintone.withToken("adder").get(FILE + "?fileKey=" + key).code())
        .isEqualTo("GAIA_NO01");
  }

  @Test
  void aNameBeyondMeasureIsRefusedOrKept() {
    assertThat(upload("n".repeat(1900), "x")).isNotEmpty();
    assertThat(upload("\\\"".repeat(950), "x")).isNotEmpty();
    String head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"";

    Wire.Answer answer =
        wire.postAs(
            "multipart/form-data; boundary=b",
            FILE,
            head + "n".repeat(1_000_000) + "\"\r\n\r\nx\r\n--b--\r\n");
    assertThat(answer.code()).isEqualTo("CB_IL02");
  }

  @Test
  void aDelimiterInsideALineIsContent() {
    attach(upload("a.txt", "one --b two\r\n--"));

    assertThat(download(all().get(0).at("/F/value/0/fileKey").asText()).body())
        .isEqualTo("one --b two\r\n--");
  }

  private static FileBody file(String key) {
    return new FileBody().setFileKey(key);
  }

  /** Uploads a text; answers its key. Quotes in the name must be escaped as in a header. */
  private static String upload(String name, String text) {
    String body =
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
            + name
            + "\"\r\nContent-Type: text/plain\r\n\r\n"
            + text
            + "\r\n--b--\r\n";
    String key =
        wire.postAs("multipart/form-data; boundary=\"b\"", FILE, body)
            .json()
            .path("fileKey")
            .asText();
    assertThat(key).isNotEmpty();
    return key;
  }

  private Wire.Answer attach(String... uploads) {
    String files =
        String.join(",", Arrays.stream(uploads).map(key -> "{'fileKey':'" + key + "'}").toList());
    return addAll("[{'F':{'value':[" + files + "]}}]");
  }

  private void put(String cells) {
    String id = all().get(0).at("/$id/value").asText();
    assertThat(update("[{'id':" + id + ",'record':{" + cells + "}}]").status()).isEqualTo(200);
  }

  private static HttpResponse<String> download(String key) {
    return wire.get(FILE + "?fileKey=" + key).response();
  }

  private static void assertMissing(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(Wire.json(answer.body()).path("code").asText()).isEqualTo("GAIA_BL01");
  }
}
