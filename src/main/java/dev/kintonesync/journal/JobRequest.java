package dev.kintonesync.journal;

import dev.kintonesync.sync.Starter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one process asks of the service that runs a job.
 *
 * @param id tells it apart from others
 * @param job the job's name
 * @param kind what is to be done
 * @param accepted the guards that the run may pass, as they are written in options
 * @param limit how many rows are read at the most; null: all
 * @param run the run whose rejected rows are to be retried, or the corrected file as {@code
 *     RUN/FILE} below the folder of runs, or the plan document that is to be applied; empty where
 *     none of them is asked for
 * @param askedBy the command that asks, with its process
 * @param user the user of the operating system who gave the command; null: the dashboard asks
 */
public record JobRequest(
    String id,
    String job,
    Kind kind,
    List<String> accepted,
    @Nullable Long limit,
    String run,
    String askedBy,
    @Nullable String user) {

  /** What a request asks for. */
  public enum Kind {
    /** Run what waits now. */
    RUN,
    /** Run the rejected rows of a run once more. */
    RETRY,
    /** Take over what has changed of the job's properties. */
    RELOAD,
    /** Run a file of rejected rows that a person has corrected. */
    CORRECTED,
    /** Apply a plan document. */
    APPLY,
    /** Plan what waits now, and keep the plans for people to look at. */
    PLAN
  }

  public JobRequest {
    accepted = List.copyOf(accepted);
  }

  /** Who starts the runs that it asks for. */
  public Starter starter() {
    return user == null ? Starter.OF_PAGE : new Starter(Starter.By.TERMINAL, user);
  }
}
