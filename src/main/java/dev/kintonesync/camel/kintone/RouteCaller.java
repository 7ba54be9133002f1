package dev.kintonesync.camel.kintone;

import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.KintoneRequest;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;

/** Calls routes from outside of any route, once the application has started. Safe for threads. */
public final class RouteCaller {
  private final Supplier<CamelContext> camel;
  private @Nullable ProducerTemplate producer;

  public RouteCaller(Supplier<CamelContext> camel) {
    this.camel = camel;
  }

  /** What calls them; it ends with the application. */
  public synchronized ProducerTemplate template() {
    ProducerTemplate made = producer;
    if (made == null) {
      made = camel.get().createProducerTemplate();
      producer = made;
    }
    return made;
  }

  /** What a request of a run to Kintone ended as, all its attempts included. */
  public static Answer ask(ProducerTemplate routes, RequestContext run, KintoneRequest request) {
    var answered =
        routes.request(
            "direct:kintone-request",
            exchange -> {
              exchange.setProperty(RequestContext.PROPERTY, run);
              exchange.getMessage().setBody(request);
            });
    if (answered.getException() != null) {
      throw new IllegalStateException(answered.getException());
    }
    return answered.getMessage().getBody(Answer.class);
  }
}
