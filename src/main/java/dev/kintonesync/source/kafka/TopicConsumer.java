package dev.kintonesync.source.kafka;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.RootCause;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a consumer group with a thread of its own, which polls whatever becomes of the
 * messages: a target that is away makes it pause its partitions, never leave the group.
 *
 * <p>Messages are handed out to one run at a time. What is settled is committed by the thread,
 * synchronously and in the order of each partition. Partitions that another member is to get are
 * given up when their messages are settled, so that the order of a key holds beyond that. When they
 * are lost without a word, the run is told to send nothing any more.
 */
public final class TopicConsumer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TopicConsumer.class);

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LAST_COMMIT = Duration.ofSeconds(5);
  private static final Duration HANDOVER = Duration.ofMinutes(2);
  private static final Duration MEASURED = Duration.ofSeconds(2);

  private static final int MOST_BUFFERED = 2_000;
  private static final long MOST_BYTES = 8 << 20;

  private final TopicQuery query;
  private final Membership membership;
  private final Duration session;
  private final Thread thread;

  private final MessageBuffer buffer = new MessageBuffer();
  private final Handed handed = new Handed();
  private final Map<TopicPartition, Long> seeks = new HashMap<>();
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private Set<TopicPartition> assigned = Set.of();
  private @Nullable Map<TopicPartition, Long> ends;
  private boolean endsAsked;
  private boolean givesUp;
  private boolean hurried;
  private @Nullable Consumer<UserMessage> lost;
  private @Nullable RuntimeException failure;
  private @Nullable String trouble;
  private boolean closed;
  private volatile long lastSign = System.nanoTime();
  private volatile Backlog backlog = new Backlog(0, null);
  private long measured = System.nanoTime() - MEASURED.toNanos();

  /** How a consumer gets its partitions. */
  public enum Membership {
    /** As a member of the group, as long as it takes. */
    LASTING,
    /** As a member of the group, for one run. */
    BRIEF,
    /** All of them, beside the group. Nothing is committed. */
    NONE
  }

  /** Starts a consumer. */
  public TopicConsumer(TopicQuery query, Membership membership) {
    this.query = query;
    this.membership = membership;
    this.session = session(query);
    this.thread = new Thread(this::run, "kafka-" + query.topic());
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * For so long without a sign of this program the group keeps its partitions. The heartbeats are
   * sent at intervals, and the last one may have been an interval ago.
   */
  private static Duration session(TopicQuery query) {
    try {
      var config = new ConsumerConfig(ClientProperties.ofConsumer(query));
      return Duration.ofMillis(
          (long) config.getInt(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG)
              - config.getInt(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG));
    } catch (RuntimeException e) {
      throw KafkaFault.of(query, e);
    }
  }

  /** Whether a run has something to do: to read messages, or to tell of a failure. */
  public synchronized boolean hasNews() {
    return failure != null || !buffer.isEmpty();
  }

  /** Whether it has failed, and reads no more. */
  public synchronized boolean hasFailed() {
    return failure != null;
  }

  /** Why nothing comes, where that is known; null when all goes well. */
  public synchronized @Nullable String trouble() {
    return trouble;
  }

  /** What is not settled yet, as it was a moment ago. */
  public Backlog backlog() {
    return backlog;
  }

  /**
   * A run begins.
   *
   * @param toEnd whether it ends with the messages that are there now
   * @param whenLost is told when the run may send nothing any more
   * @throws UserErrorException when the topic cannot be read, and there is something to do about it
   * @throws UncheckedIOException when the brokers are out of reach
   */
  synchronized void begin(boolean toEnd, Consumer<UserMessage> whenLost) {
    if (failure != null) {
      throw failure;
    }
    hurried = false;
    ends = null;
    endsAsked = toEnd;
    notifyAll();
    long deadline = System.nanoTime() + PATIENCE.multipliedBy(3).toNanos();
    while (toEnd && ends == null && failure == null) {
      if (System.nanoTime() > deadline) {
        throw new UncheckedIOException(
            new IOException(trouble == null ? query.brokers() : trouble));
      }
      await(POLL);
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
        notifyAll();
        return message;
      }
      if (failure != null) {
        throw failure;
      }
      long left = deadline - System.nanoTime();
      if (left <= 0 || isAtEnd() || givesUp) {
        return null;
      }
      await(Duration.ofNanos(Math.min(left, POLL.toNanos())));
    }
  }

  /** Somebody else waits for the run to end. */
  public synchronized void hurry() {
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

  /**
   * Whether the partitions are certainly this member's. A program that was frozen for longer than
   * the group waits finds out here before it hears of it.
   */
  boolean isOurs() {
    return membership == Membership.NONE || sinceLastSign().compareTo(session) < 0;
  }

  private Duration sinceLastSign() {
    return Duration.ofNanos(System.nanoTime() - lastSign);
  }

  private void run() {
    try (var consumer = new KafkaConsumer<byte[], byte[]>(ClientProperties.ofConsumer(query))) {
      if (join(consumer)) {
        while (!isClosed()) {
          turn(consumer);
        }
        commit(consumer, LAST_COMMIT);
      }
    } catch (RuntimeException e) {
      fail(KafkaFault.of(query, e));
    }
  }

  private synchronized void fail(RuntimeException e) {
    log.warn("{} cannot be read: {}", query, RootCause.words(e));
    failure = e;
    if (handed.size() > 0) {
      lose(RootCause.words(e)); // otherwise the run finds out when it asks for a message
    }
    notifyAll();
  }

  /** Finds the topic and asks for partitions; false when it was closed before. */
  private boolean join(KafkaConsumer<byte[], byte[]> consumer) {
    while (!isClosed()) {
      try {
        var partitions = consumer.partitionsFor(query.topic(), PATIENCE);
        if (partitions == null || partitions.isEmpty()) {
          throw new UserErrorException(
              MessageCode.TOPIC_UNKNOWN.with(query.topic(), query.brokers()));
        }
        if (membership == Membership.NONE) {
          var all =
              partitions.stream()
                  .map(each -> new TopicPartition(each.topic(), each.partition()))
                  .toList();
          consumer.assign(all);
          assigned(all);
        } else {
          consumer.subscribe(List.of(query.topic()), new Rebalances(consumer));
        }
        trouble(null);
        return true;
      } catch (TimeoutException e) {
        trouble(RootCause.words(e));
        if (membership != Membership.LASTING) {
          throw e;
        }
      }
    }
    return false;
  }

  private void turn(KafkaConsumer<byte[], byte[]> consumer) {
    sign();
    seek(consumer);
    commit(consumer, PATIENCE);
    breathe(consumer);
    findEnds(consumer);
    var messages = consumer.poll(POLL);
    sign();
    var reached = positions(consumer);
    synchronized (this) {
      messages.forEach(
          message -> {
            if (!seeks.containsKey(Handed.partition(message))) {
              buffer.add(message);
            }
          });
      positions.putAll(reached);
      notifyAll();
    }
    measure(consumer);
  }

  /** Up to where was fetched; without the partitions of which that is not known yet. */
  private static Map<TopicPartition, Long> positions(KafkaConsumer<byte[], byte[]> consumer) {
    var positions = new HashMap<TopicPartition, Long>();
    for (var partition : consumer.assignment()) {
      try {
        positions.put(partition, consumer.position(partition, Duration.ofMillis(1)));
      } catch (TimeoutException e) {
        log.trace("{} has no position yet", partition, e);
      }
    }
    return positions;
  }

  /** After a gap that is longer than the group waits, others may have our partitions. */
  private void sign() {
    if (!isOurs()) {
      synchronized (this) {
        lose(MessageCode.TOPIC_SILENT.with(sinceLastSign().toSeconds()));
      }
    }
    lastSign = System.nanoTime();
  }

  private synchronized void seek(KafkaConsumer<byte[], byte[]> consumer) {
    seeks.forEach(
        (partition, offset) -> {
          if (assigned.contains(partition)) {
            consumer.seek(partition, offset);
            positions.put(partition, offset);
          }
        });
    seeks.clear();
  }

  /** What is settled becomes the group's knowledge; what cannot be committed ends the run. */
  private void commit(KafkaConsumer<byte[], byte[]> consumer, Duration patience) {
    Map<TopicPartition, OffsetAndMetadata> offsets;
    synchronized (this) {
      offsets = handed.toCommit();
    }
    if (offsets.isEmpty() || membership == Membership.NONE) {
      return;
    }
    try {
      consumer.commitSync(offsets, patience);
      synchronized (this) {
        handed.committed(offsets);
      }
      trouble(null);
    } catch (RebalanceInProgressException e) {
      log.debug("committed once the group is in order", e);
    } catch (CommitFailedException | FencedInstanceIdException e) {
      synchronized (this) {
        handed.forget(offsets.keySet());
        lose(RootCause.words(e));
      }
    } catch (RetriableException e) {
      // whoever cannot commit may have been given up by the group
      trouble(RootCause.words(e));
      synchronized (this) {
        lose(RootCause.words(e));
      }
    }
  }

  /** No more is fetched than the run can have soon; heartbeats and polls go on. */
  private synchronized void breathe(KafkaConsumer<byte[], byte[]> consumer) {
    if (buffer.size() >= MOST_BUFFERED || buffer.bytes() >= MOST_BYTES) {
      consumer.pause(consumer.assignment());
    } else if (buffer.size() < MOST_BUFFERED / 2 && buffer.bytes() < MOST_BYTES / 2) {
      consumer.resume(consumer.paused());
    }
  }

  private void findEnds(KafkaConsumer<byte[], byte[]> consumer) {
    Set<TopicPartition> partitions;
    synchronized (this) {
      if (!endsAsked || assigned.isEmpty()) {
        return;
      }
      partitions = assigned;
    }
    var found = consumer.endOffsets(partitions, PATIENCE);
    synchronized (this) {
      ends = found;
      endsAsked = false;
      notifyAll();
    }
  }

  private void measure(KafkaConsumer<byte[], byte[]> consumer) {
    if (System.nanoTime() - measured < MEASURED.toNanos()) {
      return;
    }
    measured = System.nanoTime();
    synchronized (this) {
      long unread = assigned.stream().mapToLong(each -> consumer.currentLag(each).orElse(0)).sum();
      var first = handed.oldest();
      backlog =
          new Backlog(
              unread + buffer.size() + handed.size(), first == null ? buffer.oldest() : first);
    }
  }

  private void lose(Object why) {
    var told = lost;
    lost = null;
    if (told != null) {
      told.accept(MessageCode.TOPIC_LOST.with(query.topic(), why));
    }
  }

  private synchronized void trouble(@Nullable String words) {
    if (words != null && !words.equals(trouble)) {
      log.warn("{}: {}", query, words);
    }
    trouble = words;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void assigned(Collection<TopicPartition> more) {
    var all = new HashSet<>(assigned);
    all.addAll(more);
    assigned = Set.copyOf(all);
  }

  private synchronized void unassigned(Collection<TopicPartition> fewer) {
    var rest = new HashSet<>(assigned);
    rest.removeAll(fewer);
    assigned = Set.copyOf(rest);
    buffer.drop(fewer);
    handed.forget(fewer);
    seeks.keySet().removeAll(fewer);
    positions.keySet().removeAll(fewer);
    notifyAll();
  }

  private synchronized void await(Duration time) {
    try {
      wait(Math.max(1, time.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted", e));
    }
  }

  /** Leaves the group, after what is settled was committed. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Partitions come and go, always while the thread polls. */
  private final class Rebalances implements ConsumerRebalanceListener {
    private final KafkaConsumer<byte[], byte[]> consumer;

    Rebalances(KafkaConsumer<byte[], byte[]> consumer) {
      this.consumer = consumer;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      log.info("{}: reads partitions {}", query, partitions);
      assigned(partitions);
    }

    /** Another member is to have them: what the run has of them is settled and committed first. */
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      log.info("{}: gives up partitions {}", query, partitions);
      synchronized (TopicConsumer.this) {
        buffer.drop(partitions);
        givesUp = true;
        long deadline = System.nanoTime() + HANDOVER.toNanos();
        while (lost != null && handed.hasAny(partitions) && System.nanoTime() < deadline) {
          await(POLL);
          sign();
        }
        givesUp = false;
        if (handed.hasAny(partitions)) {
          lose(MessageCode.TOPIC_HANDOVER.with(HANDOVER.toSeconds()));
        }
      }
      commit(consumer, PATIENCE);
      unassigned(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      log.warn("{}: has lost partitions {}", query, partitions);
      synchronized (TopicConsumer.this) {
        if (handed.hasAny(partitions)) {
          lose(MessageCode.TOPIC_SILENT.with(session.toSeconds()));
        }
      }
      unassigned(partitions);
    }
  }
}
