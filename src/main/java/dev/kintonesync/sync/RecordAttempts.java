package dev.kintonesync.sync;

import dev.kintonesync.kintone.KintoneRecord;
import dev.kintonesync.message.UserMessage;
import org.jspecify.annotations.Nullable;

/** Counts what goes wrong with a record, so that it is not tried for ever. */
final class RecordAttempts {
  /** How often a record is planned anew because others write it too, before it is rejected. */
  static final int MOST = 5;

  /**
   * How often a record is sent again as it was because its request was refused for a conflict that
   * the key lookup does not show; in a request of many records it may be that of another one.
   */
  static final int UNSEEN_CONFLICTS = 20;

  /** How often a file is sent that nobody answers, before its record is rejected. */
  static final int UPLOADS = 3;

  private @Nullable UserMessage lostRace;
  private int attempts;
  private boolean inConflict;
  private int unseenConflicts;
  private int doubts;
  private int answeredBefore;
  private int uploadsUnanswered;
  private int uploadsAlone;

  /** Returns how often the record was planned anew because somebody else wrote it. */
  int count() {
    return attempts;
  }

  /** Whether the record is to be rejected rather than planned once more. */
  boolean areTooMany() {
    return attempts > MOST || unseenConflicts > UNSEEN_CONFLICTS;
  }

  /** An insert was refused at the key: another record has it now. */
  void lostRace(UserMessage words) {
    lostRace = words;
  }

  /** What Kintone said when an insert was refused at the key; null when it was not. */
  @Nullable UserMessage lostRace() {
    return lostRace;
  }

  /** Its request was refused because a record of it is not as it was when it was looked up. */
  void inConflict() {
    inConflict = true;
  }

  /** The record was looked up again: counts what has changed since it was looked up before. */
  void found(@Nullable KintoneRecord before, @Nullable KintoneRecord now) {
    if (now != null && before != null && now.revision() != before.revision()) {
      attempts++;
    } else if (inConflict && now != null) {
      unseenConflicts++;
    } else if (lostRace != null || (now == null && before != null)) {
      attempts++;
    }
    lostRace = null;
    inConflict = false;
  }

  /**
   * Nobody answered a write of the record.
   *
   * @param answeredWrites how many writes of the plan have been answered until now
   */
  void inDoubt(int answeredWrites) {
    answeredBefore = doubts == 0 ? answeredWrites : answeredBefore;
    doubts++;
  }

  /**
   * Whether the record went unanswered too often while others were answered.
   *
   * @param answeredWrites how many writes of the plan have been answered until now
   */
  boolean isNeverAnswered(int answeredWrites) {
    return doubts > MOST && answeredWrites > answeredBefore;
  }

  /** A file of it was sent, and nobody answered; returns how often that has happened. */
  int uploadUnanswered() {
    return ++uploadsUnanswered;
  }

  /** Whether nobody else may have its uploads. */
  boolean uploadsAlone() {
    return uploadsAlone > 0;
  }

  /** Its uploads are spent: it gets others of its own. False when it has had some already. */
  boolean uploadAlone() {
    return ++uploadsAlone < UPLOADS;
  }
}
