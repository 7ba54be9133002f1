package dev.kintonesync.cli;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.sync.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs of a service that cannot begin: why, and when they are tried again. Each is told of once
 * for each reason. Reasons may be asked for by any thread; the rest is for one at a time.
 */
final class RefusedJobs {
  private static final Logger log = LoggerFactory.getLogger(RefusedJobs.class);
  private static final Duration TRIED_AGAIN = Duration.ofMinutes(10);

  private final Program program;
  private final Terminal terminal;
  private final Map<String, UserMessage> reasons = new ConcurrentHashMap<>();
  private final Map<String, Report> unbegun = new HashMap<>();
  private volatile Instant again = Instant.MAX;

  RefusedJobs(Program program, Terminal terminal) {
    this.program = program;
    this.terminal = terminal;
  }

  /** Why a job cannot begin; null when nothing is known against it. */
  @Nullable UserMessage reason(String job) {
    return reasons.get(job);
  }

  /** Whether it is time to try them again. */
  boolean isTime() {
    return !Instant.now().isBefore(again);
  }

  /** All jobs are tried now; those that are refused once more name the next time. */
  void allAreTried() {
    again = Instant.MAX;
  }

  /** Something has changed that nobody looks at otherwise. */
  void tryAtOnce() {
    again = Instant.MIN;
  }

  /** A job cannot begin. */
  void refuse(String job, UserMessage reason) {
    boolean away = reason.text() == MessageCode.JOURNAL_UNREACHABLE; // which passes by itself
    again = away || again.equals(Instant.MIN) ? Instant.MIN : Instant.now().plus(TRIED_AGAIN);
    program.publisher().waits(job, reason);
    if (!reason.equals(reasons.put(job, reason))) {
      terminal.log(MessageCode.JOB_CANNOT_BEGIN.with(job, reason));
      unbegun.remove(job);
    }
    writeDown(job, reason);
  }

  /** A job has begun, or is none of this service any more. */
  void forget(String job) {
    reasons.remove(job);
  }

  /** The first time in a run of its own; people are told once a day that it still is so. */
  void writeDown(String job, UserMessage reason) {
    try {
      program
          .publisher()
          .couldNotBegin(
              unbegun.computeIfAbsent(job, name -> program.application().refused(name, reason)),
              reason);
    } catch (UserErrorException e) {
      log.warn("that {} cannot run is not written down: {}", job, e.getMessage());
    }
  }
}
