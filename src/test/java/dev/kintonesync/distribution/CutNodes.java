package dev.kintonesync.distribution;

import dev.kintonesync.CutNetwork;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** Two nodes whose network to Kintone and to the journal can be cut, each by itself. */
abstract class CutNodes extends TwoNodes {
  final Map<String, CutNetwork> toKintone = new HashMap<>();
  final Map<String, CutNetwork> toJournal = new HashMap<>();

  @Override
  String kintone(String node) throws IOException {
    var network = CutNetwork.to(URI.create(simulator.url()).getPort());
    toKintone.put(node, network);
    return "http://127.0.0.1:" + network.port();
  }

  @Override
  int journal(String node) throws IOException {
    var network = CutNetwork.to(server.getPort());
    toJournal.put(node, network);
    return network.port();
  }

  @AfterEach
  void mend() throws IOException {
    for (var networks : List.of(toKintone, toJournal)) {
      for (CutNetwork network : networks.values()) {
        network.close();
      }
    }
  }
}
