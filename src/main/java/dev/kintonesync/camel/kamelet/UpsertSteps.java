package dev.kintonesync.camel.kamelet;

import dev.kintonesync.camel.batch.BatchContext;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.sync.Batch;
import java.util.Iterator;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of records that came as messages, as the route {@code upsert-records} takes them. As a
 * step of its own it waits until their keys are free, holding no thread.
 */
public final class UpsertSteps extends AsyncProcessorSupport {
  private static final Logger log = LoggerFactory.getLogger(UpsertSteps.class);

  private static final String UPSERT = "kintoneUpsert";

  /** The messages in the body become a run, which nobody writes down. */
  public BatchContext begin(Exchange exchange) {
    var upsert = new Upsert(exchange.getMessage().getBody(MessageBatch.class));
    exchange.setProperty(UPSERT, upsert);
    return upsert.begin();
  }

  /** Whether the app has to be read first. */
  public boolean isAppUnknown(Exchange exchange) {
    return !of(exchange).knowsApp();
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    try {
      of(exchange)
          .whenItsTurn(
              why -> {
                if (why != null) {
                  exchange.setException(why);
                }
                callback.done(false);
              });
      return false;
    } catch (RuntimeException e) {
      exchange.setException(e);
      callback.done(true);
      return true;
    }
  }

  /** The records as batches, each made when the one before is settled. */
  public Iterator<Batch> batches(Exchange exchange) {
    return of(exchange).batches();
  }

  /** Something was thrown: before the first batch, or by a defect. */
  public void failed(Exchange exchange) {
    var failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    UserMessage reason;
    if (failure instanceof UserErrorException refused) {
      reason = refused.reason();
    } else {
      log.error("messages cannot be sent", failure);
      reason = MessageCode.RUN_FAILED.with(String.valueOf(failure));
    }
    BatchContext.of(exchange).stop(reason);
  }

  /** Each sender gets the outcome of its records. */
  public void answer(Exchange exchange) {
    of(exchange).answer();
  }

  private static Upsert of(Exchange exchange) {
    return exchange.getProperty(UPSERT, Upsert.class);
  }
}
