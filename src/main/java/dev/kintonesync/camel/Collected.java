package dev.kintonesync.camel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;

/** Messages that are sent together, in the order in which they came. */
public final class Collected {
  private final Sink sink;
  private final List<Delivery> deliveries = new ArrayList<>();

  Collected(Sink sink) {
    this.sink = sink;
  }

  /** Who sends them. */
  Sink sink() {
    return sink;
  }

  List<Delivery> deliveries() {
    return deliveries;
  }

  /** How many parts they have. */
  int parts() {
    return deliveries.stream().map(Delivery::parts).mapToInt(Collection::size).sum();
  }

  /** Whether nothing more can be added. */
  public boolean isFull() {
    return parts() >= sink.most();
  }

  private Collected with(Collected more) {
    deliveries.addAll(more.deliveries);
    return this;
  }

  /** A message by itself, which is not full yet. */
  static Collected of(Sink sink, Delivery delivery) {
    var collected = new Collected(sink);
    collected.deliveries.add(delivery);
    return collected;
  }

  /** How messages are collected; what does not fit in any more begins the next collection. */
  static final AggregationStrategy STRATEGY =
      new AggregationStrategy() {
        @Override
        public Exchange aggregate(Exchange before, Exchange next) {
          if (before == null) {
            return next;
          }
          var body = before.getMessage().getBody(Collected.class);
          before.getMessage().setBody(body.with(next.getMessage().getBody(Collected.class)));
          return before;
        }

        @Override
        public boolean canPreComplete() {
          return true;
        }

        @Override
        public boolean preComplete(Exchange before, Exchange next) {
          if (before == null) {
            return false;
          }
          var body = before.getMessage().getBody(Collected.class);
          int more = next.getMessage().getBody(Collected.class).parts();
          return body.parts() + more > body.sink().most();
        }
      };
}
