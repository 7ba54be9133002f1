package dev.kintonesync.camel.source;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.camel.kintone.RequestContext;
import dev.kintonesync.camel.kintone.RouteCaller;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.ErrorCode;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;

/** Reads apps that are sources, by way of the route {@code kintone-request}. */
public final class AppSourceClient {
  private final RouteCaller routes;

  /**
   * Apps that are read.
   *
   * @param camel the application, once it has started
   */
  public AppSourceClient(Supplier<CamelContext> camel) {
    this.routes = new RouteCaller(camel);
  }

  /**
   * The answer to a read.
   *
   * @throws UserErrorException when Kintone refuses it
   * @throws UncheckedIOException when it does not answer, for as long as the run has patience
   */
  JsonNode ask(KintoneRequest request, RequestContext run) {
    var answer = RouteCaller.ask(routes.template(), run, request);
    if (answer instanceof Answer.Done done) {
      return done.body();
    }
    var url = request.connection().baseUrl();
    if (answer instanceof Answer.Refused refused && !ErrorCode.isBusy(refused.code())) {
      throw new UserErrorException(
          refused.isOverrideLost(request)
              ? refused.whyUnreadable(request.app(), request)
              : MessageCode.SOURCE_APP_REFUSED.with(request.app(), url, refused.words()));
    }
    run.stop(answer.whyAway(url));
    throw new UncheckedIOException(new IOException(answer.words()));
  }
}
