package dev.kintonesync.kamelets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.simulator.http.Fault;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What becomes of a message that is not confirmed is said by the route that sent it, and by no
 * other; it gets the message as it was.
 */
@Timeout(60)
class ErrorHandlersOfOthersTest {
  private static final Map<String, Object> CUSTOMER = Map.of("code", "A", "name", "abe");
  private static final Map<String, Object> OPERATION = Operations.add("A");

  private final List<Object> dead = new CopyOnWriteArrayList<>();
  private final List<Object> caught = new CopyOnWriteArrayList<>();

  /** A dead letter channel around the Kamelets in some routes, and a doTry in others. */
  private final class Routes extends RouteBuilder {
    @Override
    public void configure() {
      var kamelets =
          Map.of(
              "upsert", "kamelet:kintone-upsert-sink?app={{customers}}&updateKey=code&interval=20",
              "action", "kamelet:kintone-bulk-action?app={{customers}}&interval=20");
      from("direct:dead").process(exchange -> dead.add(exchange.getMessage().getBody()));
      kamelets.forEach(
          (name, kamelet) -> {
            from("direct:kept-" + name)
                .errorHandler(
                    deadLetterChannel("direct:dead").maximumRedeliveries(1).redeliveryDelay(1))
                .to(kamelet);
            from("direct:tried-" + name)
                .doTry()
                .to(kamelet)
                .doCatch(Exception.class)
                .process(exchange -> caught.add(exchange.getMessage().getBody()));
          });
    }
  }

  private static void kintoneIsAway(OtherApplication other) {
    other.simulator.faults().add(Fault.error(520, "GAIA_DA02").times(1000));
  }

  @Test
  void aDeadLetterIsTheMessageAsItWasSent() throws Exception {
    try (var other = new OtherApplication(new Routes())) {
      kintoneIsAway(other);

      other.producer().requestBody("direct:kept-upsert", CUSTOMER);
      other.producer().requestBody("direct:kept-upsert", List.of(CUSTOMER));
      other.producer().requestBody("direct:kept-action", OPERATION);

      assertThat(dead).containsExactly(CUSTOMER, List.of(CUSTOMER), OPERATION);
    }
  }

  @Test
  void whoeverCatchesTheErrorHasTheMessageAsItWasSent() throws Exception {
    try (var other = new OtherApplication(new Routes())) {
      kintoneIsAway(other);

      other.producer().requestBody("direct:tried-upsert", CUSTOMER);
      other.producer().requestBody("direct:tried-upsert", List.of(CUSTOMER));
      other.producer().requestBody("direct:tried-action", OPERATION);

      assertThat(caught).containsExactly(CUSTOMER, List.of(CUSTOMER), OPERATION);
      assertThat(dead).isEmpty();
    }
  }

  @Test
  void whatIsSaidForAllRoutesIsDoneOnceAndWhereTheMessageWasSent() throws Exception {
    var handled = new CopyOnWriteArrayList<String>();
    var forAll =
        new RouteConfigurationBuilder() {
          @Override
          public void configuration() {
            routeConfiguration()
                .onException(Exception.class)
                .continued(true)
                .process(
                    exchange ->
                        handled.add(
                            exchange.getUnitOfWork().getRoute().getRouteId()
                                + ": "
                                + exchange
                                    .getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class)
                                    .getMessage()));
          }
        };
    var route =
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:mine")
                .routeId("mine")
                .to("kamelet:kintone-upsert-sink?app={{customers}}&updateKey=code&interval=20")
                .setHeader("after", constant(true));
          }
        };
    try (var other = new OtherApplication(forAll, route)) {
      other.producer().requestBody("direct:mine", "A,abe");

      assertThat(handled).singleElement().asString().startsWith("mine: ").contains("not a record");
    }
  }
}
