package dev.kintonesync.camel.kintone;

import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.sync.AdaptiveLimiter;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.camel.Exchange;

/**
 * The permits to write to an app: so many write requests are in flight at once per app, over all
 * jobs of the process. A permit is held around the sending only, never while a batch is looked up.
 */
public final class WritePermits {
  /** Of the 100 requests that a domain bears at once, other integrations want some too. */
  private static final int CROWDED = 50;

  private static final String SENT_AT = "kintoneSentAt";

  private final Supplier<AdaptiveLimiter> paces;
  private final Map<String, Permits> permits = new ConcurrentHashMap<>();

  /** The permits of one app. */
  private static final class Permits {
    private final AdaptiveLimiter limiter;
    private int taken;

    private Permits(AdaptiveLimiter limiter) {
      this.limiter = limiter;
    }

    private synchronized void take() throws InterruptedException {
      while (taken >= limiter.writers()) {
        wait();
      }
      taken++;
    }

    private synchronized void giveBack() {
      taken--;
      notifyAll();
    }
  }

  /**
   * Permits that nobody holds.
   *
   * @param paces makes the pace of an app that is written to for the first time
   */
  public WritePermits(Supplier<AdaptiveLimiter> paces) {
    this.paces = paces;
  }

  /** Waits for a permit for the app of the exchange's run. */
  public void take(Exchange exchange) throws InterruptedException {
    var permits = permits(exchange);
    permits.take();
    long now = System.nanoTime();
    permits.limiter.begins(now);
    exchange.setProperty(SENT_AT, now);
  }

  /** Gives the permit back, and takes a lesson from how the request went. */
  public void giveBack(Exchange exchange) {
    long now = System.nanoTime();
    var call = exchange.getProperty("kintoneCall", KintoneCall.class);
    var request = call.request();
    var took = Duration.ofNanos(now - exchange.getProperty(SENT_AT, Long.class));
    boolean busy = call.attempts() > 1 || call.running() > CROWDED;
    var permits = permits(exchange);
    permits.limiter.learn(
        new AdaptiveLimiter.Lesson(request.records(), request.counted(), took, busy), now);
    permits.giveBack();
  }

  /** The pace of an app, which plans ask for the size of their bulkRequests. */
  public AdaptiveLimiter limiter(KintoneConnection connection, String app) {
    return permits(place(connection, app)).limiter;
  }

  private Permits permits(Exchange exchange) {
    var job = Objects.requireNonNull(RequestContext.find(exchange), "a write of no run").job();
    return permits(place(job.connection(), job.app()));
  }

  private Permits permits(String place) {
    return permits.computeIfAbsent(place, app -> new Permits(paces.get()));
  }

  /** Names an app of a domain. */
  public static String place(KintoneConnection connection, String app) {
    return connection.baseUrl() + "/" + app;
  }
}
