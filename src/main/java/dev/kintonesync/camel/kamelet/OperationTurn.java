package dev.kintonesync.camel.kamelet;

import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;

/**
 * A step in which collected operations wait until all that were collected before are sent. It holds
 * neither the thread of the collecting message nor the collection, which others come to meanwhile.
 */
public final class OperationTurn extends AsyncProcessorSupport {

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    var collected = exchange.getMessage().getBody(MessageBatch.class);
    collected.inTurn(() -> send(collected.sink(), callback));
    return false;
  }

  private static void send(Sink sink, AsyncCallback callback) {
    try {
      sink.senders().execute(() -> callback.done(false));
    } catch (RejectedExecutionException e) {
      sink.end(); // it has stopped: their senders are told, and nothing is sent
      callback.done(false);
    }
  }
}
