package dev.kintonesync.source.kafka;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.RootCause;
import dev.kintonesync.message.UserErrorException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
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
 * <p>Messages go to one run at a time. What is settled is committed by the thread, synchronously
 * and in the order of each partition. Partitions that another member is to get are given up when
 * their messages are settled, so that the order of a key holds beyond that. When they are lost
 * without a word, the run is told to send nothing any more.
 */
public final class TopicConsumer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TopicConsumer.class);

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration LEAVING = Duration.ofSeconds(10);
  private static final Duration LAST_COMMIT = Duration.ofSeconds(5);
  private static final Duration HANDOVER = Duration.ofMinutes(2);
  private static final Duration MEASURED = Duration.ofSeconds(2);

  private final TopicQuery query;
  private final Membership membership;
  private final Duration session;
  private final Duration patience;
  private final Thread thread;
  private final MessageFlow flow;
  private volatile boolean closed;
  private volatile long lastSign = System.nanoTime();
  private volatile Backlog backlog = new Backlog(0, null);
  private long measured = System.nanoTime() - MEASURED.toNanos();

  /** Starts a consumer. */
  public TopicConsumer(TopicQuery query, Membership membership) {
    this.query = query;
    this.membership = membership;
    this.session = ClientProperties.session(query);
    this.patience = ClientProperties.patience(query);
    this.flow = new MessageFlow(query, ClientProperties.interval(query));
    this.thread = new Thread(this::run, "kafka-" + query.topic());
    thread.setDaemon(true);
    thread.start();
  }

  /** What a run takes its messages from. */
  MessageFlow flow() {
    return flow;
  }

  /** Whether a run has something to do: to read messages, or to tell of a failure. */
  public boolean hasNews() {
    return flow.hasNews();
  }

  /** Whether it has failed, and reads no more. */
  public boolean hasFailed() {
    return flow.hasFailed();
  }

  /** Why nothing comes, where that is known; null when all goes well. */
  public @Nullable String trouble() {
    return flow.trouble();
  }

  /** Somebody else waits for the run to end. */
  public void hurry() {
    flow.hurry();
  }

  /** What is not settled yet, as it was a moment ago. */
  public Backlog backlog() {
    return backlog;
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

  /** After a gap that is longer than the group waits, others may have our partitions. */
  private void sign() {
    if (!isOurs()) {
      flow.lose(MessageCode.TOPIC_SILENT.with(sinceLastSign().toSeconds()));
    }
    lastSign = System.nanoTime();
  }

  private void run() {
    try (var consumer = made()) {
      if (join(consumer)) {
        while (!closed) {
          turn(consumer);
        }
        commit(consumer, LAST_COMMIT);
      }
    } catch (RuntimeException e) {
      log.warn("{} cannot be read: {}", query, RootCause.words(e));
      flow.fail(KafkaFault.of(query, e));
    }
  }

  /** Whatever keeps a client from being made lies in its settings: nobody was asked yet. */
  private KafkaConsumer<byte[], byte[]> made() {
    var properties = ClientProperties.ofConsumer(query);
    try {
      return new KafkaConsumer<>(properties);
    } catch (KafkaException e) {
      throw KafkaFault.ofSettings(query, e);
    }
  }

  /** Finds the topic and asks for partitions; false when it was closed before. */
  private boolean join(KafkaConsumer<byte[], byte[]> consumer) {
    while (!closed) {
      try {
        var partitions = consumer.partitionsFor(query.topic(), patience);
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
          flow.assigned(all);
        } else {
          consumer.subscribe(List.of(query.topic()), new Rebalances(consumer));
        }
        flow.trouble(null);
        return true;
      } catch (TimeoutException e) {
        trouble(e);
        if (membership != Membership.LASTING) {
          throw e;
        }
      }
    }
    return false;
  }

  private void trouble(RuntimeException e) {
    String words = RootCause.words(e);
    if (flow.trouble(words)) {
      log.warn("{}: {}", query, words);
    }
  }

  private void turn(KafkaConsumer<byte[], byte[]> consumer) {
    sign();
    flow.seek(consumer::seek);
    commit(consumer, patience);
    breathe(consumer);
    var partitions = flow.endsAsked();
    if (!partitions.isEmpty()) {
      flow.ends(consumer.endOffsets(partitions, patience));
    } else if (flow.waitsForPartitions()) {
      // no group is told of brokers that are away
      consumer.endOffsets(List.of(new TopicPartition(query.topic(), 0)), patience);
    }
    var messages = polled(consumer);
    sign();
    flow.fetched(messages, positions(consumer));
    measure(consumer);
  }

  /** The next messages; none while partitions get a place from which they are read. */
  private ConsumerRecords<byte[], byte[]> polled(KafkaConsumer<byte[], byte[]> consumer) {
    try {
      return consumer.poll(POLL);
    } catch (InvalidOffsetException e) {
      if (!ClientProperties.findsPlaces(query)) {
        throw e;
      }
      if (e instanceof OffsetOutOfRangeException out) {
        findPlaces(consumer, out);
      } else {
        consumer.seekToBeginning(e.partitions()); // the group is new to them
      }
      return ConsumerRecords.empty();
    }
  }

  /** Messages were removed, those not read yet among them or those read last: people are told. */
  private void findPlaces(KafkaConsumer<byte[], byte[]> consumer, OffsetOutOfRangeException out) {
    Map<TopicPartition, OffsetAndMetadata> last =
        out instanceof LogTruncationException cut ? cut.divergentOffsets() : Map.of();
    var gone = out.offsetOutOfRangePartitions();
    var beginnings = consumer.beginningOffsets(gone.keySet(), patience);
    gone.forEach(
        (partition, offset) -> {
          long first = beginnings.getOrDefault(partition, 0L);
          var end = last.get(partition);
          long place = end == null ? first : Math.max(first, end.offset());
          var note =
              first > offset
                  ? MessageCode.TOPIC_GAP.with(
                      query.topic(), partition.partition(), offset, first - 1)
                  : MessageCode.TOPIC_CUT.with(query.topic(), partition.partition(), offset, place);
          log.warn("{}", note);
          flow.note(note);
          consumer.seek(partition, place);
        });
  }

  /** No more is fetched than the run can have soon; heartbeats and polls go on. */
  private void breathe(KafkaConsumer<byte[], byte[]> consumer) {
    var resting = flow.resting();
    consumer.pause(resting);
    var others = new HashSet<>(consumer.paused());
    others.removeAll(resting);
    consumer.resume(others);
  }

  /** Up to where was fetched; without the partitions of which that is not known yet. */
  private static Map<TopicPartition, Long> positions(KafkaConsumer<byte[], byte[]> consumer) {
    var positions = new HashMap<TopicPartition, Long>();
    for (var partition : consumer.assignment()) {
      try {
        positions.put(partition, consumer.position(partition, Duration.ofMillis(1)));
      } catch (TimeoutException | InvalidOffsetException e) {
        log.trace("{} has no position yet", partition, e);
      }
    }
    return positions;
  }

  private void measure(KafkaConsumer<byte[], byte[]> consumer) {
    if (System.nanoTime() - measured >= MEASURED.toNanos()) {
      measured = System.nanoTime();
      backlog =
          flow.backlog(
              flow.assigned().stream()
                  .mapToLong(each -> consumer.currentLag(each).orElse(0))
                  .sum());
    }
  }

  /** What is settled becomes the group's knowledge; what cannot be committed ends the run. */
  private void commit(KafkaConsumer<byte[], byte[]> consumer, Duration time) {
    var offsets = flow.toCommit();
    if (offsets.isEmpty() || membership == Membership.NONE) {
      return;
    }
    try {
      consumer.commitSync(offsets, time);
      flow.committed(offsets);
      flow.trouble(null);
    } catch (RebalanceInProgressException e) {
      log.debug("committed once the group is in order", e);
    } catch (CommitFailedException | FencedInstanceIdException e) {
      flow.committed(offsets); // it is others who commit them now
      flow.lose(RootCause.words(e));
    } catch (RetriableException e) {
      trouble(e);
      flow.lose(RootCause.words(e)); // whoever cannot commit may have been given up by the group
    }
  }

  /** Leaves the group, after what is settled was committed. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join(LEAVING.toMillis());
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
      flow.assigned(partitions);
    }

    /** Another member is to have them: what the run has of them is settled and committed first. */
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      log.info("{}: gives up partitions {}", query, partitions);
      flow.handOver(partitions, HANDOVER, TopicConsumer.this::sign);
      commit(consumer, patience);
      flow.unassigned(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      log.warn("{}: has lost partitions {}", query, partitions);
      flow.lose(partitions, MessageCode.TOPIC_SILENT.with(session.toSeconds()));
      flow.unassigned(partitions);
    }
  }
}
