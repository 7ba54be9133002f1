package dev.kintonesync.camel.kamelet;

import dev.kintonesync.camel.batch.Answering;
import dev.kintonesync.camel.batch.HookCall;
import dev.kintonesync.camel.batch.KintoneBeans;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.util.TimeUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the Kamelets that take messages have in common: {@link #take} makes a delivery of a message,
 * which is collected with others; as the last step of the Kamelet it waits for the end of the
 * delivery, holding no thread. Messages that are not sent when the program ends are answered so.
 */
public abstract class Sink extends AsyncProcessorSupport implements CamelContextAware, Answering {
  private static final Logger log = LoggerFactory.getLogger(Sink.class);

  private static final String DELIVERY = "kintoneDelivery";

  private final SerialExecutor line = new SerialExecutor();
  private final Set<PendingMessage> open = ConcurrentHashMap.newKeySet();
  private final Map<String, String> said = new HashMap<>();
  private @Nullable CamelContext context;
  private @Nullable KintoneBeans core;
  private @Nullable Job job;
  private @Nullable ExecutorService senders;
  private @Nullable ExecutorService answerers;
  private @Nullable AnswerLine answers;
  private boolean waits = true;
  private String name = Job.IMPORT;

  @Override
  public void setCamelContext(CamelContext context) {
    if (this.context != null) {
      return; // to be a service of it sets it once more
    }
    this.context = context;
    this.core = KintoneBeans.of(context);
    core.has(this);
    try {
      context.addService(this);
    } catch (Exception e) {
      throw new RuntimeCamelException(e);
    }
  }

  @Override
  public @Nullable CamelContext getCamelContext() {
    return context;
  }

  /** The name of a job, whose properties hold here too where nothing else is said. */
  public void setJob(String job) {
    name = job.isBlank() ? Job.IMPORT : job;
  }

  /** For how many milliseconds, or which duration of Camel, a message waits for others; 0: not. */
  public void setInterval(String interval) {
    waits = TimeUtils.toMilliSeconds(interval) > 0;
  }

  /** The id of the app. */
  public void setApp(String app) {
    say("app", app);
  }

  /** Something said about the job; blank: nothing. */
  final void say(String property, String value) {
    if (!value.isBlank()) {
      said.put(property, value);
    }
  }

  final KintoneBeans core() {
    if (core == null) {
      throw new IllegalStateException("not in a Camel application");
    }
    return core;
  }

  /**
   * By which rules it writes, and where.
   *
   * @throws UserErrorException when an address, an app or credentials are missing
   */
  final synchronized Job job() {
    if (job == null) {
      var found = core().job(name, said);
      if (!found.options().writes()) {
        throw new UserErrorException(MessageCode.SINK_MAY_NOT_WRITE.with(name));
      }
      check(found);
      job = found;
    }
    return job;
  }

  /**
   * Looks at the job of the sink before anything is sent.
   *
   * @throws UserErrorException when it says what cannot be done with messages
   */
  void check(Job job) {}

  /** How many parts make a collection full. */
  abstract int most();

  /** The message of the exchange, before it is collected with others. */
  public final MessageBatch take(Exchange exchange) {
    Object body = exchange.getMessage().getBody();
    if (body == null) {
      throw new UserErrorException(MessageCode.MESSAGE_EMPTY.with());
    }
    job(); // refused before it waits for others
    var delivery = delivery(body);
    delivery.sentBy(HookCall.of(exchange));
    delivery.origin(
        exchange
            .getMessage()
            .getHeader(Exchange.FILE_NAME, exchange.getExchangeId(), String.class));
    identify(exchange, delivery);
    open.add(delivery);
    delivery.whenOver(
        why -> {
          open.remove(delivery);
          if (why instanceof OperationInDoubtException inDoubt) {
            log(delivery, inDoubt.reason());
          }
        });
    exchange.setProperty(DELIVERY, delivery);
    return MessageBatch.of(this, delivery);
  }

  /**
   * The delivery of a body.
   *
   * @throws UserErrorException when it is nothing that can be delivered
   */
  PendingMessage delivery(Object body) {
    return new PendingMessage(body);
  }

  /** Looks for what tells a message from all others; a message need not have it. */
  void identify(Exchange exchange, PendingMessage delivery) {}

  /**
   * Whether the message of the exchange goes with others. One that a run waits for goes by itself,
   * lest it has to wait for the records of others and they for the run.
   */
  public final boolean isCollected(Exchange exchange) {
    return exchange.getProperty(DELIVERY, PendingMessage.class).sentBy() == null;
  }

  /** Whether a delivery waits until others come to go with. */
  abstract boolean collects(PendingMessage delivery);

  /** Whether a message waits for others at all. */
  final boolean waits() {
    return waits;
  }

  /** Where the next collection stands among all of the sink. */
  final SerialExecutor.Ticket place() {
    return line.join();
  }

  /** How many threads send at once. */
  abstract int sendsAtOnce();

  /** The threads that send, so that others than the collecting one wait for Kintone. */
  final Executor senders() {
    return Objects.requireNonNull(senders, "not started");
  }

  @Override
  public final boolean process(Exchange exchange, AsyncCallback callback) {
    var delivery = exchange.getProperty(DELIVERY, PendingMessage.class);
    if (delivery.isOver()) {
      delivery.whenOver(why -> answer(exchange, delivery, why));
      callback.done(true);
      return true;
    }
    var line = Objects.requireNonNull(answers, "not started");
    delivery.whenOver(
        why ->
            line.add(
                () -> {
                  answer(exchange, delivery, why);
                  callback.done(false);
                }));
    return false;
  }

  /** A message that is not confirmed stays as it was sent, so that it can be kept or sent again. */
  private static void answer(Exchange exchange, PendingMessage delivery, @Nullable Exception why) {
    exchange.getMessage().setBody(why == null ? delivery.answer() : delivery.body());
    if (why != null) {
      exchange.setException(why);
    }
  }

  /** Whether nobody waits for an answer, and what those do who got one is done. */
  @Override
  public final boolean isIdle() {
    var line = answers;
    return open.isEmpty() && (line == null || line.isIdle());
  }

  /** Why a message has no answer when the program ends. */
  UserErrorException unanswered(PendingMessage delivery) {
    return new UserErrorException(MessageCode.MESSAGE_NOT_SENT_AT_END.with());
  }

  /** What a message is, without its content. */
  String describe(PendingMessage delivery) {
    return delivery.parts().size() + " x app " + job().app();
  }

  /** The program ends: senders that wait are told that there is no answer. */
  @Override
  public final void end() {
    for (PendingMessage delivery : open) {
      var why = unanswered(delivery);
      if (!(why instanceof OperationInDoubtException)) {
        log(delivery, why.reason());
      }
      delivery.failed(why);
    }
  }

  private void log(PendingMessage delivery, UserMessage why) {
    log.warn("{}", MessageCode.MESSAGE_UNANSWERED.with(delivery.origin(), describe(delivery), why));
  }

  @Override
  protected void doStart() {
    senders = Executors.newFixedThreadPool(sendsAtOnce(), KintoneBeans.named("sender"));
    answerers = Executors.newCachedThreadPool(KintoneBeans.named("answer"));
    answers = new AnswerLine(answerers);
  }

  @Override
  protected void doStop() {
    core().sinks().remove(this);
    end();
    for (var threads : Arrays.asList(senders, answerers)) {
      if (threads != null) {
        threads.shutdown();
      }
    }
  }
}
