package dev.kintonesync.source.kafka;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.PolledRows;
import dev.kintonesync.source.SourceFormat;
import dev.kintonesync.source.SourceRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a topic as source records, as long as one run takes. It ends when the run has
 * lasted long enough, has read enough, or nothing comes any more; or with the messages that were
 * there when it began.
 */
public final class TopicReader extends PolledRows {
  private static final Duration LOOK = Duration.ofMillis(200);

  private final TopicConsumer consumer;
  private final MessageFlow flow;
  private final TopicQuery query;
  private final boolean toEnd;
  private final boolean ownsConsumer;
  private final BooleanSupplier stops;
  private final MessageRows rows;
  private final @Nullable DeadLetters deadLetters;

  /** The messages of the rows that are not settled, where rejected ones go to another topic. */
  private final Map<Long, ConsumerRecord<byte[], byte[]>> letters = new HashMap<>();

  private final List<UserMessage> notes = new ArrayList<>();
  private final long begun = System.nanoTime();
  private @Nullable ConsumerRecord<byte[], byte[]> next;
  private long lastCame = System.nanoTime();
  private long firstOfBatch;
  private boolean inBatch;
  private boolean closed;

  /**
   * The schemas of values in Avro.
   *
   * @param registry what is known of them
   * @param client asks for others, on behalf of the run
   */
  public record Schemas(SchemaRegistry registry, SchemaRegistry.Client client) {}

  /**
   * Reads what a consumer gets.
   *
   * @param toEnd whether it ends with the messages that are there now; otherwise it follows
   * @param ownsConsumer whether the consumer is closed with this
   * @param stops whether the run is to end
   * @param whenLost is told when the run may send nothing any more
   * @param job names the job in dead letters
   * @param schemas those of a registry; null: there is none
   * @throws dev.kintonesync.message.UserErrorException when the topic cannot be read, and there is
   *     something to do about it
   * @throws java.io.UncheckedIOException when the brokers are out of reach
   */
  public TopicReader(
      TopicConsumer consumer,
      TopicQuery query,
      RowColumns columns,
      boolean toEnd,
      boolean ownsConsumer,
      BooleanSupplier stops,
      Consumer<UserMessage> whenLost,
      String job,
      @Nullable Schemas schemas) {
    super(List.copyOf(columns.names()), SourceFormat.JSON);
    this.consumer = consumer;
    this.flow = consumer.flow();
    this.query = query;
    this.toEnd = toEnd;
    this.ownsConsumer = ownsConsumer;
    this.stops = stops;
    this.rows =
        new MessageRows(
            query, columns, schemas == null ? null : schemas.registry().by(schemas.client()));
    String topic = query.deadLetterTopic();
    this.deadLetters = topic == null ? null : new DeadLetters(query, topic, job);
    flow.begin(toEnd, stops, whenLost);
  }

  /** Whether the messages are certainly this program's, and no other has them by now. */
  public boolean isOurs() {
    return consumer.isOurs();
  }

  @Override
  public boolean hasNext() {
    while (next == null) {
      if (stops.getAsBoolean() || isLongEnough() || (toEnd && flow.isAtEnd())) {
        return false;
      }
      got(flow.take(LOOK));
    }
    return true;
  }

  private boolean isLongEnough() {
    var pace = query.pace();
    return !toEnd
        && (flow.isHurried()
            || position().row() >= pace.runRows()
            || since(begun).compareTo(pace.runTime()) >= 0
            || since(lastCame).compareTo(pace.runIdle()) >= 0);
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private void got(@Nullable ConsumerRecord<byte[], byte[]> message) {
    if (message != null) {
      next = message;
      lastCame = System.nanoTime();
    }
  }

  @Override
  public SourceRecord next() {
    var message = next;
    if (message == null) {
      throw new NoSuchElementException();
    }
    next = null;
    if (!inBatch) {
      inBatch = true;
      firstOfBatch = System.nanoTime();
    }
    var position = turn(MessageCode.MESSAGE_POSITION.with(message.partition(), message.offset()));
    if (deadLetters != null) {
      synchronized (letters) {
        letters.put(position.row(), message);
      }
    }
    return rows.row(position, message);
  }

  /** A batch waits for more messages, but not longer than {@code every}. */
  @Override
  public boolean pauses() {
    while (inBatch && next == null && !stops.getAsBoolean()) {
      var left = query.pace().every().minus(since(firstOfBatch));
      got(flow.take(left.isNegative() ? Duration.ZERO : left));
      boolean over = left.isNegative() || flow.givesUp() || (toEnd && flow.isAtEnd());
      if (next == null && over) {
        inBatch = false;
        return true;
      }
    }
    return stops.getAsBoolean();
  }

  @Override
  public void settled(long records, Map<Long, String> rejected) {
    if (deadLetters != null) {
      deadLetters.send(letters(records, rejected));
    }
    flow.settled(records);
  }

  private List<DeadLetters.Letter> letters(long records, Map<Long, String> rejected) {
    var found = new ArrayList<DeadLetters.Letter>();
    synchronized (letters) {
      rejected.forEach(
          (row, reason) -> {
            var message = letters.get(row);
            if (message != null) {
              found.add(new DeadLetters.Letter(message, reason));
            }
          });
      letters.keySet().removeIf(row -> row <= records);
    }
    return found;
  }

  @Override
  public SourceRecord again(SourceRecord kept) {
    return rows.again(kept);
  }

  /** The members of messages that went nowhere, and the messages that were not there any more. */
  @Override
  public List<UserMessage> remarks() {
    notes.addAll(flow.takeNotes());
    var remarks = new ArrayList<>(notes);
    var ignored = rows.ignored();
    if (!ignored.isEmpty()) {
      remarks.add(MessageCode.COLUMNS_IGNORED.with(Shown.names(ignored)));
    }
    return remarks;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    flow.end();
    if (ownsConsumer) {
      consumer.close();
    }
    if (deadLetters != null) {
      deadLetters.close();
    }
  }
}
