package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.kintone.client.model.record.RecordComment;
import com.sun.net.httpserver.HttpServer;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Webhooks: who is told of what, and what nobody is told of. */
@LogOfProcess.LookedAt
class WebhookTest extends ContractTest {
  private final BlockingQueue<JsonNode> told = new LinkedBlockingQueue<>();
  private HttpServer listener;

  @BeforeEach
  void listen() throws IOException {
    kintone.simulator();
    listener = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    listener.createContext(
        "/",
        exchange -> {
          told.add(Wire.MAPPER.readTree(exchange.getRequestBody()));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    listener.start();
    listenAgain();
  }

  private void listenAgain() {
    wire.post(
        "/simulator/webhooks",
        "{'app':%d,'url':'http://127.0.0.1:%d/'}".formatted(app, listener.getAddress().getPort()));
  }

  @AfterEach
  void stopListening() {
    listener.stop(0);
  }

  private JsonNode next() throws InterruptedException {
    return Patience.next(told);
  }

  @Test
  void anAddressThatIsNoneIsRefusedAtOnce() {
    for (String wrong :
        List.of(
            "",
            "relative",
            "/hook",
            "//127.0.0.1/",
            "http:",
            "http:/hook",
            "http:///hook",
            "http://:80/",
            "http://a b/",
            "ftp://127.0.0.1/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "http://127.0.0.1:0/",
            "http://127.0.0.1:99999/",
            "http://127.0.0.1:x/")) {
      Wire.Answer answer =
          wire.post("/simulator/webhooks", "{'app':" + app + ",'url':'" + wrong + "'}");
      assertThat(answer.status()).as(wrong).isEqualTo(400);
      assertThat(answer.message()).as(wrong).contains("url");
    }
  }

  @Test
  void whoCannotBeReachedHoldsUpNobody() throws InterruptedException {
    try (SimulatorLog log = new SimulatorLog()) {
      wire.post("/simulator/webhooks", "{'app':" + app + ",'url':'http://127.0.0.1:1/'}");
      listenAgain();
      records.addRecord(app, of("T", text("told")));
      next();
      next();
      assertThat(log.complaints()).isEmpty();
    }
  }

  @Behaviour(number = 41, evidence = "O13")
  void callsOfManyRecordsAreNotTold() throws InterruptedException {
    List<Long> ids = records.addRecords(app, List.of(of("K", text("K1"))));
    upsert("[{'updateKey':{'field':'K','value':'K1'},'record':{}}]");
    update("[{'id':" + ids.get(0) + ",'record':{}}]");
    String add =
        "{'method':'POST','api':'/k/v1/record.json','payload':{'app':" + app + ",'record':{}}}";
    wire.post("/k/v1/bulkRequest.json", "{'requests':[" + add + "]}");
    records.deleteRecords(app, ids);

    long id = records.addRecord(app, of("T", text("told")));
    JsonNode added = next();
    assertThat(added.path("type").asText()).isEqualTo("ADD_RECORD");
    assertThat(added.at("/app/id").asText()).isEqualTo(Long.toString(app));
    assertThat(added.at("/record/T/value").asText()).isEqualTo("told");
    records.updateRecord(app, id, of("T", text("again")));
    assertThat(next().path("type").asText()).isEqualTo("UPDATE_RECORD");
    records.addRecordComment(app, id, new RecordComment("hello"));
    JsonNode commented = next();
    assertThat(commented.path("type").asText()).isEqualTo("ADD_RECORD_COMMENT");
    assertThat(commented.path("recordId").asText()).isEqualTo(Long.toString(id));
    assertThat(commented.at("/comment/text").asText()).isEqualTo("hello");
    assertThat(commented.at("/comment/id").asText()).isEqualTo("1");
    assertThat(commented.has("record")).isFalse();
    assertThat(told).isEmpty();
  }
}
