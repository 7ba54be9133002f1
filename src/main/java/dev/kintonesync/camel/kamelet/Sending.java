package dev.kintonesync.camel.kamelet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.journal.OperationRepository;
import dev.kintonesync.journal.OperationRepository.Kept;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operations of one message with an id, on their way to be carried out once: written down
 * before they go out, looked up wherever nobody knows what became of them, also by the program that
 * gets the same message after this one was killed. For one thread.
 */
final class Sending {
  private static final Logger log = LoggerFactory.getLogger(Sending.class);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** How often they are sent for one message at the most. */
  private static final int ATTEMPTS = 3;

  /** For so long a message that comes again is answered by what is remembered. */
  static final Duration REMEMBERED = Duration.ofDays(30);

  private final BulkSink sink;
  private final PendingMessage delivery;
  private final OnceOperations operations;
  private final OperationRepository repository;
  private final String id;

  /** What it is kept by. */
  private String key;

  private @Nullable Kept intent;
  private List<OnceOperations.Question> questions = List.of();
  private @Nullable KintoneRequest request;

  /** Whether an earlier attempt may have been carried out. */
  private boolean inDoubt;

  private String doubt = "";
  private int attempts;

  /** A message that has an id. */
  Sending(BulkSink sink, PendingMessage delivery, String id) {
    this.sink = sink;
    this.delivery = delivery;
    this.id = id;
    this.operations = sink.operations(delivery, id);
    this.repository = sink.repository();
    var connection = sink.job().connection();
    String domain = connection.baseUrl().toString().toLowerCase(Locale.ROOT);
    this.key = domain + connection.path(sink.job().app()) + " " + id;
  }

  /** What an earlier version kept of the message, which did not say of which domain it was. */
  private @Nullable Kept findFormer() {
    String former = sink.job().app() + " " + id;
    var kept = repository.find(former);
    if (kept != null) {
      key = former;
    }
    return kept;
  }

  /** What tells the message from all others. */
  String id() {
    return id;
  }

  /** Looks for what is kept of the id, and thinks of what to ask Kintone. */
  void begin() {
    intent = repository.find(key);
    if (intent == null) {
      intent = findFormer();
    }
    if (intent == null) {
      questions = operations.before(sink.fitApps());
      return;
    }
    if (!intent.digest().equals(operations.digest())) {
      throw new UserErrorException(MessageCode.OPERATION_ID_USED.with(id, intent.begunAt()));
    }
    String answer = intent.answer();
    if (answer != null) {
      OperationSteps.confirm(delivery, json(answer, new TypeReference<JsonNode>() {}));
      return;
    }
    doubts(MessageCode.OPERATION_INTERRUPTED.with(intent.begunAt()).toString());
  }

  private void doubts(String why) {
    inDoubt = true;
    doubt = why;
    questions = operations.after();
  }

  /** Whether there is more to do. */
  boolean isOpen() {
    return !delivery.isOver();
  }

  /** What to ask Kintone next; may be nothing. */
  List<KintoneRequest> questions() {
    return questions.stream().map(OnceOperations.Question::request).toList();
  }

  /** Kintone has answered; decides whether they are sent now. */
  void learn(List<Answer> answers) {
    request = null;
    var found = new FoundOutcome();
    for (int at = 0; at < questions.size(); at++) {
      var question = questions.get(at);
      if (!(answers.get(at) instanceof Answer.Done done)) {
        unread(answers.get(at));
        return;
      }
      if (question.kind() == OnceOperations.Kind.FORM) {
        sink.checkForm(question.app(), done.body());
      }
      found.learn(question, operations.idField(), done.body());
    }
    if (inDoubt) {
      judge(found);
    } else {
      writeDown(found);
    }
  }

  /** Nothing is sent by what could not be read. */
  private void unread(Answer answer) {
    if (inDoubt) {
      throw unknown(doubt + "; " + answer.words());
    }
    throw new UserErrorException(MessageCode.OPERATION_UNSENT.with(answer.words()));
  }

  private void writeDown(FoundOutcome found) {
    var revisions = operations.revisions(found);
    var kept = new Kept(operations.digest(), text(revisions), sink.core().clock().instant(), null);
    if (repository.begin(key, kept)) {
      intent = kept;
      request = operations.request(revisions);
    } else {
      begin(); // another process has got the same message
    }
  }

  private void judge(FoundOutcome found) {
    var revisions = revisions();
    var evidence = new Evidence(operations, revisions, found);
    switch (evidence.verdict()) {
      case DONE -> done(evidence.answer());
      case UNKNOWN -> throw unknown(doubt);
      case NOT_DONE -> {
        if (attempts == ATTEMPTS) {
          throw unknown(doubt);
        }
        request = operations.request(revisions);
      }
    }
  }

  private Map<String, Long> revisions() {
    return json(Objects.requireNonNull(intent).revisions(), new TypeReference<>() {});
  }

  /** Whether they are to be sent now. */
  boolean isToBeSent() {
    return request != null;
  }

  /** All of them as one request. */
  KintoneRequest request() {
    attempts++;
    delivery.leaves();
    return Objects.requireNonNull(request);
  }

  /** What became of the request. */
  void answered(Answer answer) {
    if (answer instanceof Answer.Done done) {
      done(done.body());
    } else if (answer instanceof Answer.Unknown) {
      doubts(answer.words());
    } else if (!inDoubt) {
      repository.forget(key);
      throw new UserErrorException(OperationSteps.why(answer, 0, delivery.parts().size()));
    } else if (answer instanceof Answer.Refused && attempts < ATTEMPTS) {
      doubts(answer.words()); // of two attempts the second is refused where the first is done
    } else {
      throw unknown(answer.words());
    }
  }

  private void done(JsonNode answer) {
    try {
      repository.complete(key, answer.toString());
    } catch (UserErrorException e) {
      log.error("operation {} is done, which cannot be written down", id, e);
    }
    OperationSteps.confirm(delivery, answer);
  }

  /** Something was thrown: by one of these methods, or by a defect. */
  UserErrorException failure(@Nullable Exception failure) {
    if (failure instanceof UserErrorException refused) {
      return refused;
    }
    return attempts > 0 || inDoubt
        ? unknown(String.valueOf(failure))
        : new UserErrorException(MessageCode.OPERATION_UNSENT.with(String.valueOf(failure)));
  }

  private OperationInDoubtException unknown(String why) {
    var since = intent == null ? sink.core().clock().instant() : intent.begunAt();
    return new OperationInDoubtException(MessageCode.OPERATION_NOT_REPEATED.with(id, since, why));
  }

  private static <T> T json(String text, TypeReference<T> type) {
    try {
      return JSON.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String text(Map<String, Long> revisions) {
    try {
      return JSON.writeValueAsString(revisions);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
