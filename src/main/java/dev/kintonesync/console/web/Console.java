package dev.kintonesync.console.web;

import dev.kintonesync.console.JobOverview;
import dev.kintonesync.console.web.Authenticator.Judgement;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.HttpClientFactory;
import dev.kintonesync.settings.Network;
import dev.kintonesync.sync.Report;
import java.net.BindException;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The page of a running program, and what machines ask of it, served over HTTP. Has a server of its
 * own, so that the users' routes and it do not get into each other's way.
 */
public final class Console implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Setup setup;
  private final Authenticator caller;
  private final PageViews views;
  private final Health health;
  private final Metrics metrics;
  private final PageServer server;

  /**
   * What is served where.
   *
   * @param overview how the jobs stand
   * @param journal the journal, which the caller closes
   * @param runs the folder of all run folders
   * @param bundle the language where the browser asks for none
   * @param address the address to listen on
   * @param port the port; 0: any free one
   * @param password null: none, and then only this machine may ask
   * @param simulator where the simulator shows its records; null: there is none
   * @param network what lies between us and Kintone
   * @param actions what those who know the password may have the program do
   * @param clock tells the time
   */
  public record Setup(
      JobOverview overview,
      Journal journal,
      Path runs,
      MessageBundle bundle,
      String address,
      int port,
      @Nullable String password,
      @Nullable URI simulator,
      Network network,
      PageActions actions,
      Clock clock) {}

  private Console(Setup setup) throws Exception {
    this.setup = setup;
    this.caller = new Authenticator(setup.password(), setup.clock());
    this.views =
        new PageViews(
            setup.overview(),
            setup.journal(),
            setup.runs().toAbsolutePath().normalize(),
            setup.password() != null,
            setup.simulator());
    this.health =
        new Health(setup.overview(), new HttpClientFactory(setup.network()), setup.clock());
    this.metrics = new Metrics(setup.overview(), setup.clock());
    try {
      this.server = new PageServer(setup.address(), setup.port(), PATIENCE, this::answer);
    } catch (Exception e) {
      health.close();
      throw e;
    }
  }

  /**
   * Serves the page until it is closed.
   *
   * @throws UserErrorException when the port is taken, when another address than this machine's is
   *     to be served without a password, or when the password is guessed too easily
   */
  public static Console serve(Setup setup) {
    String password = setup.password();
    if (password != null) {
      Passwords.check(setup.address(), password);
    } else if (!setup.address().equals("127.0.0.1")) {
      throw new UserErrorException(MessageCode.PAGE_WITHOUT_PASSWORD.with(setup.address()));
    }
    try {
      return new Console(setup);
    } catch (BindException e) {
      throw new UserErrorException(
          MessageCode.PAGE_PORT_TAKEN.with(setup.address(), setup.port()), e);
    } catch (Exception e) {
      throw new UserErrorException(
          MessageCode.PAGE_NOT_SERVED.with(String.valueOf(e.getMessage())), e);
    }
  }

  /** Where the page is. */
  public URI url() {
    return URI.create("http://" + setup.address() + ":" + server.port() + "/");
  }

  /** A run has ended. */
  public void ran(Report report) {
    metrics.ran(report);
  }

  private PageResponse answer(PageRequest asked) {
    if (caller.isForeign(asked)) {
      return PageResponse.text(403, "forbidden");
    }
    String session = cookie(asked);
    if (asked.changes() && asked.path().equals("/login")) {
      return login(asked);
    }
    Judgement judgement = caller.judge(asked, session);
    return switch (judgement.verdict()) {
      case WELCOME -> asked.changes() ? act(asked, session) : show(asked, session);
      case ASKED_FOR_THE_PASSWORD -> askForThePassword(asked);
      case SLOWED_DOWN -> slowedDown(judgement.pause());
      case FORBIDDEN -> PageResponse.text(403, "forbidden");
    };
  }

  private PageResponse login(PageRequest asked) {
    Judgement judgement = caller.judgeLogin(asked);
    return switch (judgement.verdict()) {
      case WELCOME -> {
        String origin = asked.header("Origin");
        boolean tls = origin != null && origin.startsWith("https:");
        yield PageResponse.text(200, "done")
            .with("Set-Cookie", cookie(caller.sessions().begin()) + (tls ? "; Secure" : ""));
      }
      case ASKED_FOR_THE_PASSWORD -> PageResponse.text(401, "wrong password");
      case SLOWED_DOWN -> slowedDown(judgement.pause());
      case FORBIDDEN -> PageResponse.text(403, "forbidden");
    };
  }

  /** People get the page to log in, and no window of their browser; programs a challenge. */
  private PageResponse askForThePassword(PageRequest asked) {
    var part =
        asked.changes() ? Optional.<PageResponse>empty() : PageFiles.partOfLogin(asked.path());
    if (part.isPresent()) {
      return part.get();
    }
    String accepted = asked.header("Accept");
    if (!asked.changes() && accepted != null && accepted.contains("text/html")) {
      return PageFiles.login(language(asked)).as(401);
    }
    var refusal = PageResponse.text(401, "password needed");
    return Authenticator.isOfAProgram(asked) && asked.header("Authorization") == null
        ? refusal
        : refusal.with("WWW-Authenticate", "Basic realm=\"kintone-sync\", charset=\"UTF-8\"");
  }

  private static PageResponse slowedDown(Duration pause) {
    return PageResponse.text(429, "too many wrong passwords")
        .with("Retry-After", Long.toString(pause.plusMillis(999).toSeconds()));
  }

  /** Cookies are of a host, whatever the port: two programs of a machine have two names. */
  private String cookieName() {
    return "kintone-sync-" + server.port();
  }

  private String cookie(String token) {
    return cookieName() + "=" + token + "; Path=/; HttpOnly; SameSite=Strict";
  }

  private @Nullable String cookie(PageRequest asked) {
    String cookies = asked.header("Cookie");
    String start = cookieName() + "=";
    return cookies == null
        ? null
        : Arrays.stream(cookies.split(";", -1))
            .map(String::strip)
            .filter(one -> one.startsWith(start))
            .map(one -> one.substring(start.length()))
            .findFirst()
            .orElse(null);
  }

  private PageResponse act(PageRequest asked, @Nullable String session) {
    if (asked.path().equals("/logout")) {
      caller.sessions().end(session);
      return PageResponse.text(200, "done").with("Set-Cookie", cookie("") + "; Max-Age=0");
    }
    boolean done =
        switch (asked.path()) {
          case "/run-now" -> setup.actions().runNow(asked.of("job"));
          case "/accept" -> accept(asked.of("job"), asked.of("guard"));
          case "/retry" -> retry(asked.of("run"));
          case "/dismiss" -> views.dismiss(asked.of("job"), asked.of("id"));
          default -> false;
        };
    return done ? PageResponse.text(200, "done") : PageResponse.notFound();
  }

  /** Only the guard that stands in the way now: what the page showed may be over. */
  private boolean accept(String job, String guard) {
    return guard.equals(views.guard(job)) && setup.actions().accept(job, guard);
  }

  private boolean retry(String run) {
    return views.jobOfRejects(run).map(job -> setup.actions().retry(job, run)).orElse(false);
  }

  private PageResponse show(PageRequest asked, @Nullable String session) {
    MessageBundle bundle = language(asked);
    String name = asked.of("name");
    return switch (asked.path()) {
      case "/" -> PageFiles.in(bundle, caller.sessions().isOpen(session));
      case "/data/overview" -> PageResponse.json(views.overview(bundle));
      case "/data/job" ->
          views.job(name, bundle).map(PageResponse::json).orElseGet(PageResponse::notFound);
      case "/data/run" ->
          views.run(name, bundle).map(PageResponse::json).orElseGet(PageResponse::notFound);
      case "/rejects" ->
          views.rejects(name).map(Console::download).orElseGet(PageResponse::notFound);
      case "/open-rejects" ->
          views
              .openRejects(name, bundle)
              .map(
                  csv ->
                      PageResponse.of("text/csv;charset=utf-8", csv)
                          .with("Content-Disposition", "attachment; filename=\"open-rejects.csv\""))
              .orElseGet(PageResponse::notFound);
      case "/observe/health" -> health.check();
      case "/observe/metrics" ->
          PageResponse.of("text/plain;version=0.0.4;charset=utf-8", utf8(metrics.scrape()));
      default -> PageFiles.part(asked.path()).orElseGet(PageResponse::notFound);
    };
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private MessageBundle language(PageRequest asked) {
    String wanted =
        asked.query().containsKey("lang") ? asked.of("lang") : asked.header("Accept-Language");
    return wanted == null ? setup.bundle() : MessageBundle.of(Locale.forLanguageTag(first(wanted)));
  }

  /** The first language of a list such as {@code ja,en;q=0.8}. */
  private static String first(String languages) {
    return languages.split("[,;]", 2)[0].strip();
  }

  private static PageResponse download(Path file) {
    String type = URLConnection.guessContentTypeFromName(file.toString());
    return PageResponse.file(type == null ? "application/octet-stream" : type, file);
  }

  @Override
  public void close() {
    server.close();
    health.close();
  }
}
