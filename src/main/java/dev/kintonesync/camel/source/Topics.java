package dev.kintonesync.camel.source;

import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.kafka.Backlog;
import dev.kintonesync.source.kafka.Membership;
import dev.kintonesync.source.kafka.SchemaRegistry;
import dev.kintonesync.source.kafka.TopicConsumer;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The consumers of jobs that follow a topic. One lasts as long as its job runs by itself, so that
 * the group stays as it is from run to run, and while Kintone is away.
 */
public final class Topics implements AutoCloseable {
  private final Map<String, Following> following = new ConcurrentHashMap<>();
  private final Map<URI, SchemaRegistry> registries = new ConcurrentHashMap<>();

  /**
   * A job that follows a topic.
   *
   * @param begins whether its next run takes what comes, rather than what is there
   */
  private record Following(Source.Topic source, TopicConsumer consumer, AtomicBoolean begins) {}

  /** From now on messages for the job are fetched. */
  public void follow(Job job, Source.Topic source) {
    following.put(job.name(), start(source));
  }

  /** What is known of the schemas of the registry at an address. */
  SchemaRegistry registry(URI url) {
    return registries.computeIfAbsent(url, first -> new SchemaRegistry());
  }

  private static Following start(Source.Topic source) {
    return new Following(
        source, new TopicConsumer(source.query(), Membership.LASTING), new AtomicBoolean());
  }

  /** Whether a run of the job has something to do; if so, that is to begin now. */
  public boolean begins(String job) {
    var one = following.get(job);
    if (one == null || !one.consumer().hasNews()) {
      return false;
    }
    one.begins().set(true);
    return true;
  }

  /** Somebody has asked for another run of the job: the one under way ends. */
  public void hurry(String job) {
    var one = following.get(job);
    if (one != null) {
      one.consumer().hurry();
    }
  }

  /** Whether the run of the job that begins now takes what comes. */
  boolean follows(String job) {
    var one = following.get(job);
    return one != null && one.begins().getAndSet(false);
  }

  /** What of the job's topic is not settled yet; null when the job does not follow one here. */
  public @Nullable Backlog backlog(String job) {
    var one = following.get(job);
    return one == null ? null : one.consumer().backlog();
  }

  /** Why nothing comes from the job's topic; null when all goes well. */
  public @Nullable String trouble(String job) {
    var one = following.get(job);
    return one == null ? null : one.consumer().trouble();
  }

  /** The consumer of a job that follows its topic here; null when it does not. */
  @Nullable TopicConsumer consumer(String job) {
    var one = following.get(job);
    return one == null ? null : one.consumer();
  }

  /** A consumer that has failed is tried once more: the run has told of it. */
  void startAgain(String job) {
    following.computeIfPresent(
        job, (name, one) -> one.consumer().hasFailed() ? start(one.source()) : one);
  }

  /** The job does not follow its topic any more. */
  public void end(String job) {
    var one = following.remove(job);
    if (one != null) {
      one.consumer().close();
    }
  }

  @Override
  public void close() {
    following.keySet().forEach(this::end);
  }
}
