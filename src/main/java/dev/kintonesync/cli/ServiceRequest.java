package dev.kintonesync.cli;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.journal.JobRequest;
import dev.kintonesync.journal.JobRequestResult;
import dev.kintonesync.journal.JobRequests;
import dev.kintonesync.journal.JobStatusRow;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.LeasedException;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.RunOptions;
import dev.kintonesync.sync.Guard;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.Starter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Hands what a command was to do to the service that runs the job, and follows it to its end. What
 * has not begun when the command ends is taken back.
 */
final class ServiceRequest {
  private static final Duration LOOK = Duration.ofMillis(300);

  private final Program program;
  private final Terminal terminal;
  private final JobRequest request;
  private boolean saidThatItWaits;

  private ServiceRequest(Program program, Terminal terminal, JobRequest request) {
    this.program = program;
    this.terminal = terminal;
    this.request = request;
  }

  /** Asks for a run of what waits now. */
  static ServiceRequest run(Program program, Main command, String job, RunOptions options) {
    var accepted = options.accepted().stream().map(Guard::word).sorted().toList();
    Long limit = options.limit() == Long.MAX_VALUE ? null : options.limit();
    return of(program, command, job, JobRequest.Kind.RUN, accepted, limit, "");
  }

  /** Asks for the rejected rows of a run once more. */
  static ServiceRequest retry(Program program, Main command, String job, String run) {
    return of(program, command, job, JobRequest.Kind.RETRY, List.of(), null, run);
  }

  /** Asks for a plan document to be applied. */
  static ServiceRequest apply(
      Program program, Main command, String job, Path plan, Set<Guard> accepted) {
    var words = accepted.stream().map(Guard::word).sorted().toList();
    String file = plan.toAbsolutePath().toString();
    return of(program, command, job, JobRequest.Kind.APPLY, words, null, file);
  }

  /** Asks for changed properties to be taken over. */
  static ServiceRequest reload(Program program, Main command, String job) {
    return of(program, command, job, JobRequest.Kind.RELOAD, List.of(), null, "");
  }

  private static ServiceRequest of(
      Program program,
      Main command,
      String job,
      JobRequest.Kind kind,
      List<String> accepted,
      @Nullable Long limit,
      String run) {
    String asker = command.commandName() + " (" + ProcessHandle.current().pid() + ")";
    return new ServiceRequest(
        program,
        command.terminal(),
        new JobRequest(
            UUID.randomUUID().toString(),
            job,
            kind,
            accepted,
            limit,
            run,
            asker,
            Starter.user().name()));
  }

  /**
   * Asks, and waits for the result.
   *
   * @param held why the command cannot do it itself
   * @return the exit code
   * @throws LeasedException when no service runs the job
   * @throws UserErrorException when somebody else has asked and still waits, or what the service
   *     answered
   */
  int follow(LeasedException held) throws InterruptedException {
    if (!isServed()) {
      throw held;
    }
    return ask(MessageCode.HANDED_OVER.with(held.held()));
  }

  /**
   * Asks, and waits for the result.
   *
   * @param about what is said meanwhile; null: nothing, unless it takes long
   * @return the exit code
   * @throws UserErrorException as {@link #follow}
   */
  int ask(@Nullable UserMessage about) throws InterruptedException {
    var requests = program.journal().requests();
    var other = requests.put(request);
    if (other.isPresent()) {
      throw new UserErrorException(MessageCode.REQUEST_WAITS.with(request.job(), other.get()));
    }
    try {
      if (about != null) {
        terminal.say(about);
      }
      var result = await(requests);
      return result == null ? lost() : tell(result);
    } finally {
      terminal.stopDrawing();
      requests.withdraw(request);
    }
  }

  private @Nullable JobRequestResult await(JobRequests requests) throws InterruptedException {
    while (true) {
      var progress = requests.progress(request);
      switch (progress.state()) {
        case DONE -> {
          requests.forget(request);
          return progress.result();
        }
        case LOST -> {
          requests.forget(request);
          return null;
        }
        case WAITING -> {
          if (!isServed() && requests.withdraw(request)) {
            return null;
          }
        }
        case UNDER_WAY -> underWay();
      }
      Thread.sleep(LOOK.toMillis());
    }
  }

  /** Whether a service has the job, and does not wait for another process itself. */
  boolean isServed() {
    var row = row();
    return row != null && (row.why() == null || row.why().text() != MessageCode.HELD_WAITS);
  }

  private @Nullable JobStatusRow row() {
    return program.journal().statusRows().all().get(request.job());
  }

  private void underWay() {
    if (request.kind() != JobRequest.Kind.RELOAD) {
      draw();
      return;
    }
    var row = row();
    if (!saidThatItWaits && row != null && row.run() != null) {
      terminal.say(MessageCode.RELOAD_WAITS.with(request.job()));
      saidThatItWaits = true;
    }
  }

  private void draw() {
    Journal journal = program.journal();
    var row = row();
    if (terminal.isWatched() && row != null && row.run() != null) {
      journal
          .run(row.run())
          .map(run -> MessageCode.STATUS_RUNNING.with((int) (row.progress() * 100), run.inWords()))
          .ifPresent(line -> terminal.draw(terminal.bundle().say(line)));
    }
  }

  private int lost() {
    terminal.say(MessageCode.SERVICE_ENDED.with(request.job()));
    return Main.STOPPED;
  }

  private int tell(JobRequestResult result) {
    terminal.stopDrawing();
    if (result.refusal() != null && result.refusal().text() == MessageCode.SERVICE_ENDED) {
      return lost();
    }
    if (result.refusal() != null) {
      throw new UserErrorException(result.refusal());
    }
    result.told().forEach(terminal::result);
    if (request.kind() != JobRequest.Kind.RELOAD
        && result.runs().isEmpty()
        && result.notYet() == null) {
      terminal.say(MessageCode.NOTHING_WAITS.with(request.job()));
    }
    for (var run : result.runs()) {
      if (request.kind() == JobRequest.Kind.RUN && run.report().ofFile()) {
        terminal.say(MessageCode.RUN_OF_FILE.with(run.report().source()));
      }
      program.tellResult(
          new RunResult(
              run.report(),
              run.reason(),
              run.remarks(),
              run.understood(),
              List.of(),
              List.of(),
              false,
              true,
              List.of(),
              null,
              null,
              null,
              null,
              null));
    }
    int exitCode = Report.exitCode(result.runs().stream().map(run -> run.report()).toList());
    if (result.notYet() != null && exitCode == 0) {
      terminal.say(result.notYet());
      return Main.STOPPED;
    }
    return exitCode;
  }
}
