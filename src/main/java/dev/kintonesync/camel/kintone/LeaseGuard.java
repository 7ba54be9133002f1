package dev.kintonesync.camel.kintone;

import org.apache.camel.Exchange;

/** Keeps a run from writing that has lost its lease, because its process was frozen or cut off. */
public final class LeaseGuard {
  /**
   * The call of this exchange is about to go out.
   *
   * @throws dev.kintonesync.message.UserErrorException when it would write and another process may
   *     be at it; its run stops
   */
  public void check(Exchange exchange) {
    RequestContext run = RequestContext.find(exchange);
    if (run != null && !KintoneHttp.callOf(exchange).request().changesNothing()) {
      run.mustHoldItsLease();
    }
  }
}
