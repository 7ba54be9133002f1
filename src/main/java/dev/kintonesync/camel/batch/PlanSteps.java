package dev.kintonesync.camel.batch;

import dev.kintonesync.kintone.Answer;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.sync.Batch;
import dev.kintonesync.sync.Plan;
import dev.kintonesync.sync.Reject;
import java.time.Clock;
import java.util.List;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ties the plan of a batch to the routes {@code sync-batch} and {@code write-records}. */
public final class PlanSteps {
  private static final Logger log = LoggerFactory.getLogger(PlanSteps.class);

  private final Hooks hooks;
  private final Clock clock;

  PlanSteps(Hooks hooks, Clock clock) {
    this.hooks = hooks;
    this.clock = clock;
  }

  /** The exchange property that holds the plan of a batch. */
  static final String PLAN = "kintonePlan";

  /** A plan for the batch in the body, by the rules of the exchange's run. */
  public Plan plan(Exchange exchange) {
    BatchContext run = BatchContext.of(exchange);
    return run.plan(
        exchange.getMessage().getBody(Batch.class),
        run.callsHooks() && hooks.isServed(Hooks.HookPoint.BEFORE_WRITING, run.job().name()));
  }

  /**
   * The plan of this exchange has nothing open any more, or was stopped. What is left of it in the
   * exchange are the rejected rows, since nobody counts what it holds from now on.
   */
  public void settled(Exchange exchange) {
    BatchContext run = BatchContext.of(exchange);
    var plan = exchange.getProperty(PLAN, Plan.class);
    List<Reject> told = List.of();
    if (plan == null) {
      var batch = exchange.getMessage().getBody(Batch.class);
      run.writing().settled(batch, batch.unprocessed());
    } else {
      if (run.job().options().onlyKey() != null) {
        run.decided(plan.decisions());
      }
      var result = plan.result();
      told = plan.batch().kind() == Batch.Kind.MISSING ? told : result.rejects();
      exchange.removeProperty(PLAN);
      plan.remember();
      run.approaches().learn(plan, result);
      run.writing().settled(plan.batch(), result);
    }
    exchange.getMessage().setBody(told);
  }

  /** A defect broke a batch: what of it is open stays unprocessed, and the run stops. */
  public void failed(Exchange exchange) {
    BatchContext run = BatchContext.of(exchange);
    var failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    log.error("a batch of run {} failed", run.name(), failure);
    run.stop(MessageCode.RUN_FAILED.with(String.valueOf(failure)));
  }

  /** What is to be done for the upload in the body: see {@link Uploads#claim}. */
  public Object claim(Exchange exchange) throws InterruptedException {
    return BatchContext.of(exchange).uploads().claim(exchange, clock.instant());
  }

  /** The upload of this exchange is answered, or broke. */
  public void giveBack(Exchange exchange) {
    BatchContext.of(exchange).uploads().giveBack(exchange, clock.instant());
  }

  /** The plan of this exchange learns what became of its uploads; there may have been none. */
  public Plan uploaded(Exchange exchange) {
    return BatchContext.of(exchange).nextTurn(planOf(exchange).uploaded(answers(exchange)));
  }

  /** The plan of this exchange learns what the files are that it asked for. */
  public Plan read(Exchange exchange) {
    return BatchContext.of(exchange).nextTurn(planOf(exchange).read(answers(exchange)));
  }

  private static Plan planOf(Exchange exchange) {
    return exchange.getProperty(PLAN, Plan.class);
  }

  private static List<Answer> answers(Exchange exchange) {
    return exchange.getMessage().getBody() instanceof List
        ? AggregationStrategies.answers(exchange)
        : List.of();
  }

  /** The answer in the body settles what the plan of this exchange sent last. */
  public Plan settle(Exchange exchange) {
    var plan = exchange.getProperty(PLAN, Plan.class);
    var answer = exchange.getMessage().getBody(Answer.class);
    BatchContext run = BatchContext.of(exchange);
    // a refusal by a form that has changed says nothing about the records
    return run.nextTurn(
        run.isUnfit() && !(answer instanceof Answer.Done) ? plan : plan.settle(answer));
  }
}
