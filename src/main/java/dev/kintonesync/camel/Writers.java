package dev.kintonesync.camel;

import dev.kintonesync.kintone.Connection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;

/**
 * The permits to write to an app: so many write requests are in flight at once per app, over all
 * jobs of the process. A permit is held around the sending only, never while a batch is looked up.
 */
public final class Writers {
  private final int most;
  private final Map<String, Semaphore> permits = new ConcurrentHashMap<>();

  public Writers(int most) {
    this.most = most;
  }

  /** Waits for a permit for the app of the exchange's run. */
  public void take(Exchange exchange) {
    permits(exchange).acquireUninterruptibly();
  }

  /** Gives the permit back. */
  public void giveBack(Exchange exchange) {
    permits(exchange).release();
  }

  private Semaphore permits(Exchange exchange) {
    var job = Run.of(exchange).job();
    return permits.computeIfAbsent(
        place(job.connection(), job.app()), app -> new Semaphore(most, true));
  }

  /** Names an app of a domain. */
  static String place(Connection connection, String app) {
    return connection.baseUrl() + "/" + app;
  }
}
