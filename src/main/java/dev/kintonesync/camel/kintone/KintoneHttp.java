package dev.kintonesync.camel.kintone;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.form.Attachments;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.AnswerReader;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.kintone.Limits;
import dev.kintonesync.kintone.Verb;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.api.Address;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns requests into HTTP messages and HTTP answers into typed answers, for the route {@code
 * kintone-request}. The only place that knows headers.
 */
public final class KintoneHttp {
  private static final Logger log = LoggerFactory.getLogger(KintoneHttp.class);

  /** Failures that come before the first byte of a request has left. */
  private static final List<Class<? extends Throwable>> BEFORE_SENDING =
      List.of(
          ConnectException.class,
          ConnectTimeoutException.class,
          UnknownHostException.class,
          NoRouteToHostException.class,
          SSLHandshakeException.class);

  /** No answer in time, or not to its end: what a request that asks for too much may come to. */
  private static final List<Class<? extends Throwable>> TOO_LARGE =
      List.of(SocketTimeoutException.class, ConnectionClosedException.class);

  /** Several key lookups at once and what their records become are parts of the heap as well. */
  private static final int ANSWERS_IN_HEAP = 64;

  private static final String SENT_FILE = "kintoneSentFile";
  private static final int PART = 16_384;

  private final KintoneCall.Pauses pauses;
  private final Clock clock;
  private final OutageMonitor domains;
  private final LostOverrides overrides;

  public KintoneHttp(KintoneCall.Pauses pauses, Clock clock, OutageMonitor domains) {
    this.pauses = pauses;
    this.clock = clock;
    this.domains = domains;
    this.overrides = new LostOverrides(clock);
  }

  /**
   * The request in the body, as a call that has not been sent yet. One that belongs to no run is
   * sent once.
   */
  public KintoneCall call(Exchange exchange) {
    var request = exchange.getMessage().getBody(KintoneRequest.class);
    RequestContext run = runOf(exchange);
    KintoneCall call;
    if (run == null) {
      call = new KintoneCall(request, pauses, clock, Instant.MIN, Duration.ZERO, () -> false);
    } else {
      call = run.call(request, pauses, clock);
      if (!call.isOpen() && !run.isStopped()) {
        away(run, call); // its patience ended between two requests
      }
    }
    withholdTooLong(call);
    return call;
  }

  private void withholdTooLong(KintoneCall call) {
    var refused = overrides.tooLong(call.request());
    if (refused != null && call.isOpen()) {
      call.withhold(refused);
    }
  }

  /** None before the first attempt while all goes well; then longer and longer. */
  public void pause(Exchange exchange) throws InterruptedException {
    RequestContext run = runOf(exchange);
    if (run != null) {
      run.pause(callOf(exchange).pause());
    }
  }

  /** Puts the request into the message: address, headers, and the payload as body. */
  public void write(Exchange exchange) throws IOException {
    var call = callOf(exchange);
    var request = call.request();
    var connection = request.connection();
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(
        Exchange.HTTP_URI, connection.baseUrl() + connection.path(request.resource()));
    message.setHeader("Accept-Language", connection.language());
    boolean addressed = overrides.isAddressed(request);
    boolean overridden = request.isOverridden() && !addressed;
    message.setHeader(Exchange.HTTP_METHOD, overridden ? Verb.POST.name() : request.verb().name());
    if (overridden) {
      message.setHeader("X-HTTP-Method-Override", request.verb().name());
    }
    connection.credentials().headers().forEach(message::setHeader);
    writeBody(request, addressed, exchange);
    RequestContext run = runOf(exchange);
    if (run != null) {
      run.counting(request, call.isRepeated());
    }
    if (run != null && addressed && !request.isAddressed()) {
      run.remarkOnce(MessageCode.READS_IN_ADDRESSES.with(connection.baseUrl()));
    }
    call.sent(addressed);
  }

  private static void writeBody(KintoneRequest request, boolean addressed, Exchange exchange)
      throws IOException {
    Message message = exchange.getMessage();
    if (request.file() != null) {
      var file = UploadEntity.of(request.file(), request.payload().path("name").asText());
      exchange.setProperty(SENT_FILE, file);
      message.setBody(file.entity());
    } else if (addressed) {
      message.setHeader(Exchange.HTTP_QUERY, request.query());
      message.setBody(null);
    } else {
      message.setBody(JsonEntity.entity(request.payload()));
    }
  }

  /**
   * Reads the HTTP answer in the message.
   *
   * @throws IOException when it breaks off
   */
  public void read(Exchange exchange) throws IOException {
    Message message = exchange.getMessage();
    int status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    Integer running = message.getHeader("X-ConcurrencyLimit-Running", Integer.class);
    var call = callOf(exchange);
    call.running(running == null ? 0 : running);
    if (call.request().isDownload() && status == 200) {
      ended(exchange, fetched(message));
      return;
    }
    var answer = answer(exchange, call.request(), status);
    if (call.request().isUpload() && answer instanceof Answer.Done done) {
      String hash = exchange.getProperty(SENT_FILE, UploadEntity.class).hash();
      ((ObjectNode) done.body()).put("sha256", hash);
    }
    ended(exchange, answer);
  }

