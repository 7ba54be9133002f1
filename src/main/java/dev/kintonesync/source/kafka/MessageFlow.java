package dev.kintonesync.source.kafka;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.RootCause;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.TemporaryFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What passes between the thread of a consumer and the run that takes its messages: messages one
 * way, what is settled the other way. Safe for several threads.
 */
final class MessageFlow {
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int MOST_BUFFERED = 2_000;
  private static final long MOST_BYTES = 8L << 20;

  /** For as long others may hand partitions over, or be given up by the group. */
  private static final Duration HANDING_OVER = Duration.ofMinutes(3);

  private final TopicQuery query;
  private final Duration groupPatience;
  private final MessageBuffer buffer = new MessageBuffer();
  private final Handed handed = new Handed();
  private final Map<TopicPartition, Long> seeks = new HashMap<>();
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private final List<UserMessage> notes = new ArrayList<>();
  private Set<TopicPartition> assigned = Set.of();
  private @Nullable Map<TopicPartition, Long> ends;
  private boolean endsAsked;
  private boolean full;
  private boolean givesUp;
  private boolean hurried;
  private @Nullable Consumer<UserMessage> lost;
  private @Nullable RuntimeException failure;
  private @Nullable String trouble;

  /**
   * Of a topic.
   *
   * @param interval how long the group waits for a member that is busy
   */
  MessageFlow(TopicQuery query, Duration interval) {
    this.query = query;
    this.groupPatience = interval.compareTo(HANDING_OVER) < 0 ? interval : HANDING_OVER;
  }

  /** A person should know this of how the topic is read. */
  synchronized void note(UserMessage more) {
    notes.add(more);
  }

  /** Hands over what a person should know and was not told before. */
  synchronized List<UserMessage> takeNotes() {
    var taken = List.copyOf(notes);
    notes.clear();
    return taken;
  }

  /** Whether a run has something to do: to read messages, or to tell of a failure. */
  synchronized boolean hasNews() {
    return failure != null || !buffer.isEmpty();
  }

  /** Whether the consumer has failed, and reads no more. */
  synchronized boolean hasFailed() {
    return failure != null;
  }

  /** Why nothing comes, where that is known; null when all goes well. */
  synchronized @Nullable String trouble() {
    return trouble;
  }

  /** The brokers answer again, or do not; true when that is news. */
  synchronized boolean trouble(@Nullable String words) {
    boolean news = words != null && !words.equals(trouble);
    trouble = words;
    return news;
  }

  /**
   * A run begins.
   *
   * @param toEnd whether it ends with the messages that are there now
   * @param stops whether the run is to end
   * @param whenLost is told when the run may send nothing any more
   * @throws dev.kintonesync.message.UserErrorException when the topic cannot be read, and there is
   *     something to do about it
   * @throws UncheckedIOException when the brokers are out of reach
   */
  synchronized void begin(boolean toEnd, BooleanSupplier stops, Consumer<UserMessage> whenLost) {
    hurried = false;
    ends = null;
    endsAsked = toEnd;
    long begun = System.nanoTime();
    while (endsAsked && failure == null && !stops.getAsBoolean()) {
      var waited = Duration.ofNanos(System.nanoTime() - begun);
      if (trouble != null && waited.compareTo(PATIENCE) > 0) {
        throw new UncheckedIOException(new IOException(trouble));
      }
      if (trouble == null && waited.compareTo(groupPatience) > 0) {
        var busy =
            MessageCode.TOPIC_GROUP_BUSY.with(query.group(), query.topic(), waited.toSeconds());
        throw new TemporaryFileException(busy, new IOException(query.name()));
      }
      await(LOOK);
    }
    if (failure != null) {
      throw failure;
    }
    lost = whenLost;
  }

  /** The run is over: what of it is not settled comes again. */
  synchronized void end() {
    lost = null;
    ends = null;
    endsAsked = false;
    var again = handed.restart();
    seeks.putAll(again);
    buffer.drop(again.keySet());
    notifyAll();
  }

