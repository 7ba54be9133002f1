package dev.kintonesync.camel.job;

import static dev.kintonesync.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.JournalKind;
import dev.kintonesync.journal.LeasedException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.cluster.CamelClusterEventListener;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A route that begins with {@code master:} runs in one of the programs of a journal. */
@ParameterizedClass
@EnumSource
class JournalClusterServiceTest {
  @Parameter JournalKind kind;
  @TempDir Path home;

  @Test
  void oneProgramRunsTheRouteAndAnotherGoesOnWhenItEnds() throws Exception {
    var first = new AtomicInteger();
    var second = new AtomicInteger();
    try (var journal = journal();
        var beside = journal();
        var one = new DefaultCamelContext();
        var other = new DefaultCamelContext()) {
      begin(one, journal, first);
      await().until(() -> first.get() > 0);
      begin(other, beside, second);
      int before = first.get();
      await().until(() -> first.get() > before + 60); // longer than the other needs to look
      assertThat(second).hasValue(0);

      one.close();
      await().until(() -> second.get() > 0);
    }
  }

  @Test
  void aProgramThatIsCutOffStopsTheRouteBeforeAnotherBegins() throws Exception {
    assumeThat(kind).isEqualTo(JournalKind.POSTGRESQL);
    var first = new AtomicInteger();
    var second = new AtomicInteger();
    var there = kind.location(home, Duration.ofSeconds(8));
    try (var network = JournalKind.network(there);
        var journal = Journal.open(JournalKind.through(network, there), "run", Clock.systemUTC());
        var beside = Journal.open(there, "run", Clock.systemUTC());
        var one = new DefaultCamelContext();
        var other = new DefaultCamelContext()) {
      begin(one, journal, first);
      await().until(() -> first.get() > 0);
      begin(other, beside, second);
      network.cut();
      await().until(() -> second.get() > 0);
      int before = first.get();
      await().until(() -> second.get() > 40);
      assertThat(first).hasValue(before);

      network.goOn();
      other.close();
      await().until(() -> first.get() > before);
    }
  }

  @Test
  void aListenerThatFailsIsToldAgainAndTheProgramGoesOnLeading() throws Exception {
    var fired = new AtomicInteger();
    try (var journal = journal();
        var context = new DefaultCamelContext()) {
      var service = new JournalClusterService(journal.leases());
      var told = new AtomicInteger();
      service
          .getView("orders")
          .addEventListener(
              (CamelClusterEventListener.Leadership)
                  (view, leader) -> {
                    if (told.incrementAndGet() <= 2) {
                      throw new IllegalStateException("a defect of the listener's");
                    }
                  });
      begin(context, service, fired);
      await().until(() -> fired.get() > 0);
      assertThat(told).hasValue(3);
    }
  }

  @Test
  void aListenerThatFailsKeepsNobodyFromLeadingAfterALoss() throws Exception {
    assumeThat(kind).isEqualTo(JournalKind.POSTGRESQL);
    var fired = new AtomicInteger();
    var there = kind.location(home, Duration.ofSeconds(8));
    try (var network = JournalKind.network(there);
        var journal = Journal.open(JournalKind.through(network, there), "run", Clock.systemUTC());
        var beside = Journal.open(there, "run", Clock.systemUTC());
        var context = new DefaultCamelContext()) {
      var service = new JournalClusterService(journal.leases());
      service
          .getView("orders")
          .addEventListener(
              (CamelClusterEventListener.Leadership)
                  (view, leader) -> {
                    if (leader == null) {
                      throw new IllegalStateException("a defect of the listener's");
                    }
                  });
      begin(context, service, fired);
      await().until(() -> fired.get() > 0);
      network.cut();
      await()
          .ignoreExceptionsInstanceOf(LeasedException.class)
          .untilAsserted(() -> beside.leases().namespace("orders").close());
      int before = fired.get();
      network.goOn();
      await().until(() -> fired.get() > before + 40);
      assertThatThrownBy(() -> beside.leases().namespace("orders"))
          .isInstanceOf(LeasedException.class);
    }
  }

  private Journal journal() {
    return Journal.open(kind.location(home), "run", Clock.systemUTC());
  }

  private static void begin(DefaultCamelContext context, Journal journal, AtomicInteger fired)
      throws Exception {
    begin(context, new JournalClusterService(journal.leases()), fired);
  }

  private static void begin(
      DefaultCamelContext context, JournalClusterService service, AtomicInteger fired)
      throws Exception {
    context.addService(service);
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("master:orders:timer:tick?period=50&delay=0")
                .process(exchange -> fired.incrementAndGet());
          }
        });
    context.start();
  }
}
