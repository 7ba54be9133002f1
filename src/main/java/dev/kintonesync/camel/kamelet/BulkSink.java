package dev.kintonesync.camel.kamelet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.journal.OperationFolder;
import dev.kintonesync.journal.OperationRepository;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.kintone.Limits;
import dev.kintonesync.kintone.Verb;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Kamelet {@code kintone-bulk-action}: messages of one operation, or of a list of operations
 * that must stay together. A message that has an id is carried out once, however often it comes.
 */
public final class BulkSink extends Sink {
  private static final Logger log = LoggerFactory.getLogger(BulkSink.class);

  private static final Duration FORGETS_EVERY = Duration.ofDays(1);

  private final Set<String> fitApps = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean warned = new AtomicBoolean();
  private String operationId = "";
  private String idField = "";
  private String folder = "";
  private @Nullable Expression idExpression;
  private @Nullable OperationRepository repository;
  private Instant forgetsNext = Instant.MIN;

  /** What tells a message from all others, in Camel's Simple language; blank: nothing does. */
  public void setOperationId(String operationId) {
    this.operationId = operationId.strip();
  }

  /** The code of the field that added records get the id in; blank: none. */
  public void setIdField(String idField) {
    this.idField = idField.strip();
  }

  /**
   * Where it is kept what became of messages with an id: a folder, or a bean that is an {@link
   * OperationRepository}; blank: in the folder of the program.
   */
  public void setOperationRepository(Object operationRepository) {
    if (operationRepository instanceof OperationRepository bean) {
      repository = bean;
    } else if (operationRepository instanceof String name) {
      folder = name.strip();
    } else {
      throw new UserErrorException(
          MessageCode.OPERATION_REPOSITORY_UNFIT.with(operationRepository.getClass().getName()));
    }
  }

  @Override
  int most() {
    return Limits.REQUESTS_PER_BULK;
  }

  @Override
  int sendsAtOnce() {
    return 1; // in the order of the operations
  }

  @Override
  boolean collects(PendingMessage delivery) {
    return delivery.sending() == null;
  }

  @Override
  PendingMessage delivery(Object body) {
    if (body instanceof List<?> list && (list.isEmpty() || list.size() > most())) {
      throw new UserErrorException(MessageCode.OPERATIONS_TOO_MANY.with(list.size(), most()));
    }
    var delivery = new PendingMessage(body);
    requests(delivery); // refused before it waits for others
    return delivery;
  }

  private List<KintoneRequest> requests(PendingMessage delivery) {
    return delivery.parts().stream()
        .map(part -> OperationSteps.request(job().connection(), job().app(), part))
        .toList();
  }

  @Override
  void identify(Exchange exchange, PendingMessage delivery) {
    if (operationId.isEmpty()) {
      if (!requests(delivery).stream().allMatch(BulkSink::mayBeRepeated)
          && warned.compareAndSet(false, true)) {
        log.warn("{}", MessageCode.OPERATIONS_WITHOUT_ID.with(job().app()));
      }
      return;
    }
    String id = idExpression(exchange).evaluate(exchange, String.class);
    if (id == null || id.isBlank()) {
      throw new UserErrorException(MessageCode.OPERATION_ID_MISSING.with(operationId));
    }
    delivery.sending(new Sending(this, delivery, id.strip()));
  }

  /** Whether it comes to the same when it is carried out twice, or is refused the second time. */
  private static boolean mayBeRepeated(KintoneRequest request) {
    boolean changesStatus = request.resource().endsWith("status.json");
    return request.verb() != Verb.POST
        && (!changesStatus
            || OnceOperations.named(request).stream().allMatch(named -> named.revision() >= 0));
  }

  private synchronized Expression idExpression(Exchange exchange) {
    if (idExpression == null) {
      var made = exchange.getContext().resolveLanguage("simple").createExpression(operationId);
      made.init(exchange.getContext());
      idExpression = made;
    }
    return idExpression;
  }

  OnceOperations operations(PendingMessage delivery, String id) {
    return new OnceOperations(job().connection(), requests(delivery), id, idField);
  }

  /**
   * Where it is kept what became of messages.
   *
   * @throws UserErrorException when nobody has said where, or it cannot be kept there
   */
  synchronized OperationRepository repository() {
    if (repository == null) {
      repository = find();
    }
    var now = core().clock().instant();
    if (!now.isBefore(forgetsNext)) {
      repository.forgetCompleted(now.minus(Sending.REMEMBERED));
      forgetsNext = now.plus(FORGETS_EVERY);
    }
    return repository;
  }

  private OperationRepository find() {
    Path ours = folder.isEmpty() ? core().operations() : Path.of(folder);
    if (ours == null) {
      throw new UserErrorException(MessageCode.OPERATION_REPOSITORY_MISSING.with());
    }
    return new OperationFolder(ours);
  }

  /** The apps whose field for ids is known to be fit. */
  Set<String> fitApps() {
    return fitApps;
  }

  /**
   * Looks whether Kintone refuses a second record of the same id.
   *
   * @throws UserErrorException when it does not
   */
  void checkForm(String app, JsonNode form) {
    JsonNode field = form.path("properties").path(idField);
    if (!field.path("type").asText().equals("SINGLE_LINE_TEXT")
        || !field.path("unique").asBoolean()) {
      throw new UserErrorException(MessageCode.OPERATION_ID_FIELD_UNFIT.with(idField, app));
    }
    fitApps.add(app);
  }

  @Override
  UserErrorException unanswered(PendingMessage delivery) {
    return delivery.hasLeft()
        ? new OperationInDoubtException(
            MessageCode.OPERATION_IN_DOUBT.with(MessageCode.PROGRAM_ENDS_FIRST.with()))
        : super.unanswered(delivery);
  }

  @Override
  String describe(PendingMessage delivery) {
    String what =
        requests(delivery).stream().map(KintoneRequest::toString).collect(Collectors.joining(", "));
    var sending = delivery.sending();
    return sending == null ? what : what + " (" + sending.id() + ")";
  }
}
