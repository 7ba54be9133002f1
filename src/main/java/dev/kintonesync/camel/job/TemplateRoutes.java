package dev.kintonesync.camel.job;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.RootCause;
import dev.kintonesync.message.UserErrorException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.support.service.ServiceHelper;

/** The routes that are made of the templates of jobs, and of which one job may have several. */
final class TemplateRoutes {
  private final Supplier<CamelContext> context;

  TemplateRoutes(Supplier<CamelContext> context) {
    this.context = context;
  }

  /** Adds and starts the route that watches a folder. */
  void watch(String job, Path folder, FolderGate gate) {
    String name = "kintoneGate-" + job;
    context.get().getRegistry().bind(name, gate);
    TemplatedRouteBuilder.builder(context.get(), "watch-folder")
        .routeId(job)
        .parameter("job", job)
        .parameter("folder", folder.toString())
        .parameter("gate", name)
        .add();
    start(job);
  }

  /** Adds and starts the route that follows a topic. */
  void follow(String job, PollLoop loop) {
    TemplatedRouteBuilder.builder(context.get(), "follow-topic")
        .routeId(job)
        .parameter("job", URLEncoder.encode(job, StandardCharsets.UTF_8))
        .parameter("poll", bound(job, loop))
        .add();
    start(job);
  }

  /** Adds and starts a route of times. */
  void poll(String route, Timetable times, PollLoop loop) {
    TemplatedRouteBuilder.builder(context.get(), "poll-source")
        .routeId(route)
        .parameter("times", times.uri())
        .parameter("poll", bound(route, loop))
        .add();
    start(route);
  }

  private String bound(String route, PollLoop loop) {
    String name = "kintonePoll-" + route;
    context.get().getRegistry().bind(name, loop);
    return name;
  }

  /** Starts a route unless it has started. */
  void start(String route) {
    try {
      context.get().getRouteController().startRoute(route);
    } catch (Exception e) {
      throw new UserErrorException(MessageCode.ROUTES_BROKEN.with(route, RootCause.words(e)), e);
    }
  }

  /**
   * Takes routes away, unless one of them has something under way.
   *
   * @param busy whether there is something under way, whatever Camel knows; asked when nothing can
   *     begin any more
   * @return whether they are gone; else they go on
   */
  boolean removeIdle(List<String> routes, BooleanSupplier busy) throws Exception {
    var there = routes.stream().filter(route -> context.get().getRoute(route) != null).toList();
    // from now on no run begins; to suspend a route would end one that has begun by force
    for (String route : there) {
      ServiceHelper.suspendService(context.get().getRoute(route).getConsumer());
    }
    var flying = context.get().getInflightRepository();
    if (busy.getAsBoolean() || there.stream().anyMatch(route -> flying.size(route) > 0)) {
      for (String route : there) {
        ServiceHelper.resumeService(context.get().getRoute(route).getConsumer());
      }
      return false;
    }
    remove(there);
    return true;
  }

  /** Takes routes away. */
  void remove(List<String> routes) throws Exception {
    for (String route : routes) {
      var made = context.get().getRoute(route);
      context.get().getRouteController().stopRoute(route);
      context.get().removeRoute(route);
      if (made != null) {
        Timetable.forget(context.get(), made);
      }
    }
  }
}
