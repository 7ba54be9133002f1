package dev.kintonesync.camel;

import dev.kintonesync.kintone.Answer;
import dev.kintonesync.sync.Batch;
import dev.kintonesync.sync.Plan;
import org.apache.camel.Exchange;

/** Ties the plan of a batch to the routes {@code sync-batch} and {@code write-records}. */
public final class Plans {
  private final Hooks hooks;

  Plans(Hooks hooks) {
    this.hooks = hooks;
  }

  /** The exchange property that holds the plan of a batch. */
  static final String PLAN = "plan";

  /** A plan for the batch in the body, by the rules of the exchange's run. */
  public Plan plan(Exchange exchange) {
    Run run = Run.of(exchange);
    return run.plan(
        exchange.getMessage().getBody(Batch.class),
        hooks.isServed(Hooks.Place.BEFORE_WRITING, run.job().name()));
  }

  /** The answer in the body settles what the plan of this exchange sent last. */
  public Plan settle(Exchange exchange) {
    var plan = exchange.getProperty(PLAN, Plan.class);
    var answer = exchange.getMessage().getBody(Answer.class);
    Run run = Run.of(exchange);
    // a refusal by a form that has changed says nothing about the records
    return run.nextTurn(
        run.isUnfit() && !(answer instanceof Answer.Done) ? plan : plan.settle(answer));
  }
}
