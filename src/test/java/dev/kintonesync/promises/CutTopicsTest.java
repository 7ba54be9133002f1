package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.CutNetwork;
import dev.kintonesync.FreePort;
import dev.kintonesync.Patience;
import dev.kintonesync.kafka.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A job follows a topic, and the network to its broker is cut. */
@Order(1) // it waits long
class CutTopicsTest {
  private static final String TOPIC = "customers";
  private static final String GROUP = "kintone-sync-customers";

  @TempDir Path home;

  private CutNetwork network;
  private KafkaBroker broker;
  private Rehearsal rehearsal;

  /** What becomes of the connections that were cut. */
  enum End {
    GO_ON,
    RESET,
    FORGOTTEN;

    private void of(CutNetwork network) throws IOException {
      switch (this) {
        case GO_ON -> network.goOn();
        case RESET -> network.resetConnections();
        case FORGOTTEN -> network.forgetConnections();
      }
    }
  }

  @BeforeEach
  void start() throws Exception {
    int port = FreePort.find();
    network = CutNetwork.to(port);
    broker =
        KafkaBroker.start(
            Map.of(
                "listeners",
                "PLAINTEXT://127.0.0.1:PORT,CUT://127.0.0.1:%d".formatted(port)
                    + ",CONTROLLER://127.0.0.1:CONTROLLER_PORT",
                "advertised.listeners",
                "PLAINTEXT://127.0.0.1:PORT,CUT://127.0.0.1:" + network.port(),
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,CUT:PLAINTEXT,CONTROLLER:PLAINTEXT"));
    broker.topic(TOPIC, 4);
    rehearsal = new Rehearsal(home, Map.of());
    Path client =
        Files.writeString(
            home.resolve("client.properties"),
            """
            session.timeout.ms = 3000
            heartbeat.interval.ms = 500
            request.timeout.ms = 2000
            default.api.timeout.ms = 2000
            """);
    Files.setPosixFilePermissions(client, PosixFilePermissions.fromString("rw-------"));
  }

  @AfterEach
  void stop() throws IOException {
    rehearsal.close();
    broker.close();
    network.close();
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsLostAndNothingIsWrittenTwice(End end) throws Exception {
    rehearsal
        .application()
        .watch(
            rehearsal.topicJob(
                "127.0.0.1:" + network.port(),
                TOPIC,
                "client-properties = client.properties",
                "every = 100ms"));
    send(0, 100);
    Patience.await().until(() -> broker.settled(GROUP) == 100);
    send(100, 200);
    network.cut();
    send(200, 300);
    Patience.await().until(() -> broker.members(GROUP) == 0);
    assertThat(broker.settled(GROUP)).isLessThan(300);

    end.of(network);
    Patience.await().until(() -> broker.settled(GROUP) == 300);
    assertThat(rehearsal.held("name")).hasSize(300);
    assertThat(rehearsal.held("$revision").values()).as("written once").containsOnly("1");
    Patience.await().until(() -> rehearsal.application().jobs().end("customers"));
  }

  private void send(int from, int to) {
    for (int i = from; i < to; i++) {
      broker.sent(TOPIC, "K" + i, "{\"code\": \"K" + i + "\", \"name\": \"Abe " + i + "\"}");
    }
    broker.flush();
  }
}
