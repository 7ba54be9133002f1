package dev.kintonesync.camel.batch;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.journal.ReportJson;
import dev.kintonesync.kintone.Verb;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.RootCause;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.sync.Batch;
import dev.kintonesync.sync.Intent;
import dev.kintonesync.sync.Plan;
import dev.kintonesync.sync.Reject;
import dev.kintonesync.sync.Report;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;

/**
 * The places where routes of the user's take part in a run. Each is a {@code direct:} name that
 * nobody need serve; the routes {@code call-before-mapping} and so on call it. Their bodies are
 * Maps and Lists of Java's own types, and are part of what we promise: {@code docs/extending.md}.
 *
 * <p>Where no route serves a place nothing goes through Camel on its account.
 */
public final class Hooks implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Supplier<CamelContext> context;
  private final Consumer<UserMessage> said;
  private @Nullable ProducerTemplate producer;

  /** A place in a run. */
  enum HookPoint {
    BEFORE_MAPPING("before-mapping"),
    BEFORE_WRITING("before-writing"),
    ON_REJECT("on-reject"),
    AFTER_RUN("after-run");

    private final String word;

    HookPoint(String word) {
      this.word = word;
    }

    /** The endpoint that a route of the user's serves for all jobs. */
    @Override
    public String toString() {
      return "direct:" + word;
    }
  }

  /**
   * A row as it goes to the mapping.
   *
   * @param values column to value
   * @param leftOut whether it does not go there
   * @param problem why it is rejected; null when it is not
   */
  public record Prepared(
      Map<String, @Nullable Object> values, boolean leftOut, @Nullable UserMessage problem) {}

  public Hooks(Supplier<CamelContext> context, Consumer<UserMessage> said) {
    this.context = context;
    this.said = said;
  }

  /** Whether a started route serves a place, for all jobs or for this one. */
  boolean isServed(HookPoint place, String job) {
    String forAll = normalized(place.toString());
    String forJob = normalized(place + "-" + job);
    var camel = context.get();
    return camel.getRoutes().stream()
        .filter(
            route -> {
              String uri = route.getEndpoint().getEndpointBaseUri();
              return uri.equals(forAll) || uri.equals(forJob);
            })
        .anyMatch(
            route -> camel.getRouteController().getRouteStatus(route.getRouteId()).isStarted());
  }

  private static String normalized(String uri) {
    try {
      return URISupport.normalizeUri(uri);
    } catch (Exception e) {
      throw new IllegalArgumentException(uri, e);
    }
  }

  /** Whether rows of a run go through a route of the user's before they are mapped. */
  public boolean takesRows(BatchContext run) {
    return isServed(HookPoint.BEFORE_MAPPING, run.job().name());
  }

  /**
   * What becomes of the rows of a run before they are mapped. The function throws {@link
   * RejectedExecutionException} when the program is ending.
   */
  public Function<SourceRecord, Prepared> beforeMapping(BatchContext run) {
    return takesRows(run)
        ? source -> beforeMapping(run, source)
        : source -> new Prepared(source.values(), false, null);
  }

  private Prepared beforeMapping(BatchContext run, SourceRecord source) {
    var row = new LinkedHashMap<>(source.values());
    var called =
        callAndWait(
            run, HookPoint.BEFORE_MAPPING, row, Map.of("kintoneRow", source.position().number()));
    if (called.getException() != null) {
      return new Prepared(row, false, objection(HookPoint.BEFORE_MAPPING, called.getException()));
    }
    Object left = called.getMessage().getBody();
    if (left == null) {
      return new Prepared(row, true, null);
    }
    if (left instanceof Map<?, ?> map) {
      var values = new LinkedHashMap<String, @Nullable Object>();
      map.forEach((column, value) -> values.put(String.valueOf(column), value));
      return new Prepared(values, false, null);
    }
    return new Prepared(
        row,
        false,
        MessageCode.HOOK_BODY_NOT_A_ROW.with(HookPoint.BEFORE_MAPPING, left.getClass().getName()));
  }

  /** The writes that the plan in the body is about to send are shown one by one. */
  public Plan beforeWriting(Exchange exchange) {
    BatchContext run = BatchContext.of(exchange);
    var plan = exchange.getMessage().getBody(Plan.class);
    var objections = new HashMap<String, UserMessage>();
    try {
      for (Intent intent : plan.intents()) {
        var called = callAndWait(run, HookPoint.BEFORE_WRITING, body(run, intent), Map.of());
        if (called.getException() != null) {
          objections.put(intent.key(), objection(HookPoint.BEFORE_WRITING, called.getException()));
        }
      }
    } catch (RejectedExecutionException e) {
      plan.stop(MessageCode.RUN_INTERRUPTED.with());
      return run.nextTurn(plan);
    }
    if (plan.batch().kind() == Batch.Kind.MISSING) {
      objections.forEach((key, why) -> run.note("record " + Shown.name(key) + " stays: " + why));
    }
    return run.nextTurn(plan.asked(objections));
  }

  private static Map<String, @Nullable Object> body(BatchContext run, Intent intent) {
    var body = new LinkedHashMap<String, @Nullable Object>();
    body.put("key", intent.key());
    body.put("action", word(intent.verb()));
    body.put("id", intent.id());
    var values = new LinkedHashMap<String, @Nullable Object>();
    intent
        .values()
        .forEach((code, value) -> values.put(code, JSON.convertValue(value, Object.class)));
    body.put("values", values);
    body.put("written", run.job().options().writes());
    return body;
  }

  private static String word(Verb verb) {
    return switch (verb) {
      case POST -> "insert";
      case PUT -> "update";
      case DELETE -> "delete";
      case GET -> throw new IllegalArgumentException("a read");
    };
  }

  /** A batch is settled: of its rejected rows, which are in the body, each is told. */
  public void onReject(Exchange exchange) {
    BatchContext run = BatchContext.of(exchange);
    List<?> rejects = exchange.getMessage().getBody(List.class);
    if (!run.callsHooks()
        || !run.job().options().writes()
        || rejects.isEmpty()
        || !isServed(HookPoint.ON_REJECT, run.job().name())) {
      return;
    }
    int failed = 0;
    String first = "";
    for (Object reject : rejects) {
      String failure =
          notify(HookPoint.ON_REJECT, run.name(), run.job().name(), body((Reject) reject));
      if (failure != null) {
        first = failed++ == 0 ? failure : first;
      }
    }
    if (failed > 0) {
      said.accept(
          MessageCode.HOOK_FAILED_FOR_ROWS.with(HookPoint.ON_REJECT, failed, first, run.name()));
    }
  }

  private static Map<String, @Nullable Object> body(Reject reject) {
    var body = new LinkedHashMap<String, @Nullable Object>();
    body.put("key", reject.key());
    body.put("field", reject.field());
    body.put("reason", reject.reason().toString());
    body.put("row", reject.number());
    body.put("values", new LinkedHashMap<>(reject.source().values()));
    return body;
  }

  /** A run is over and told. One that was not to write is nobody's business. */
  public void afterRun(Report report) {
    if (report.written() && isServed(HookPoint.AFTER_RUN, report.job())) {
      String failure =
          notify(HookPoint.AFTER_RUN, report.run(), report.job(), ReportJson.map(report));
      if (failure != null) {
        said.accept(MessageCode.HOOK_FAILED.with(HookPoint.AFTER_RUN, failure, report.run()));
      }
    }
  }

  /** Tells a place of something that is over; returns why that failed, null when it did not. */
  private @Nullable String notify(
      HookPoint place, String run, String job, Map<String, ? extends @Nullable Object> body) {
    try {
      var failure = call(place, run, job, body, Map.of(), exchange -> {}).getException();
      return failure == null ? null : RootCause.words(failure);
    } catch (RejectedExecutionException e) {
      return RootCause.words(e);
    }
  }

  /** Calls a place while the keys of the run's batches are taken. */
  private Exchange callAndWait(
      BatchContext run,
      HookPoint place,
      Map<String, ? extends @Nullable Object> body,
      Map<String, Object> headers) {
    try (var call = HookCall.begin(run, place)) {
      return call(place, run.name(), run.job().name(), body, headers, call::mark);
    }
  }

  private Exchange call(
      HookPoint place,
      String run,
      String job,
      Map<String, ? extends @Nullable Object> body,
      Map<String, Object> headers,
      Consumer<Exchange> marks) {
    var called =
        producer()
            .request(
                "direct:call-" + place.word,
                exchange -> {
                  marks.accept(exchange);
                  exchange.getMessage().setBody(body);
                  exchange.getMessage().setHeaders(new HashMap<>(headers));
                  exchange.getMessage().setHeader("kintoneJob", job);
                  exchange.getMessage().setHeader("kintoneRun", run);
                });
    if (called.getException() instanceof RejectedExecutionException ending) {
      throw ending;
    }
    return called;
  }

  private synchronized ProducerTemplate producer() {
    if (producer == null) {
      producer = context.get().createProducerTemplate();
    }
    return producer;
  }

  private static UserMessage objection(HookPoint place, Exception failure) {
    return MessageCode.HOOK_OBJECTS.with(place, RootCause.words(failure));
  }

  @Override
  public synchronized void close() {
    if (producer != null) {
      producer.stop();
    }
  }
}
