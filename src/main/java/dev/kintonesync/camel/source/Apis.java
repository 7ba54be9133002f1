package dev.kintonesync.camel.source;

import dev.kintonesync.camel.kintone.KintoneCall;
import dev.kintonesync.camel.kintone.RequestContext;
import dev.kintonesync.camel.kintone.RouteCaller;
import dev.kintonesync.message.Excerpt;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.Encoding;
import dev.kintonesync.source.api.AbsentPageException;
import dev.kintonesync.source.api.Address;
import dev.kintonesync.source.api.ApiSource;
import dev.kintonesync.source.api.BrokenAnswerException;
import dev.kintonesync.source.kafka.SchemaRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns pages of HTTP APIs into HTTP messages and back, for the route {@code read-answer}. Our
 * password or token goes to the address that the job names, and to no other that a redirect or a
 * link leads to.
 */
public final class Apis {
  /** The only status with which an answer without a body is one without rows. */
  private static final int NO_CONTENT = 204;

  private static final Logger log = LoggerFactory.getLogger(Apis.class);

  private static final Pattern LINK =
      Pattern.compile(
          "<([^<>]*)>((?:\\s*;\\s*[\\w!#$&+.^`|~*-]+\\s*=\\s*(?:\"[^\"]*\"|[^\",;\\s]+))*)");
  private static final Pattern NEXT =
      Pattern.compile(
          "(?i);\\s*rel\\s*=\\s*(?:\"(?:[^\"]*\\s)?next(?:\\s[^\"]*)?\"|next(?=[\\s;]|$))");
  private static final Pattern CHARSET =
      Pattern.compile("(?i);\\s*charset\\s*=\\s*\"?([^\";\\s]+)");

  private final RouteCaller routes;
  private final KintoneCall.Pauses pauses;
  private final Clock clock;

  /**
   * APIs that are asked by way of the route.
   *
   * @param camel the application, once it has started
   */
  public Apis(Supplier<CamelContext> camel, KintoneCall.Pauses pauses, Clock clock) {
    this.routes = new RouteCaller(camel);
    this.pauses = pauses;
    this.clock = clock;
  }

  /** The API of a job, ready to be opened by a run. */
  ApiSource source(Source.Api source, RequestContext run) {
    return new ApiSource(
        source.query(),
        (address, tag, body) ->
            get(
                new ApiCall(
                    ApiWords.ROWS,
                    new AllowedPlaces(source.query().url(), source.allowedHosts()),
                    address,
                    source.access(),
                    tag,
                    body,
                    pauses,
                    run)));
  }

  /** What asks a registry for schemas, on behalf of a run. */
  SchemaRegistry.Client schemas(Source.Registry registry, RequestContext run) {
    return new RegistryClient(
        registry,
        (address, body) ->
            get(
                new ApiCall(
                    ApiWords.SCHEMAS,
                    new AllowedPlaces(registry.url(), Set.of()),
                    address,
                    registry.access(),
                    null,
                    body,
                    pauses,
                    run)));
  }

  private ApiSource.Answered get(ApiCall call) {
    if (call.run().isStopped()) {
      throw new UncheckedIOException(new IOException("the run has been stopped"));
    }
    if (!call.isAllowed()) {
      throw elsewhere(call, call.home(), call.address());
    }
    routes.template().requestBody("direct:read-answer", call);
    return call.result();
  }

  /** None before the first attempt; longer and longer before the next ones. */
  public void pause(Exchange exchange) throws InterruptedException {
    callOf(exchange).await();
  }

  /** Puts the request into the message: address and headers. */
  public void write(Exchange exchange) {
    var call = callOf(exchange);
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setBody(null);
    message.setHeader(Exchange.HTTP_METHOD, "GET");
    message.setHeader(Exchange.HTTP_URI, call.address().toString());
    message.setHeader("Accept", "application/json");
    if (call.tag() != null) {
      message.setHeader("If-None-Match", call.tag());
    }
    if (call.isAtHome()) {
      call.access().headers().forEach(message::setHeader);
    }
  }

  /** Reads the HTTP answer in the message, its body while it comes in. */
  public void read(Exchange exchange) throws IOException {
    var call = callOf(exchange);
    Message message = exchange.getMessage();
    int status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    try (var content = content(message)) {
      if (status >= 200 && status < 300) {
        if (status != NO_CONTENT) {
          call.body().take(content, charset(message));
        }
        call.answered(
            new ApiSource.Answered(call.address(), false, next(message), header(message, "ETag")));
      } else if (status == 304 && call.tag() != null) {
        call.answered(new ApiSource.Answered(call.address(), true, null, call.tag()));
      } else if (status >= 300 && status < 400 && header(message, "Location") != null) {
        redirect(call, String.valueOf(header(message, "Location")));
      } else if (status == 408 || status == 425 || status == 429 || status >= 500) {
        busy(call, status, excerpt(call, content), retryAfter(message));
      } else {
        call.failed(refusal(call, status, excerpt(call, content)));
      }
    } finally {
      message.removeHeaders("*"); // the secrets have done their service
      message.setBody(null);
    }
  }

  /** There is no HTTP answer, it broke off, or it is of no use. */
  public void lost(Exchange exchange) {
    var call = callOf(exchange);
    var failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    exchange.getMessage().removeHeaders("*");
    exchange.getMessage().setBody(null);
    if (failure instanceof BrokenAnswerException || failure instanceof UserErrorException) {
      call.failed(hiding(call, (RuntimeException) failure));
      return;
    }
    String words = call.access().hide(words(failure));
    if (call.triesAgain(null)) {
      log.warn("{}: {}, trying again", call.address().getHost(), words);
      call.run().waits(call.address().getHost(), words, clock.instant());
    } else {
      stop(call, call.words().breaksOff().with(call.address().getHost(), words), null);
    }
  }

