package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.rules.Access;
import dev.kintonesync.simulator.rules.Caller;
import dev.kintonesync.simulator.rules.Params;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.Transaction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call of the REST API, alone or inside a bulkRequest: who asks for what.
 *
 * @param space the guest space its path names, or null
 * @param enclosing the transaction of the bulkRequest it is part of, or null
 */
record Call(
    Domain domain,
    Caller caller,
    @Nullable Long space,
    ObjectNode body,
    @Nullable Transaction enclosing) {

  Params params() {
    return new Params(body);
  }

  /** The doors of apps, as far as this caller may pass them. */
  Access access() {
    return new Access(domain, caller, space);
  }

  <T> T read(Supplier<T> reading) {
    return domain.read(reading);
  }

  /** Runs a change in its own transaction, or in that of the bulkRequest around it. */
  <T> T write(Function<Transaction, T> change) {
    return enclosing == null ? domain.write(change) : change.apply(enclosing);
  }

  /** The same caller's call of another endpoint, as part of a bulkRequest. */
  Call inside(Transaction transaction, ObjectNode payload) {
    return new Call(domain, caller, space, payload, transaction);
  }
}
