package dev.kintonesync.kamelets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** Each record of an app is a message. */
class RecordsSourceTest {

  @Test
  void eachRecordThatFulfilsTheConditionIsAMessage() throws Exception {
    List<Map<?, ?>> read = new CopyOnWriteArrayList<>();
    var route =
        new RouteBuilder() {
          @Override
          public void configure() {
            from("kamelet:kintone-records-source?app={{customers}}&times=1"
                    + "&query=RAW(amount > 0)&fields=code,amount")
                .routeId("read")
                .autoStartup(false)
                .process(exchange -> read.add(exchange.getMessage().getBody(Map.class)));
          }
        };
    try (var other = new OtherApplication(route)) {
      for (int i = 0; i < 510; i++) {
        other.app.add(
            "{\"code\":{\"value\":\"K%d\"},\"amount\":{\"value\":\"%d\"}}".formatted(i, i));
      }
      other.context().getRouteController().startRoute("read");

      Patience.await().until(() -> read.size() >= 509);

      assertThat(read).hasSize(509);
      assertThat(read.get(0).get("code")).isEqualTo("K1");
      assertThat(read.get(0).get("amount")).isEqualTo("1");
      assertThat(read).extracting(record -> record.get("code")).doesNotHaveDuplicates();
    }
  }

  @Test
  void aRecordThatFailsKeepsNoOtherFromBeingRead() throws Exception {
    List<Object> read = new CopyOnWriteArrayList<>();
    var route =
        new RouteBuilder() {
          @Override
          public void configure() {
            from("kamelet:kintone-records-source?app={{customers}}&times=1")
                .routeId("read")
                .autoStartup(false)
                .process(
                    exchange -> {
                      Object code = exchange.getMessage().getBody(Map.class).get("code");
                      if (code.equals("K3")) {
                        throw new IllegalStateException("bad record");
                      }
                      read.add(code);
                    });
          }
        };
    try (var other = new OtherApplication(route)) {
      for (int i = 0; i < 510; i++) {
        other.app.add("{\"code\":{\"value\":\"K%d\"}}".formatted(i));
      }
      other.context().getRouteController().startRoute("read");

      Patience.await().until(() -> read.contains("K509"));

      assertThat(read).hasSize(509).doesNotContain("K3");
    }
  }
}