  /** A server may repeat our secret where rows should be. */
  private static RuntimeException hiding(ApiCall call, RuntimeException failure) {
    UnaryOperator<String> hide = call.access()::hide;
    return failure instanceof BrokenAnswerException broken
        ? new BrokenAnswerException(broken.reason().withTexts(hide))
        : new UserErrorException(((UserErrorException) failure).reason().withTexts(hide));
  }

  private void busy(ApiCall call, int status, String said, @Nullable Duration wanted) {
    var host = call.address().getHost();
    if (call.triesAgain(wanted)) {
      log.warn("{}: HTTP {}, trying again", host, status);
      call.run().waits(host, "HTTP " + status, clock.instant());
    } else {
      stop(call, call.words().busy().with(host, status, said), wanted);
    }
  }

  /**
   * The run ends, and its source is tried again later; not before the API wants it, if for long.
   */
  private void stop(
      ApiCall call, dev.kintonesync.message.UserMessage reason, @Nullable Duration wanted) {
    if (wanted != null && wanted.compareTo(pauses.backoff().longest()) > 0) {
      call.run().stop(reason, clock.instant().plus(wanted));
    } else {
      call.run().stop(reason);
    }
    call.failed(new UncheckedIOException(new IOException(reason.toString())));
  }

  private static void redirect(ApiCall call, String location) {
    URI before = call.address();
    URI target = Address.resolved(before, location);
    if (target == null || !call.redirected(target)) {
      call.failed(
          new UserErrorException(
              call.words().redirects().with(before.getHost(), Address.bare(location))));
    } else if (!call.isAllowed()) {
      call.failed(elsewhere(call, before, target));
    }
  }

  private static UserErrorException elsewhere(ApiCall call, URI from, URI target) {
    if (call.words() == ApiWords.SCHEMAS) {
      return new UserErrorException(
          call.words().redirects().with(from.getHost(), Address.bare(target.toString())));
    }
    return new UserErrorException(
        MessageCode.API_ELSEWHERE.with(
            from.getHost(),
            Address.bare(target.toString()),
            "job." + call.run().job().name() + ".source.allowed-hosts"));
  }

  private static UserErrorException refusal(ApiCall call, int status, String said) {
    String address = Address.bare(call.address().toString());
    boolean locked = status == 401 || status == 403;
    var words = call.words();
    if (locked && !call.isAtHome() && call.access().isSecret() && words == ApiWords.ROWS) {
      return new UserErrorException(
          MessageCode.API_LOCKED_ELSEWHERE.with(call.home().getHost(), address, status));
    }
    if (status == 404) {
      return new AbsentPageException(words.refuses().with(address, status, said), said);
    }
    return new UserErrorException(
        (locked ? words.locked() : words.refuses()).with(address, status, said));
  }

  private static InputStream content(Message message) {
    var content = message.getBody(InputStream.class);
    return content == null ? InputStream.nullInputStream() : content;
  }

  /** What an error says of itself, on one line and without our secrets. */
  private static String excerpt(ApiCall call, InputStream content) throws IOException {
    String line = Excerpt.line(content.readNBytes(Excerpt.LOOKED_AT));
    return Excerpt.after(call.access().hide(line));
  }

  /** Null for UTF-8, which is looked at more closely by whoever reads the JSON. */
  private static @Nullable Charset charset(Message message) {
    Matcher named = CHARSET.matcher(String.valueOf(header(message, Exchange.CONTENT_TYPE)));
    if (!named.find() || named.group(1).toLowerCase(Locale.ROOT).startsWith("utf")) {
      return null;
    }
    try {
      return Encoding.charsetNamed(named.group(1));
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new BrokenAnswerException(MessageCode.API_NOT_IN_CHARSET.with(named.group(1)));
    }
  }

  private static @Nullable String next(Message message) {
    for (String value : headers(message, "Link")) {
      Matcher link = LINK.matcher(value);
      while (link.find()) {
        if (NEXT.matcher(link.group(2)).find()) {
          return link.group(1);
        }
      }
    }
    return null;
  }

  /** How long the API wants to be left alone: seconds, or a date. */
  private @Nullable Duration retryAfter(Message message) {
    String value = header(message, "Retry-After");
    if (value == null) {
      return null;
    }
    if (value.strip().matches("[0-9]{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(value.strip()));
    }
    try {
      Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      var until = Duration.between(clock.instant(), date);
      return until.isNegative() ? Duration.ZERO : until;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static @Nullable String header(Message message, String name) {
    var values = headers(message, name);
    return values.isEmpty() ? null : values.get(0);
  }

  private static List<String> headers(Message message, String name) {
    Object value = message.getHeader(name);
    if (value instanceof Collection<?> several) {
      return several.stream().map(String::valueOf).toList();
    }
    return value == null ? List.of() : List.of(value.toString());
  }

  /** The message alone where it is a sentence: people read it. */
  private static String words(@Nullable Throwable failure) {
    if (failure instanceof UnknownHostException) {
      return "unknown host " + failure.getMessage();
    }
    String message = failure == null ? null : failure.getMessage();
    return message != null && message.contains(" ")
        ? message
        : String.valueOf(failure == null ? null : failure.getClass().getSimpleName())
            + ": "
            + message;
  }

  private static ApiCall callOf(Exchange exchange) {
    return exchange.getProperty("kintoneCall", ApiCall.class);
  }
}
