package dev.kintonesync.console.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.console.Desk;
import dev.kintonesync.console.JobOverview;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Network;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The password of the page: which is taken, how it is guessed, and how long a login holds. */
@LogOfProcess.LookedAt
class LoginTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String PASSWORD = "秘密の言葉 12";

  @TempDir private Path home;

  private final Instant begun = Instant.parse("2026-11-01T00:00:00Z");
  private volatile Duration passed = Duration.ZERO;
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private Desk desk;
  private String url;

  /** Stands still, but for what {@link #passed} says. */
  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return begun.plus(passed);
        }
      };

  @BeforeEach
  void open() throws IOException {
    desk = new Desk(home, "http://127.0.0.1:9", 1);
    url = desk.serve(PASSWORD, clock);
    logged.start();
    ((Logger) LoggerFactory.getLogger(Passwords.class)).addAppender(logged);
  }

  @AfterEach
  void close() {
    ((Logger) LoggerFactory.getLogger(Passwords.class)).detachAppender(logged);
    desk.close();
  }

  private static String basic(String password) {
    return "Basic "
        + Base64.getEncoder().encodeToString(("any:" + password).getBytes(StandardCharsets.UTF_8));
  }

  private HttpRequest get(String path, String... headers) {
    var request = HttpRequest.newBuilder(URI.create(url + path));
    return (headers.length == 0 ? request : request.headers(headers)).build();
  }

  private HttpRequest post(String path, String body, String... headers) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .headers(headers)
        .build();
  }

  private static HttpResponse<String> answer(HttpRequest request) throws Exception {
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static int status(HttpRequest request) throws Exception {
    return answer(request).statusCode();
  }

  private String logIn(String... headers) throws Exception {
    var all = new ArrayList<>(List.of("X-Kintone-Sync", "t"));
    all.addAll(List.of(headers));
    var answer = answer(post("login", PASSWORD, all.toArray(String[]::new)));
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.headers().firstValue("Set-Cookie").orElseThrow();
  }

  private static String pair(String cookie) {
    return cookie.substring(0, cookie.indexOf(';'));
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, a",
    "0.0.0.0, elevenchars",
    "0.0.0.0, aaaaaaaaaaaaaaaaaaaa",
    "0.0.0.0, abcdabcdabcdabcd",
    "0.0.0.0, your-page-password",
    "127.0.0.1, seven77",
    "127.0.0.1, your-page-password"
  })
  void aPasswordThatIsGuessedEasilyIsRefusedInOneSentence(String address, String password) {
    assertThatThrownBy(() -> Console.serve(setup(address, password)).close())
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("console.password is too easy to guess")
        .hasMessageContaining(address)
        .hasMessageContaining(address.equals("0.0.0.0") ? "12 characters" : "8 characters")
        .hasMessageNotContaining("= " + password);
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0, twelve-chars", "127.0.0.1, eight-ch", "127.0.0.1, 秘密の合言葉です"})
  void aPasswordOfTheLengthThatItsAddressNeedsIsTaken(String address, String password) {
    Console.serve(setup(address, password)).close();
  }

  private Console.Setup setup(String address, String password) {
    return new Console.Setup(
        new JobOverview(List::of, 0, desk.journal, home.resolve("runs"), clock),
        desk.journal,
        home,
        MessageBundle.ENGLISH,
        address,
        0,
        password,
        null,
        Network.DIRECT,
        job -> false,
        null,
        clock);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofManyGuessesAtOnceAFewAreLookedAtAndOneLineIsLogged(boolean form) throws Exception {
    var guesses =
        IntStream.range(0, 200)
            .mapToObj(
                guess ->
                    form
                        ? post("login", "guess " + guess, "X-Kintone-Sync", "t")
                        : get("data/overview", "Authorization", basic("guess " + guess)))
            .map(guess -> HTTP.sendAsync(guess, HttpResponse.BodyHandlers.ofString()))
            .toList();
    var answers = guesses.stream().map(CompletableFuture::join).toList();
    assertThat(answers).filteredOn(answer -> answer.statusCode() == 401).hasSize(Passwords.FREE);
    assertThat(answers)
        .filteredOn(answer -> answer.statusCode() != 401)
        .allMatch(answer -> answer.statusCode() == 429)
        .allMatch(answer -> answer.headers().firstValue("Retry-After").orElse("").equals("1"));
    assertThat(logged.list)
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.getFormattedMessage())
                    .contains("127.0.0.1")
                    .doesNotContain("guess"));
    assertThat(status(get("", "Authorization", basic(PASSWORD))))
        .as("the right one during the pause, which must not differ from a wrong one")
        .isEqualTo(429);
    passed = Duration.ofSeconds(1);
    assertThat(status(get("", "Authorization", basic(PASSWORD)))).isEqualTo(200);
  }

  @Test
  void thePauseGrowsToAMinuteWhateverHasSucceededBetween() throws Exception {
    var pauses = new ArrayList<Long>();
    for (int guess = 0; guess < Passwords.FREE + 9; guess++) {
      assertThat(status(get("", "Authorization", basic("guess " + guess)))).isEqualTo(401);
      var next = answer(get("", "Authorization", basic(PASSWORD)));
      long pause = next.headers().firstValueAsLong("Retry-After").orElse(0);
      pauses.add(pause);
      passed = passed.plusSeconds(pause);
      assertThat(status(get("", "Authorization", basic(PASSWORD)))).isEqualTo(200);
    }
    assertThat(pauses)
        .containsExactly(0L, 0L, 0L, 0L, 1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L, 60L);
    passed = passed.plus(Duration.ofHours(2));
    assertThat(status(get("", "Authorization", basic("guess")))).isEqualTo(401);
    assertThat(status(get("", "Authorization", basic(PASSWORD)))).as("forgotten").isEqualTo(200);
  }

  @Test
  void aProgramWithAnOldPasswordLocksNobodyOut() throws Exception {
    for (int time = 0; time < 50; time++) {
      assertThat(status(get("observe/metrics", "Authorization", basic("old")))).isEqualTo(401);
    }
    logIn();
    assertThat(logged.list).isEmpty();
  }

  @Test
  void aSessionIsNotSlowedDownByTheGuessesOfOthers() throws Exception {
    String session = pair(logIn());
    for (int guess = 0; guess < 20; guess++) {
      answer(get("", "Authorization", basic("guess " + guess)));
    }
    assertThat(status(get("data/overview", "Cookie", session))).isEqualTo(200);
  }

  @Test
  void anAddressOfIpv6StandsForItsWholeNetwork() {
    var passwords = new Passwords(Map.of(Role.WORK, PASSWORD), clock);
    for (int host = 1; host <= Passwords.FREE; host++) {
      assertThat(passwords.look("2001:db8:1:2::" + host, "guess " + host).pause()).isZero();
    }
    assertThat(passwords.look("2001:db8:1:2:ffff::1", PASSWORD).pause()).isPositive();
    assertThat(passwords.look("2001:db8:1:3::1", PASSWORD).right()).isTrue();
    assertThat(passwords.look("::ffff:192.0.2.1", PASSWORD).right()).isTrue();
  }

  @Test
  void guessesFromManyAddressesAreSlowedDownTogetherButNotThoseWhoKnowThePassword() {
    var passwords = new Passwords(Map.of(Role.WORK, PASSWORD), clock);
    assertThat(passwords.look("192.0.2.1", PASSWORD).right()).isTrue();
    long lookedAt =
        IntStream.range(0, 2000)
            .filter(
                i -> passwords.look("10.0." + i / 250 + "." + i % 250, "g" + i).pause().isZero())
            .count();
    assertThat(lookedAt).isEqualTo(Passwords.MOST_A_MINUTE);
    assertThat(logged.list).hasSize(1);
    assertThat(passwords.look("192.0.2.1", PASSWORD).right()).isTrue();
    assertThat(passwords.look("192.0.2.2", PASSWORD).right()).isFalse();
    passed = Duration.ofSeconds(62);
    assertThat(passwords.look("192.0.2.2", PASSWORD).right()).isTrue();
  }

  @Test
  void noMoreThanSomeThousandAddressesAreRemembered() {
    var passwords = new Passwords(Map.of(Role.WORK, PASSWORD), clock);
    for (int guess = 1; guess < Passwords.FREE; guess++) {
      passwords.look("192.0.2.1", "guess " + guess);
    }
    for (String given : List.of(PASSWORD, "guess")) { // whoever knows it may err at any time
      for (int i = 0; i < Passwords.MOST_ADDRESSES; i++) {
        passwords.look("10.0." + i / 250 + "." + i % 250, given);
      }
    }
    passed = Duration.ofSeconds(62);
    passwords.look("192.0.2.1", "guess again");
    assertThat(passwords.look("192.0.2.1", PASSWORD).right()).isTrue();
  }

  @Test
  void aSessionEndsWhenNobodyLooksAnyMore() throws Exception {
    String session = pair(logIn());
    passed = Sessions.IDLE;
    assertThat(status(get("data/overview", "Cookie", session))).isEqualTo(200);
    passed = passed.plus(Sessions.IDLE).plusSeconds(1);
    assertThat(status(get("data/overview", "Cookie", session))).isEqualTo(401);
    passed = Duration.ZERO;
    assertThat(status(get("data/overview", "Cookie", session))).as("over is over").isEqualTo(401);
  }

  @Test
  void aSessionEndsAfterHalfADayHoweverMuchItIsUsed() throws Exception {
    String session = pair(logIn());
    while (passed.compareTo(Sessions.LONGEST) < 0) {
      passed = passed.plusMinutes(20);
      assertThat(status(get("", "Cookie", session))).isEqualTo(200);
    }
    passed = passed.plusSeconds(1);
    assertThat(status(get("", "Cookie", session))).isEqualTo(401);
  }

  @Test
  void aSessionEndsAtTheLogout() throws Exception {
    String session = pair(logIn());
    String other = pair(logIn());
    assertThat(session).isNotEqualTo(other);
    var gone = answer(post("logout", "", "Cookie", session, "X-Kintone-Sync", "t"));
    assertThat(gone.headers().firstValue("Set-Cookie").orElse("")).contains("Max-Age=0");
    assertThat(status(get("", "Cookie", session))).isEqualTo(401);
    assertThat(status(get("", "Cookie", other))).isEqualTo(200);
    assertThat(status(get("", "Cookie", session.split("=")[0] + "="))).isEqualTo(401);
  }

  @Test
  void theCookieIsForOurOwnRequestsAlone() throws Exception {
    assertThat(logIn())
        .contains("; HttpOnly", "; SameSite=Strict", "; Path=/")
        .doesNotContain("Secure");
    String host = URI.create(url).getAuthority();
    assertThat(logIn("Origin", "https://" + host)).endsWith("; Secure");
    String session = pair(logIn("Origin", "https://sync.example", "Sec-Fetch-Site", "same-origin"));
    String now = "run-now?job=customers";
    assertThat(status(post(now, "", "Cookie", session))).isEqualTo(403);
    for (String[] foreign :
        new String[][] {
          {"Origin", "http://evil.example"},
          {"Origin", "null"},
          {"Sec-Fetch-Site", "cross-site"},
          {"Sec-Fetch-Site", "same-site"},
          {"Sec-Fetch-Site", "none"}
        }) {
      for (String path : List.of(now, "dismiss?job=customers&id=0600001", "logout", "login")) {
        String body = path.equals("login") ? PASSWORD : "";
        assertThat(
                status(
                    post(
                        path,
                        body,
                        "Cookie",
                        session,
                        "X-Kintone-Sync",
                        "t",
                        foreign[0],
                        foreign[1])))
            .as("%s %s %s", path, foreign[0], foreign[1])
            .isEqualTo(403);
      }
    }
    assertThat(desk.ranNow).isEmpty();
    assertThat(status(post(now, "", "Cookie", session, "X-Kintone-Sync", "t"))).isEqualTo(200);
    assertThat(desk.ranNow).containsExactly("customers");
  }

  @Test
  void peopleAreShownTheLoginAndProgramsAreChallenged() throws Exception {
    var person = answer(get("?lang=ja", "Accept", "text/html,*/*"));
    assertThat(person.statusCode()).isEqualTo(401);
    assertThat(person.body()).contains("<html lang=\"ja\">", "パスワード").doesNotContain("{{");
    assertThat(person.headers().firstValue("WWW-Authenticate")).isEmpty();
    var program = answer(get("observe/metrics"));
    assertThat(program.statusCode()).isEqualTo(401);
    assertThat(program.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Basic");
    assertThat(answer(get("data/overview", "X-Kintone-Sync", "page")).headers().map())
        .as("of the page's own request, at which a browser would ask")
        .doesNotContainKey("www-authenticate");
    for (String part : List.of("page.css", "icon.svg", "login.js")) {
      assertThat(status(get(part))).as(part).isEqualTo(200);
    }
    assertThat(status(get("login"))).isEqualTo(401);
  }

  @Test
  void everyAnswerIsGuardedInTheBrowser() throws Exception {
    String session = pair(logIn());
    for (var request :
        List.of(
            get("", "Cookie", session),
            get("data/overview", "Cookie", session),
            get("nothing", "Cookie", session),
            get("", "Accept", "text/html"),
            get("observe/health"),
            post("logout", "", "Origin", "http://evil.example"),
            post("login", "wrong", "X-Kintone-Sync", "t"))) {
      var headers = answer(request).headers();
      assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
          .contains(
              "default-src 'none'",
              "frame-ancestors 'none'",
              "form-action 'none'",
              "base-uri 'none'");
      assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(headers.firstValue("Referrer-Policy")).contains("no-referrer");
      assertThat(headers.firstValue("Cache-Control")).contains("no-store");
      assertThat(headers.firstValue("Cross-Origin-Resource-Policy")).contains("same-origin");
    }
  }
}
