package dev.kintonesync.camel.source;

import dev.kintonesync.camel.kintone.KintoneCall;
import dev.kintonesync.camel.kintone.RequestContext;
import dev.kintonesync.settings.HttpAuth;
import dev.kintonesync.source.api.Address;
import dev.kintonesync.source.api.ApiSource;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One page of an HTTP API with all its attempts, as the route {@code read-answer} loops over it. A
 * page is only read, so it may be asked for again whatever became of it. For one thread.
 */
public final class ApiCall {
  private static final int MOST_ATTEMPTS = 6;

  /** Who only checks or plans wants an answer soon. */
  private static final int MOST_ATTEMPTS_WITHOUT_WRITING = 2;

  private static final int MOST_REDIRECTS = 5;

  private final ApiWords words;
  private final AllowedPlaces places;
  private final HttpAuth access;
  private final @Nullable String tag;
  private final ApiSource.Body body;
  private final KintoneCall.Pauses pauses;
  private final RequestContext run;

  private URI address;
  private int attempts;
  private int redirects;
  private Duration pause = Duration.ZERO;
  private ApiSource.@Nullable Answered answered;
  private @Nullable RuntimeException failure;

  /**
   * A call that has not been sent yet.
   *
   * @param words what people are told of it
   * @param places where it may be asked
   * @param tag by which the last answer was known; null: the page is wanted whatever it is
   */
  ApiCall(
      ApiWords words,
      AllowedPlaces places,
      URI address,
      HttpAuth access,
      @Nullable String tag,
      ApiSource.Body body,
      KintoneCall.Pauses pauses,
      RequestContext run) {
    this.words = words;
    this.places = places;
    this.address = address;
    this.access = access;
    this.tag = tag;
    this.body = body;
    this.pauses = pauses;
    this.run = run;
  }

  /** Whether it is to be sent, for the first time or once more. */
  public boolean isOpen() {
    return answered == null && failure == null;
  }

  /** What people are told of it. */
  ApiWords words() {
    return words;
  }

  /** The address that the access is for. */
  URI home() {
    return places.home();
  }

  URI address() {
    return address;
  }

  HttpAuth access() {
    return access;
  }

  @Nullable String tag() {
    return tag;
  }

  ApiSource.Body body() {
    return body;
  }

  /** Whether it goes to the place that the access is for; any other must not even see it. */
  boolean isAtHome() {
    return Address.sameOrigin(places.home(), address);
  }

  /** Whether it may be asked where it lies. */
  boolean isAllowed() {
    return places.allows(address);
  }

  /** How long to wait before the next attempt. */
  void await() throws InterruptedException {
    if (!pause.isZero()) {
      run.pause(pause);
    }
  }

  /**
   * It is to be asked for at another address.
   *
   * @return whether it may be
   */
  boolean redirected(URI target) {
    boolean inTheOpen =
        address.getScheme().equalsIgnoreCase("https")
            && !target.getScheme().equalsIgnoreCase("https");
    redirects++;
    address = target;
    pause = Duration.ZERO;
    return redirects <= MOST_REDIRECTS && !inTheOpen;
  }

  void answered(ApiSource.Answered page) {
    run.goesOn();
    answered = page;
  }

  void failed(RuntimeException reason) {
    failure = reason;
  }

  /**
   * There was no answer, or none of use; another attempt may go better.
   *
   * @param wanted how long the API wants to be left alone; null when it does not say
   * @return whether there is another attempt
   */
  boolean triesAgain(@Nullable Duration wanted) {
    attempts++;
    boolean patient = wanted == null || wanted.compareTo(pauses.backoff().longest()) <= 0;
    pause = wanted == null ? pauses.after(attempts) : wanted;
    int most = run.job().options().writes() ? MOST_ATTEMPTS : MOST_ATTEMPTS_WITHOUT_WRITING;
    return attempts < most && patient && !run.isStopped();
  }

  RequestContext run() {
    return run;
  }

  /**
   * What it came to.
   *
   * @throws RuntimeException when the page could not be had
   */
  ApiSource.Answered result() {
    if (failure != null) {
      throw failure;
    }
    return Objects.requireNonNull(answered, "the route has ended");
  }
}
