package dev.kintonesync.cli;

import dev.kintonesync.FreePort;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Starts a service that has nothing but an address of its page, beside a simulator with an app. */
abstract class SetupByApi {
  @TempDir Path home;
  Simulator simulator;
  SimulatedApp app;
  Command command;
  String page;
  Service service;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start();
    app =
        simulator.app(
            "customers",
            """
            {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "顧客コード", "unique": true},
             "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "会社名"},
             "since": {"type": "DATE", "code": "since", "label": "取引開始日"},
             "rank": {"type": "DROP_DOWN", "code": "rank", "label": "ランク",
                      "options": {"A": {"label": "A", "index": "0"}, "B": {"label": "B", "index": "1"}}}}
            """);
    command = new Command(home);
    int port = FreePort.find();
    page = "http://127.0.0.1:" + port;
    Files.writeString(home.resolve("application.properties"), "console.port = " + port + "\n");
    service = new Service(command, Map.of());
  }

  @AfterEach
  void stop() throws Exception {
    service.close();
    simulator.close();
  }

  String properties() throws Exception {
    return Files.readString(home.resolve("application.properties"));
  }

  void connect(SetupClient client) throws Exception {
    client.post(
        "/connection",
        Map.of("baseUrl", simulator.url(), "auth", "token", "token", "t", "save", true));
  }

  String draftOf(SetupClient client, String job, Map<String, ?> source) throws Exception {
    String draft = client.draft(job);
    client.set(draft, Map.of("app", "" + app.id()));
    client.set(draft, source);
    return draft;
  }
}
