package dev.kintonesync.camel;

import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.AnswerReader;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.kintone.Verb;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.hc.client5.http.ConnectTimeoutException;
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

  private final Call.Pauses pauses;
  private final Clock clock;

  public KintoneHttp(Call.Pauses pauses, Clock clock) {
    this.pauses = pauses;
    this.clock = clock;
  }

  /** The request in the body, as a call that has not been sent yet. */
  public Call call(Exchange exchange) {
    var request = exchange.getMessage().getBody(KintoneRequest.class);
    Run run = Run.of(exchange);
    return new Call(request, run.patience(pauses, clock.instant()), clock, run::isAbandoned);
  }

  /** None before the first attempt; before the next ones longer and longer. */
  public void pause(Exchange exchange) throws InterruptedException {
    Run.of(exchange).pause(callOf(exchange).pause());
  }

  /** Puts the request into the message: address, headers, and the payload as body. */
  public void write(Exchange exchange) {
    var call = callOf(exchange);
    var request = call.request();
    var connection = request.connection();
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(
        Exchange.HTTP_URI, connection.baseUrl() + connection.path(request.resource()));
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setHeader("Accept-Language", connection.language());
    // a read travels as POST: the keys of a key lookup would not fit into a URL; so does a DELETE,
    // whose body proxies may drop
    boolean inDisguise = request.isRead() || request.verb() == Verb.DELETE;
    message.setHeader(Exchange.HTTP_METHOD, inDisguise ? Verb.POST.name() : request.verb().name());
    if (inDisguise) {
      message.setHeader("X-HTTP-Method-Override", request.verb().name());
    }
    connection.credentials().headers().forEach(message::setHeader);
    message.setBody(request.payload());
    Run.of(exchange).counting(request, call.isRepeated());
    call.sent();
  }

  /** Reads the HTTP answer in the message. */
  public void read(Exchange exchange) {
    Message message = exchange.getMessage();
    int status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    byte[] body = message.getBody(byte[].class);
    Integer running = message.getHeader("X-ConcurrencyLimit-Running", Integer.class);
    callOf(exchange).running(running == null ? 0 : running);
    ended(exchange, AnswerReader.read(status, body == null ? new byte[0] : body));
  }

  /** There is no HTTP answer: the connection failed before or after the request was sent. */
  public void lost(Exchange exchange) {
    var failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    boolean unsent = BEFORE_SENDING.stream().anyMatch(kind -> kind.isInstance(failure));
    ended(
        exchange, unsent ? new Answer.Unsent(words(failure)) : new Answer.Unknown(words(failure)));
  }

  /** The message alone where it is a sentence: people read it. */
  private static String words(Throwable failure) {
    String message = failure.getMessage();
    return message != null && message.contains(" ")
        ? message
        : failure.getClass().getSimpleName() + ": " + message;
  }

  private static void ended(Exchange exchange, Answer answer) {
    var call = callOf(exchange);
    call.answered(answer);
    exchange.getMessage().removeHeaders("*"); // the secrets have done their service
    exchange.getMessage().setBody(null);
    if (call.isOpen()) {
      Run.of(exchange).waiting(call.request() + ": " + answer.words());
      log.debug("{} again in {} ms: {}", call.request(), call.pause().toMillis(), answer.words());
    }
  }

  private static Call callOf(Exchange exchange) {
    return exchange.getProperty("call", Call.class);
  }
}
