package dev.kintonesync.simulator.junit;

import static org.assertj.core.api.Assertions.assertThat;

import com.kintone.client.KintoneClient;
import com.kintone.client.KintoneClientBuilder;
import com.kintone.client.model.record.Record;
import com.kintone.client.model.record.SingleLineTextFieldValue;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KintoneSimulatorExtension.class)
class ExampleTest {
  @Test
  void aPostalCodeArrives(Simulator kintone) throws Exception {
    SimulatedApp codes = kintone.app("codes", Files.readString(Path.of("demo/app.json")));
    try (KintoneClient client =
        KintoneClientBuilder.create(kintone.url()).authByApiToken("any").build()) {
      Record record = new Record();
      record.putField("postal_code", new SingleLineTextFieldValue("100-0001"));
      client.record().addRecord(codes.id(), record);
    }
    assertThat(codes.values("postal_code")).containsExactly("100-0001");
    assertThat(kintone.requests()).hasToString("[POST record 200]");
  }
}
