package dev.kintonesync.camel.kamelet;

import dev.kintonesync.camel.batch.AggregationStrategies;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.KintoneRequest;
import java.util.List;
import org.apache.camel.Exchange;

/**
 * The steps of operations with an id, as the route {@code send-once} takes them. What they throw is
 * told to the sender by the route {@code send-operations}.
 */
public final class SendOnceSteps {
  private static final String SENDING = "kintoneSending";

  /** The message in the body is looked for among those that came before. */
  public void begin(Exchange exchange) {
    OperationSteps.of(exchange).sending().begin();
    exchange.setProperty(SENDING, OperationSteps.of(exchange).sending());
  }

  /** Whether its sender has no answer yet. */
  public boolean isOpen(Exchange exchange) {
    return of(exchange).isOpen();
  }

  /** What to ask Kintone before they are sent. */
  public List<KintoneRequest> questions(Exchange exchange) {
    return of(exchange).questions();
  }

  /** The answers in the body tell whether they are sent. */
  public void learn(Exchange exchange) {
    boolean asked = !of(exchange).questions().isEmpty();
    of(exchange).learn(asked ? AggregationStrategies.answers(exchange) : List.of());
  }

  /** Whether they are sent now. */
  public boolean isToBeSent(Exchange exchange) {
    return of(exchange).isToBeSent();
  }

  /** All operations of the message as one request. */
  public KintoneRequest request(Exchange exchange) {
    return of(exchange).request();
  }

  /** The answer in the body tells what became of them. */
  public void answer(Exchange exchange) {
    of(exchange).answered(exchange.getMessage().getBody(Answer.class));
  }

  private static Sending of(Exchange exchange) {
    return exchange.getProperty(SENDING, Sending.class);
  }
}
