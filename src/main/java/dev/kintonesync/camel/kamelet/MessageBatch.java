package dev.kintonesync.camel.kamelet;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.camel.AggregationStrategy;
import org.jspecify.annotations.Nullable;

/** Messages that are sent together, in the order in which they came. */
public final class MessageBatch {
  private final Sink sink;
  private final List<PendingMessage> deliveries = new ArrayList<>();

  /** Where it stands among the collections of its sink; null where it goes by itself. */
  private SerialExecutor.@Nullable Ticket place;

  MessageBatch(Sink sink) {
    this.sink = sink;
  }

  /** A message by itself. */
  static MessageBatch of(Sink sink, PendingMessage delivery) {
    var collected = new MessageBatch(sink);
    collected.deliveries.add(delivery);
    return collected;
  }

  /** The sink that these messages came to. */
  Sink sink() {
    return sink;
  }

  List<PendingMessage> deliveries() {
    return deliveries;
  }

  /** How many parts they have. */
  int parts() {
    return deliveries.stream().map(PendingMessage::parts).mapToInt(Collection::size).sum();
  }

  /** Whether they go now, because there are enough of them, or because one waits for no others. */
  public boolean isFull() {
    return !sink.waits()
        || parts() >= sink.most()
        || deliveries.stream().anyMatch(each -> !sink.collects(each));
  }

  /** The one message that is carried out once. */
  Sending sending() {
    var sending = deliveries.get(0).sending();
    if (sending == null) {
      throw new IllegalStateException("a message without an id");
    }
    return sending;
  }

  /**
   * The same messages in loads that are not too large; no message is parted, and one with an id
   * goes by itself. One whose sender was told meanwhile that it is not sent stays behind.
   */
  public List<MessageBatch> loads() {
    var loads = new ArrayList<MessageBatch>();
    int room = 0;
    for (var delivery : deliveries.stream().filter(each -> !each.isOver()).toList()) {
      boolean alone = delivery.sending() != null;
      if (alone || loads.isEmpty() || delivery.parts().size() > room) {
        loads.add(new MessageBatch(sink));
        room = sink.most();
      }
      loads.get(loads.size() - 1).deliveries.add(delivery);
      room = alone ? 0 : room - delivery.parts().size();
    }
    return loads;
  }

  /** Does something when all that came to the sink before have done the same. */
  void inTurn(Runnable what) {
    if (place == null) {
      what.run();
    } else {
      place.inTurn(what);
    }
  }

  /** How messages are collected. Camel calls it for one message of a sink at a time. */
  static final AggregationStrategy STRATEGY =
      (before, next) -> {
        var more = next.getMessage().getBody(MessageBatch.class);
        if (before == null) {
          more.place = more.sink.place();
          return next;
        }
        before.getMessage().getBody(MessageBatch.class).deliveries.addAll(more.deliveries);
        return before;
      };
}
