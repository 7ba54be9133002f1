package dev.kintonesync.sync;

import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.ErrorCode;
import dev.kintonesync.kintone.Verb;
import dev.kintonesync.message.MessageCode;
import java.util.List;

/** Tells refusals of single records from those that would meet every write of the run. */
final class WriteRefusal {
  private WriteRefusal() {}

  /** Whether other records may be written although these requests were refused. */
  static boolean isAboutRecords(List<WriteRequest> requests, Answer.Refused refused) {
    return mayNotUpsert(requests, refused)
        || (!ErrorCode.isBusy(refused.code())
            && !ErrorCode.stopsTheRun(refused.code())
            && !mayNotAdd(requests, refused));
  }

  /** An upsert takes the right to add even where it only updates: an update may still pass. */
  static boolean mayNotUpsert(List<WriteRequest> requests, Answer.Refused refused) {
    return requests.get(refused.part()).upserts()
        && (refused.code().equals(ErrorCode.NO_PRIVILEGE)
            || refused.code().equals(ErrorCode.NOT_PERMITTED));
  }

  /** To add is a right for the whole app, so that no insert of the run could succeed. */
  private static boolean mayNotAdd(List<WriteRequest> requests, Answer.Refused refused) {
    return refused.code().equals(ErrorCode.NO_PRIVILEGE)
        && requests.get(refused.part()).verb() == Verb.POST;
  }

  /** Says why a look-up that was refused ends the run. */
  static MessageCode reason(Answer lookUp) {
    return lookUp instanceof Answer.Refused refused && ErrorCode.stopsTheRun(refused.code())
        ? MessageCode.ACCESS_LOST
        : MessageCode.LOOK_UP_FAILED;
  }

  /** Says why an answer ends the run although its requests may be all right. */
  static MessageCode reason(List<WriteRequest> requests, Answer answer) {
    if (answer instanceof Answer.Refused refused) {
      if (mayNotAdd(requests, refused)) {
        return MessageCode.ADD_NOT_PERMITTED;
      }
      if (refused.code().equals(ErrorCode.NOT_PERMITTED)) {
        return MessageCode.WRITE_NOT_PERMITTED;
      }
      if (ErrorCode.stopsTheRun(refused.code())) {
        return MessageCode.ACCESS_LOST;
      }
    }
    return MessageCode.WRITE_FAILED;
  }
}