  private static Answer answer(Exchange exchange, KintoneRequest request, int status)
      throws IOException {
    Message message = exchange.getMessage();
    int most = mostBytes(request);
    byte[] body = content(message, most + 1);
    if (body.length > most) {
      String words = MessageCode.ANSWER_TOO_LARGE.with(most).toString();
      return request.keys() > 1 ? AnswerReader.tooLarge(words) : new Answer.Unknown(words, true);
    }
    if (status >= 300 && status < 400) {
      String target = String.valueOf(message.getHeader("Location"));
      String words = MessageCode.KINTONE_REDIRECTS.with(status, Address.bare(target)).toString();
      return request.changesNothing()
          ? new Answer.Refused(status, "HTTP_" + status, words, Map.of(), 0)
          : new Answer.Unknown(words, false);
    }
    var answer = AnswerReader.read(request, status, body);
    RequestContext run = runOf(exchange);
    if (run != null) {
      run.answered(date(message.getHeader("Date", String.class)));
    }
    if (run != null && request.keys() > 0 && answer instanceof Answer.Done found) {
      run.lookedUp(body.length, found.body().path("records").size());
    }
    return answer;
  }

  /** The time of an answer; null where it has none that can be read. */
  private static @Nullable Instant date(@Nullable String text) {
    try {
      return text == null
          ? null
          : ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** A file that came is hashed and not kept: it may be as large as Kintone allows. */
  private static Answer fetched(Message message) throws IOException {
    var digest = Attachments.sha256();
    byte[] part = new byte[PART];
    long size = 0;
    try (var content = content(message.getBody(InputStream.class))) {
      for (int read = content.read(part); read >= 0; read = content.read(part)) {
        digest.update(part, 0, read);
        size += read;
        if (size > Limits.FILE_BYTES) {
          return new Answer.Unknown(
              MessageCode.ANSWER_TOO_LARGE.with(Limits.FILE_BYTES).toString(), true);
        }
      }
    }
    String hash = HexFormat.of().formatHex(digest.digest());
    return new Answer.Done(JsonNodeFactory.instance.objectNode().put("sha256", hash));
  }

  /** At most so many bytes. Camel's own conversion would copy half a megabyte again and again. */
  private static byte[] content(Message message, int most) throws IOException {
    try (var content = content(message.getBody(InputStream.class))) {
      return content.readNBytes(most);
    }
  }

  private static InputStream content(@Nullable InputStream content) {
    return content == null ? InputStream.nullInputStream() : content;
  }

  /** How much of an answer is read; less where it can be had in smaller parts. */
  private static int mostBytes(KintoneRequest request) {
    long most = AnswerReader.mostBytes();
    return (int)
        (request.keys() > 1
            ? Math.min(most, Runtime.getRuntime().maxMemory() / ANSWERS_IN_HEAP)
            : most);
  }

  /** There is no HTTP answer: the connection failed before or after the request was sent. */
  public void lost(Exchange exchange) {
    var failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    if (failure instanceof UserErrorException refused) {
      withhold(exchange, refused);
      return;
    }
    boolean unsent = BEFORE_SENDING.stream().anyMatch(kind -> kind.isInstance(failure));
    boolean large = TOO_LARGE.stream().anyMatch(kind -> kind.isInstance(failure));
    ended(
        exchange,
        unsent ? new Answer.Unsent(words(failure)) : new Answer.Unknown(words(failure), large));
  }

  /** It must not go out: the calls of the day are spent, or cannot be counted. */
  private static void withhold(Exchange exchange, UserErrorException refused) {
    callOf(exchange).withhold(new Answer.Unsent(String.valueOf(refused.getMessage())));
    RequestContext run = runOf(exchange);
    if (run != null) {
      run.stop(refused.reason());
    }
  }

  /** The message alone where it is a sentence: people read it. */
  private static String words(Throwable failure) {
    String message = failure.getMessage();
    return message != null && message.contains(" ")
        ? message
        : failure.getClass().getSimpleName() + ": " + message;
  }

  private void ended(Exchange exchange, Answer answer) {
    var call = callOf(exchange);
    call.answered(answer);
    exchange.getMessage().removeHeaders("*"); // the secrets have done their service
    exchange.getMessage().setBody(null);
    RequestContext run = runOf(exchange);
    if (run == null) {
      return; // it is sent once
    }
    if (overrides.learn(call.request(), call.wasAddressed(), answer)) {
      call.sendOtherwise();
      withholdTooLong(call);
    } else {
      learn(run, call);
    }
  }

  private void learn(RequestContext run, KintoneCall call) {
    var request = call.request();
    var answer = call.getAnswer();
    run.heard(request, answer, clock.instant());
    if (!answer.isSilence()) {
      domains.heard(request);
    } else if (call.isOutOfPatience()) {
      away(run, call);
    }
    if (call.isOpen()) {
      run.waits(null, request + ": " + answer.words(), clock.instant());
      log.debug("{} again in {} ms: {}", request, call.pause().toMillis(), answer.words());
    }
  }

  private void away(RequestContext run, KintoneCall call) {
    var request = call.request();
    run.stop(call.getAnswer().whyAway(request.connection().baseUrl()));
    domains.gone(request, call.getAnswer().words());
  }

  static KintoneCall callOf(Exchange exchange) {
    return exchange.getProperty("kintoneCall", KintoneCall.class);
  }

  private static @Nullable RequestContext runOf(Exchange exchange) {
    return RequestContext.find(exchange);
  }
}
