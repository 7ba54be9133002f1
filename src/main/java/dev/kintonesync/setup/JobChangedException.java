package dev.kintonesync.setup;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;

/** Somebody else has changed the job of a draft since the draft was made. */
public final class JobChangedException extends UserErrorException {
  private static final long serialVersionUID = 1L;

  private final String mine;
  private final String theirs;

  JobChangedException(String job, String mine, String theirs) {
    super(MessageCode.SETUP_JOB_CHANGED.with(job));
    this.mine = mine;
    this.theirs = theirs;
  }

  /** The lines of the draft. */
  public String mine() {
    return mine;
  }

  /** The lines of the job as they are now; empty where it is gone. */
  public String theirs() {
    return theirs;
  }
}
