package dev.kintonesync.camel.job;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.impl.engine.DefaultShutdownStrategy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of the user's routes when the program is told to end: they take nothing new, what a
 * Kamelet has collected is sent, and senders get their answers, as far as the time allows.
 */
public final class LastMessages {
  private static final Logger log = LoggerFactory.getLogger(LastMessages.class);

  private final CamelContext context;
  private final List<String> custom;
  private final long end;

  /** What still has to end when the runs are over; null where nothing has. */
  private @Nullable Predicate<Route> later;

  private Thread ending;

  private LastMessages(CamelContext context, List<String> custom, boolean runs, Duration time) {
    this.context = context;
    this.custom = custom;
    this.end = System.nanoTime() + time.toNanos();
    this.later = runs ? this::isUsers : null;
    // routes that a run may call go on until the runs are over
    this.ending = ending(runs ? this::begins : this::isUsers);
  }

  /**
   * From now on nothing new begins.
   *
   * @param custom the ids of the user's routes
   * @param runs whether runs are in work, which may call some of the routes
   * @param time how long messages may take
   */
  public static LastMessages begin(
      CamelContext context, List<String> custom, boolean runs, Duration time) {
    return new LastMessages(context, custom, runs, time);
  }

  /**
   * The runs are over, and nobody calls the routes any more: waits for the end of all, as long as
   * there is time.
   *
   * @param atLeast so long, however much time was used
   */
  public void await(Duration atLeast) throws InterruptedException {
    ending.join(millis(atLeast));
    if (later != null) {
      ending = ending(later);
      later = null;
      ending.join(millis(atLeast));
    }
  }

  private long millis(Duration atLeast) {
    long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    return Math.max(atLeast.toMillis(), left);
  }

  private boolean isUsers(Route route) {
    return route.isCreatedByKamelet() || custom.contains(route.getRouteId());
  }

  private boolean begins(Route route) {
    return custom.contains(route.getRouteId()) && !CustomRoutes.isDirect(route.getEndpoint());
  }

  private boolean isStarted(Route route) {
    return context.getRouteController().getRouteStatus(route.getRouteId()).isStarted();
  }

  private Thread ending(Predicate<Route> which) {
    var thread = new Thread(() -> end(which), "last-messages");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void end(Predicate<Route> which) {
    var routes =
        context.getCamelContextExtension().getRouteStartupOrder().stream()
            .filter(order -> which.test(order.getRoute()) && isStarted(order.getRoute()))
            .toList();
    if (routes.isEmpty()) {
      return;
    }
    // one of its own: Camel's can do one thing at a time
    try (var strategy = new DefaultShutdownStrategy(context)) {
      strategy.start();
      // without an end of its own: the program ends before it, and until then answers may come
      strategy.shutdown(context, routes, 1, TimeUnit.HOURS);
    } catch (Exception e) {
      log.warn("routes do not end in order: {}", e.toString());
    }
  }
}
