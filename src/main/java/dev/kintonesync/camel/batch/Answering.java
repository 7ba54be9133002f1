package dev.kintonesync.camel.batch;

/** What has senders that wait for its answers when the program is told to end. */
public interface Answering {

  /** Whether no sender waits for an answer. */
  boolean isIdle();

  /** Gives every sender that still waits an answer: what became of its message is not known. */
  void end();
}
