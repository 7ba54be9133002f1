package dev.kintonesync.camel.batch;

import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.sync.Plan;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;

/** How the routes merge messages. */
public final class AggregationStrategies {

  /** The write requests of one turn become one bulkRequest; a single one goes as itself. */
  public static final AggregationStrategy BULK_REQUEST =
      (before, next) -> {
        if (before == null) {
          return next;
        }
        var request = before.getMessage().getBody(KintoneRequest.class);
        before.getMessage().setBody(request.and(next.getMessage().getBody(KintoneRequest.class)));
        return before;
      };

  /** The answers to several requests, as one list. */
  public static final AggregationStrategy ANSWERS =
      (before, next) -> {
        var answers = new ArrayList<Answer>(before == null ? List.of() : answers(before));
        answers.add(next.getMessage().getBody(Answer.class));
        next.getMessage().setBody(answers);
        return next;
      };

  /** The plan learns what the key lookups found. */
  public static final AggregationStrategy LOOK_UP =
      (original, looked) -> {
        var plan = original.getMessage().getBody(Plan.class);
        BatchContext run = BatchContext.of(original);
        original
            .getMessage()
            .setBody(run.nextTurn(run.isUnfit() ? plan : plan.found(answers(looked))));
        return original;
      };

  /** The plan learns what the apps hold that lookup fields copy from. */
  public static final AggregationStrategy SOURCES =
      (original, looked) -> {
        var plan = original.getMessage().getBody(Plan.class);
        BatchContext run = BatchContext.of(original);
        original.getMessage().setBody(run.nextTurn(plan.foundSources(answers(looked))));
        return original;
      };

  private AggregationStrategies() {}

  /** The list that {@link #ANSWERS} made. */
  public static List<Answer> answers(Exchange exchange) {
    var answers = new ArrayList<Answer>();
    for (Object answer : exchange.getMessage().getBody(List.class)) {
      answers.add((Answer) answer);
    }
    return answers;
  }
}
