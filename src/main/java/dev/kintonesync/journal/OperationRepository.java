package dev.kintonesync.journal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of operations that may not be carried out twice, by the ids that their senders gave
 * them: an intent before the request goes out, the answer after it came. Safe for any number of
 * threads, and for all processes that use the same one.
 *
 * <p>What a method wrote survives the end of the program, however it ends, when the method returns.
 * Every method throws {@link dev.kintonesync.message.UserErrorException} when that cannot be.
 */
public interface OperationRepository {

  /**
   * The operations of one message.
   *
   * @param digest tells them from other operations; it says nothing of their content
   * @param revisions which revisions of records they were sent for, as JSON
   * @param begunAt when the request was about to go out for the first time
   * @param answer what Kintone answered, as JSON; null as long as nobody knows what became of them
   */
  record Kept(String digest, String revisions, Instant begunAt, @Nullable String answer) {}

  /** What is kept of an id; null when nothing is. */
  @Nullable Kept find(String id);

  /**
   * The operations are about to be sent. Returns whether this call has written it down; false when
   * somebody else was quicker.
   */
  boolean begin(String id, Kept intent);

  /** They were carried out. */
  void complete(String id, String answer);

  /** They were certainly not carried out, and may be sent as if for the first time. */
  void forget(String id);

  /** Forgets what was completed and begun before an instant. */
  void forgetCompleted(Instant before);
}
