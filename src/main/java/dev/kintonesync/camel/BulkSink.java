package dev.kintonesync.camel;

import dev.kintonesync.kintone.Limits;
import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import java.util.List;

/**
 * The Kamelet {@code kintone-bulk-action}: messages of one operation, or of a list of operations
 * that must stay together.
 */
public final class BulkSink extends Sink {
  @Override
  int most() {
    return Limits.REQUESTS_PER_BULK;
  }

  @Override
  boolean collects(Delivery delivery) {
    return true;
  }

  @Override
  Delivery delivery(Object body) {
    if (body instanceof List<?> list && (list.isEmpty() || list.size() > most())) {
      throw new RefusedException(Text.OPERATIONS_TOO_MANY.with(list.size(), most()));
    }
    var delivery = new Delivery(body);
    delivery.parts().forEach(part -> Operations.request(job().connection(), job().app(), part));
    return delivery;
  }
}
