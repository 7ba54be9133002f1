package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the answers to the write requests of a plan come to: each record of a request is settled, is
 * looked up, or is sent again. One thread at a time.
 */
final class WriteAnswers {
  private final Target target;
  private final WriteQueue writes;
  private final LookUps lookUps;
  private final FileUploads uploads;
  private final Isolation.Budget budget;
  private final Isolation isolation;
  private UserMessage lastWords = MessageCode.NOTHING_SAID.with();
  private boolean upsertsRefused;
  private boolean guessedWrong;

  WriteAnswers(
      Target target,
      WriteQueue writes,
      LookUps lookUps,
      FileUploads uploads,
      Isolation.Budget budget) {
    this.target = target;
    this.writes = writes;
    this.lookUps = lookUps;
    this.uploads = uploads;
    this.budget = budget;
    this.isolation = new Isolation(target, budget);
  }

  /** Kintone's last words about a request that it refused or did not answer. */
  UserMessage lastWords() {
    return lastWords;
  }

  /** Whether Kintone does not let us upsert. */
  boolean areUpsertsRefused() {
    return upsertsRefused;
  }

  /** Whether a key was there of a record that was inserted without being looked up. */
  boolean hasGuessedWrong() {
    return guessedWrong;
  }

  /** Returns how many requests were spent on finding bad records. */
  int isolationCalls() {
    return isolation.calls();
  }

  /**
   * Takes the answer to the requests that went out last.
   *
   * @return why the plan has to stop; null: it goes on
   */
  @Nullable UserMessage settle(Answer answer) {
    var requests = writes.answered(answer);
    if (answer instanceof Answer.Done done) {
      confirm(requests, done.body());
    } else if (answer instanceof Answer.Unknown) {
      doubt(requests, answer);
    } else if (answer instanceof Answer.Refused refused
        && WriteRefusal.isAboutRecords(requests, refused)) {
      return refuse(requests, refused);
    } else {
      requests.forEach(writes::putBack);
      return WriteRefusal.reason(requests, answer).with(target.app(), answer.words());
    }
    return null;
  }

  private void confirm(List<WriteRequest> requests, JsonNode body) {
    for (int part = 0; part < requests.size(); part++) {
      var request = requests.get(part);
      JsonNode result = requests.size() == 1 ? body : body.path("results").path(part);
      int answered = request.confirm(result);
      if (answered != request.size()) {
        doubt(
            List.of(request), new Answer.Unknown("an answer for " + answered + " records", false));
      }
    }
  }

  /**
   * Nobody knows whether these were applied. They are looked up, and what is not there is sent
   * again in smaller pieces, since a request too large to be answered in time is one of the causes.
   * A record that is never answered alone, while others are, is rejected; where nothing is answered
   * at all, it is Kintone that is away.
   */
  private void doubt(List<WriteRequest> requests, Answer answer) {
    lastWords = MessageCode.KINTONE_SAYS.with(answer.words());
    writes.unanswered();
    for (var request : requests) {
      for (var record : request.records()) {
        record.inDoubt(writes.answered());
        if (record.tries().isNeverAnswered(writes.answered()) && request.size() == 1) {
          record.reject(null, MessageCode.PLANNED_TOO_OFTEN.with(RecordAttempts.MOST, lastWords));
        } else {
          lookUps.add(List.of(record));
        }
      }
    }
  }

  private @Nullable UserMessage refuse(List<WriteRequest> requests, Answer.Refused refused) {
    lastWords = MessageCode.KINTONE_SAYS.with(refused.words());
    upsertsRefused |= WriteRefusal.mayNotUpsert(requests, refused);
    if (requests.size() > 1) {
      writes.oneByOne(); // one transaction: nothing of it was applied
    }
    for (int part = requests.size() - 1; part >= 0; part--) {
      if (part != refused.part()) {
        writes.putBack(requests.get(part));
      }
    }
    var request = requests.get(refused.part());
    var spent = uploads.spent(request, refused);
    if (!spent.isEmpty()) {
      lookUps.add(spent);
      request.without(spent).ifPresent(writes::putBack);
      return null;
    }
    var verdict = isolation.judge(request, refused);
    guessedWrong |= verdict.unsure().stream().anyMatch(each -> each.isUnseen() && each.toInsert());
    lookUps.add(verdict.unsure());
    var again = new ArrayList<>(verdict.again());
    for (int i = again.size() - 1; i >= 0; i--) {
      writes.putBack(again.get(i));
    }
    return verdict.affordable()
        ? null
        : MessageCode.ISOLATION_BUDGET_SPENT.with(budget.size(), refused.words());
  }
}