  /**
   * The next message for the run; null when none came in time.
   *
   * @throws RuntimeException as {@link #begin}
   */
  synchronized @Nullable ConsumerRecord<byte[], byte[]> take(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      var message = givesUp ? null : buffer.next(ends);
      if (message != null) {
        handed.add(message);
        return message;
      }
      if (failure != null) {
        throw failure;
      }
      long left = deadline - System.nanoTime();
      if (left <= 0 || isAtEnd() || givesUp) {
        return null;
      }
      await(Duration.ofNanos(Math.min(left, LOOK.toNanos())));
    }
  }

  /** Somebody else waits for the run to end. */
  synchronized void hurry() {
    hurried = true;
  }

  /** Whether somebody else waits for the run to end. */
  synchronized boolean isHurried() {
    return hurried;
  }

  /** Whether another member waits for partitions, so that the run should settle what it has. */
  synchronized boolean givesUp() {
    return givesUp;
  }

  /** Whether a run to the end has all messages that were there when it began. */
  synchronized boolean isAtEnd() {
    var reached = ends;
    return reached != null
        && !buffer.hasBefore(reached)
        && reached.entrySet().stream()
            .allMatch(
                end ->
                    !assigned.contains(end.getKey())
                        || (!seeks.containsKey(end.getKey())
                            && positions.getOrDefault(end.getKey(), 0L) >= end.getValue()));
  }

  /** The first so many messages of the run are settled. */
  synchronized void settled(long count) {
    handed.settle(count);
    notifyAll();
  }

  /** Messages were fetched, up to these positions. */
  synchronized void fetched(
      Iterable<ConsumerRecord<byte[], byte[]>> messages, Map<TopicPartition, Long> reached) {
    for (var message : messages) {
      var partition = Handed.partition(message);
      if (seeks.containsKey(partition)) {
        continue;
      }
      if (isBehind(partition, message.offset())) {
        seeks.put(partition, message.offset()); // another run's: here it would only take room
      } else {
        buffer.add(message);
      }
    }
    positions.putAll(reached);
    notifyAll();
  }

  /** Whether a run to the end takes nothing of a partition from this offset on. */
  private boolean isBehind(TopicPartition partition, long offset) {
    var reached = ends;
    Long end = reached == null ? null : reached.get(partition);
    return reached != null && (end == null || offset >= end);
  }

  /** The partitions of which nothing more is to be fetched for now. */
  synchronized Set<TopicPartition> resting() {
    boolean most = buffer.size() >= MOST_BUFFERED || buffer.bytes() >= MOST_BYTES;
    boolean half = buffer.size() >= MOST_BUFFERED / 2 || buffer.bytes() >= MOST_BYTES / 2;
    full = most || (full && half);
    return full
        ? assigned
        : assigned.stream()
            .filter(each -> isBehind(each, positions.getOrDefault(each, 0L)))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Lets messages be fetched again from where they are not settled. */
  synchronized void seek(ObjLongConsumer<TopicPartition> seeking) {
    seeks.forEach(
        (partition, offset) -> {
          if (assigned.contains(partition)) {
            seeking.accept(partition, offset);
            positions.put(partition, offset);
          }
        });
    seeks.clear();
  }

  /** The partitions whose ends a run waits for; empty when none does. */
  synchronized Set<TopicPartition> endsAsked() {
    return endsAsked ? assigned : Set.of();
  }

  /** Whether a run waits for the group to give it partitions. */
  synchronized boolean waitsForPartitions() {
    return endsAsked && assigned.isEmpty();
  }

  /** The ends of partitions are known. */
  synchronized void ends(Map<TopicPartition, Long> found) {
    if (endsAsked) {
      ends = Map.copyOf(found);
      endsAsked = false;
      notifyAll();
    }
  }

  /** What is settled and not committed. */
  synchronized Map<TopicPartition, OffsetAndMetadata> toCommit() {
    return handed.toCommit();
  }

  /** Offsets are committed. */
  synchronized void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
    handed.committed(offsets);
  }

  synchronized Set<TopicPartition> assigned() {
    return assigned;
  }

  /** Partitions are this member's from now on. */
  synchronized void assigned(Collection<TopicPartition> more) {
    var all = new HashSet<>(assigned);
    all.addAll(more);
    assigned = Set.copyOf(all);
  }

  /** Partitions are another member's from now on. */
  synchronized void unassigned(Collection<TopicPartition> fewer) {
    var rest = new HashSet<>(assigned);
    rest.removeAll(fewer);
    assigned = Set.copyOf(rest);
    buffer.drop(fewer);
    handed.forget(fewer);
    seeks.keySet().removeAll(fewer);
    positions.keySet().removeAll(fewer);
    notifyAll();
  }

  /**
   * Waits until the run has settled what it has of partitions that another member is to get; what
   * it then still has is lost.
   *
   * @param alive called again and again meanwhile
   */
  synchronized void handOver(
      Collection<TopicPartition> partitions, Duration patience, Runnable alive) {
    buffer.drop(partitions);
    givesUp = true;
    long deadline = System.nanoTime() + patience.toNanos();
    while (lost != null && handed.hasAny(partitions) && System.nanoTime() < deadline) {
      await(LOOK);
      alive.run();
    }
    givesUp = false;
    lose(partitions, MessageCode.TOPIC_HANDOVER.with(patience.toSeconds()));
  }

  /** Partitions are gone: a run that has messages of them sends nothing any more. */
  synchronized void lose(Collection<TopicPartition> partitions, UserMessage why) {
    if (handed.hasAny(partitions)) {
      lose(why);
    }
  }

  /** The consumer reads no more. */
  synchronized void fail(RuntimeException e) {
    failure = e;
    if (handed.size() > 0) {
      lose(RootCause.words(e)); // otherwise the run finds out when it asks for a message
    }
    notifyAll();
  }

  /** Nobody knows any more whose the partitions are: the run sends nothing any more. */
  synchronized void lose(Object why) {
    var told = lost;
    lost = null;
    if (told != null) {
      told.accept(MessageCode.TOPIC_LOST.with(query.topic(), why));
    }
  }

  /**
   * What is not settled.
   *
   * @param unread messages that were not fetched yet
   */
  synchronized Backlog backlog(long unread) {
    var first = handed.oldest();
    return new Backlog(
        unread + buffer.size() + handed.size(), first == null ? buffer.oldest() : first);
  }

  @SuppressWarnings("WaitNotInLoop") // its callers loop
  private void await(Duration time) {
    try {
      wait(Math.max(1, time.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted", e));
    }
  }
}
