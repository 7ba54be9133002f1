package dev.kintonesync.setup;

import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.AnswerReader;
import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.BoundedHttp;
import dev.kintonesync.settings.HttpClientFactory;
import dev.kintonesync.settings.Network;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.jspecify.annotations.Nullable;

/**
 * Asks Kintone single questions, each once: for people who wait for the answer, and before there is
 * a job. Only reads.
 */
public final class KintoneProbe implements AutoCloseable {
  private final BoundedHttp web;
  private final Consumer<KintoneRequest> calls;

  /**
   * A way to Kintone.
   *
   * @param timeout for an answer
   * @param calls is told of each request before it goes out
   * @throws UserErrorException when a file of certificates cannot be read
   */
  public KintoneProbe(Network network, Duration timeout, Consumer<KintoneRequest> calls) {
    this.web = new BoundedHttp(new HttpClientFactory(network), timeout, AnswerReader.mostBytes());
    this.calls = calls;
  }

  /** Asks once; where a proxy removes the header of a read, once more without it. */
  public Answer ask(KintoneRequest request) {
    var answer = ask(request, request.isAddressed());
    return answer instanceof Answer.Refused refused && refused.isOverrideLost(request)
        ? ask(request, true)
        : answer;
  }

  private Answer ask(KintoneRequest request, boolean addressed) {
    calls.accept(request);
    KintoneConnection connection = request.connection();
    var message = message(request, addressed);
    message.setHeader("Accept-Language", connection.language());
    connection.credentials().headers().forEach(message::setHeader);
    try {
      var reply = web.send(message);
      return AnswerReader.read(reply.status(), reply.body());
    } catch (UnknownHostException | ConnectException | NoRouteToHostException e) {
      return new Answer.Unsent(words(e));
    } catch (IOException e) {
      return new Answer.Unknown(words(e), false);
    }
  }

  private static HttpUriRequestBase message(KintoneRequest request, boolean addressed) {
    KintoneConnection connection = request.connection();
    String address = connection.baseUrl() + connection.path(request.resource());
    if (addressed) {
      return new HttpGet(URI.create(address + "?" + request.query()));
    }
    var message = new HttpPost(URI.create(address));
    message.setHeader("X-HTTP-Method-Override", request.verb().name());
    message.setEntity(new StringEntity(request.payload().toString(), ContentType.APPLICATION_JSON));
    return message;
  }

  private static String words(IOException failure) {
    @Nullable String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  @Override
  public void close() {
    web.close();
  }
}
