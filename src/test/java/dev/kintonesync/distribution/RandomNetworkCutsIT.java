package dev.kintonesync.distribution;

import dev.kintonesync.Patience;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promise 19 wherever the network of a node is cut, and whichever way it comes back. */
@Order(1) // it waits long
class RandomNetworkCutsIT extends CutNodes {

  @Test
  void whateverIsCutNothingIsLostAndNothingIsWrittenTwice() throws Exception {
    cuts(6);
  }

  @Test
  @Tag("sweep")
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void aHundredCutsLoseNothingAndWriteNothingTwice() throws Exception {
    cuts(100);
  }

  /** Rows come in all the time, and the network of a node is cut, each time in another way. */
  private void cuts(int cuts) throws Exception {
    var random = new Random(20261129);
    var one = start(first);
    var other = start(second);
    int rows = 0;
    for (int cut = 0; cut < cuts; cut++) {
      var networks = cut % 2 == 0 ? toJournal : toKintone;
      var network = networks.get(random.nextBoolean() ? "first" : "second");
      String how = "cut %d, %s".formatted(cut, cut % 2 == 0 ? "journal" : "kintone");
      add(rows, rows + 50);
      arrived(0, rows + 1 + random.nextInt(50), how + ", before", one, other);
      network.cut();
      add(rows + 50, rows + 100);
      if (networks == toJournal && random.nextBoolean()) {
        Patience.await()
            .until(
                () ->
                    number("SELECT COUNT(*) FROM node WHERE alive_until > CURRENT_TIMESTAMP") == 1);
      }
      switch (cut / 2 % 3) {
        case 0 -> network.forgetConnections();
        case 1 -> network.resetConnections();
        default -> network.goOn();
      }
      rows += 100;
      for (int app = 0; app < apps.size(); app++) {
        arrived(app, rows, how, one, other);
      }
    }
    allSettled(rows);
  }
}
