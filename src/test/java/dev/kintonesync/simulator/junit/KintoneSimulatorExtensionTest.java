package dev.kintonesync.simulator.junit;

import static org.assertj.core.api.Assertions.assertThat;

import com.kintone.client.KintoneClient;
import com.kintone.client.KintoneClientBuilder;
import com.kintone.client.model.record.Record;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KintoneSimulatorExtension.class)
class KintoneSimulatorExtensionTest {
  private static int port;

  private SimulatedApp app;

  @BeforeEach
  void makeApp(Simulator kintone) {
    app = kintone.app("customers", "{\"K\":{\"type\":\"SINGLE_LINE_TEXT\",\"code\":\"K\"}}");
  }

  @RepeatedTest(2)
  void eachTestFindsItEmptyAndRunning(Simulator kintone) throws Exception {
    assertThat(app.id()).isEqualTo(1);
    assertThat(app.records()).isEmpty();
    try (KintoneClient client =
        KintoneClientBuilder.create(kintone.url()).authByApiToken("any").build()) {
      client.record().addRecord(app.id(), new Record());
    }
    assertThat(app.records()).hasSize(1);
    assertThat(kintone.port()).isEqualTo(port == 0 ? kintone.port() : port);
    port = kintone.port();
  }
}
