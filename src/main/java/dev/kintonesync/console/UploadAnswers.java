package dev.kintonesync.console;

import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.ReceivedFiles.Received;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What became of the files that people gave to jobs on the page. Safe for several threads. */
public final class UploadAnswers {
  private static final int MOST_KNOWN = 5_000;

  /** A run is said to begin a little before what it reads was noted, by another clock. */
  private static final Duration BEFORE = Duration.ofSeconds(2);

  private final Journal journal;

  /** The runs of files that nobody reads any more. */
  private final Map<String, String> settled = new ConcurrentHashMap<>();

  public UploadAnswers(Journal journal) {
    this.journal = journal;
  }

  /** How a file stands. */
  public enum State {
    /** Nobody has read it yet. */
    WAITING,
    /** It is being read. */
    RUNNING,
    /** It was read to its end. */
    DONE,
    /** It was not, or not to its end. */
    FAILED,
    /** It is not there any more, and was never read. */
    GONE;

    /** As it stands in JSON. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What became of a file.
   *
   * @param run its newest run; null: there is none
   */
  public record Answer(Received received, State state, @Nullable Report run) {

    /** Returns it in one sentence. */
    public UserMessage message() {
      return run != null
          ? run.answer()
          : (state == State.GONE ? MessageCode.ANSWER_GONE : MessageCode.ANSWER_WAITS).with();
    }

    /** Whether its rows have no outcome yet. */
    public boolean isOpen() {
      return state == State.WAITING || state == State.RUNNING;
    }
  }

  /** The newest files of a job, newest first. */
  public List<Answer> of(String job, int most) {
    var answers = new ArrayList<Answer>();
    var runs = new ArrayList<Report>();
    Instant readSince = null;
    var next = new HashMap<String, Instant>();
    for (Received received : journal.receivedFiles().of(job, most)) {
      String known = settled.get(received.id());
      var run = known == null ? null : journal.run(known).orElse(null);
      if (run == null) {
        Instant since = received.at().minus(BEFORE);
        if (readSince == null || since.isBefore(readSince)) {
          runs.clear();
          runs.addAll(journal.runsSince(job, since));
          readSince = since;
        }
        Instant until = next.getOrDefault(received.file(), Instant.MAX);
        run =
            runs.stream()
                .filter(one -> one.source().equals(received.file()))
                .filter(one -> !one.startedAt().isBefore(since) && one.startedAt().isBefore(until))
                .findFirst()
                .orElse(null);
      }
      next.put(received.file(), received.at().minus(BEFORE));
      answers.add(answer(received, run));
    }
    return answers;
  }

  private Answer answer(Received received, @Nullable Report run) {
    boolean there = Files.exists(Path.of(received.file()));
    if (run == null) {
      return new Answer(received, there ? State.WAITING : State.GONE, null);
    }
    if (run.state() == RunState.RUNNING) {
      return new Answer(received, State.RUNNING, run);
    }
    boolean whole =
        run.state() == RunState.COMPLETED || run.state() == RunState.COMPLETED_WITH_REJECTS;
    if (whole && !run.dry()) {
      settled.put(received.id(), run.run());
      if (settled.size() > MOST_KNOWN) {
        settled.clear();
      }
    }
    return new Answer(received, whole ? State.DONE : State.FAILED, run);
  }
}
