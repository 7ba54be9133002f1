package dev.kintonesync.journal;

import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.kafka.Backlog;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a job stands in the program that runs it.
 *
 * @param job its name
 * @param next when it runs next by itself; null: when files come, or never
 * @param why what it waits for, in words; null when nothing keeps it from running
 * @param run the run that is under way; null when none is
 * @param progress how much of that run's source is settled, from 0 to 1
 * @param slowBecause what Kintone last answered that run instead of doing what was asked; null
 *     while all goes well
 * @param backlog what of the topic that it follows is not settled; null when it follows none
 */
public record JobStatusRow(
    String job,
    @Nullable Instant next,
    @Nullable UserMessage why,
    @Nullable String run,
    double progress,
    @Nullable String slowBecause,
    @Nullable Backlog backlog) {

  /** A job that follows no topic. */
  public JobStatusRow(
      String job,
      @Nullable Instant next,
      @Nullable UserMessage why,
      @Nullable String run,
      double progress,
      @Nullable String slowBecause) {
    this(job, next, why, run, progress, slowBecause, null);
  }

  /** A job that waits for something. */
  public static JobStatusRow waiting(
      String job, @Nullable Instant next, @Nullable UserMessage why) {
    return new JobStatusRow(job, next, why, null, 0, null);
  }

  /** The same with what of its topic is not settled. */
  public JobStatusRow with(@Nullable Backlog unsettled) {
    return new JobStatusRow(job, next, why, run, progress, slowBecause, unsettled);
  }
}
