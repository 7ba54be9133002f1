package dev.kintonesync.camel;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.impl.engine.DefaultShutdownStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of the user's routes when the program is told to end: they take nothing new, what a
 * Kamelet has collected is sent, and senders get their answers, as far as the time allows.
 */
final class LastMessages {
  private static final Logger log = LoggerFactory.getLogger(LastMessages.class);

  private final CamelContext context;
  private final List<String> custom;
  private final long end;
  private final Thread ending;

  private LastMessages(CamelContext context, List<String> custom, boolean runs, Duration time) {
    this.context = context;
    this.custom = custom;
    this.end = System.nanoTime() + time.toNanos();
    // routes that a run may call go on until the runs are over
    Predicate<Route> which = runs ? this::begins : this::isUsers;
    this.ending = new Thread(() -> end(which, time.toMillis()), "last-messages");
    ending.setDaemon(true);
  }

  /**
   * From now on nothing new begins.
   *
   * @param custom the ids of the user's routes
   * @param runs whether runs are in work, which may call some of the routes
   * @param time how long messages may take
   */
  static LastMessages begin(
      CamelContext context, List<String> custom, boolean runs, Duration time) {
    var last = new LastMessages(context, custom, runs, time);
    last.ending.start();
    return last;
  }

  /**
   * The runs are over, and nobody calls the routes any more: waits for the end of all.
   *
   * @param atLeast so long, however much time the runs took
   */
  void await(Duration atLeast) throws InterruptedException {
    ending.join(Math.max(atLeast.toMillis(), left()));
    end(this::isUsers, Math.max(atLeast.toMillis(), left()));
  }

  private boolean isUsers(Route route) {
    return route.isCreatedByKamelet() || custom.contains(route.getRouteId());
  }

  private boolean begins(Route route) {
    return custom.contains(route.getRouteId()) && !CustomRoutes.isDirect(route.getEndpoint());
  }

  private long left() {
    return TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
  }

  private boolean isStarted(Route route) {
    return context.getRouteController().getRouteStatus(route.getRouteId()).isStarted();
  }

  private void end(Predicate<Route> which, long millis) {
    var routes =
        context.getCamelContextExtension().getRouteStartupOrder().stream()
            .filter(order -> which.test(order.getRoute()) && isStarted(order.getRoute()))
            .toList();
    if (routes.isEmpty()) {
      return;
    }
    // one of its own: Camel's can do one thing at a time, and waits for other routes, too
    try (var strategy = new DefaultShutdownStrategy(context)) {
      strategy.setLogInflightExchangesOnTimeout(false);
      strategy.start();
      strategy.shutdown(context, routes, millis, TimeUnit.MILLISECONDS);
    } catch (Exception e) {
      log.warn("routes do not end in order: {}", e.toString());
    }
  }
}
