package dev.kintonesync.console.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.console.JobOverview;
import dev.kintonesync.console.RunFiles;
import dev.kintonesync.console.web.Authenticator.Judgement;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.HttpClientFactory;
import dev.kintonesync.settings.Network;
import dev.kintonesync.sync.Report;
import java.net.BindException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLConnection;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The page of a running program, and what machines ask of it, served over HTTP. Has a server of its
 * own, so that the users' routes and it do not get into each other's way.
 */
public final class Console implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int LONGEST_NAME = 200;

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
            setup.simulator(),
            setup.clock());
    this.health =
        new Health(setup.overview(), new HttpClientFactory(setup.network()), setup.clock());
    this.metrics = new Metrics(setup.overview(), setup.clock());
    try {
      var uploads =
          new Uploads(
              "/upload",
              setup.runs().toAbsolutePath().normalize(),
              this::refusal,
              this::upload,
              this::language);
      uploads.tidy();
      this.server = new PageServer(setup.address(), setup.port(), PATIENCE, this::answer, uploads);
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

  /**
   * Where other computers find the page, as far as this one knows: served on all of its addresses,
   * by its name.
   */
  public URI urlForOthers() {
    try {
      return InetAddress.getByName(setup.address()).isAnyLocalAddress()
          ? new URI(
              "http",
              null,
              InetAddress.getLocalHost().getHostName(),
              server.port(),
              "/",
              null,
              null)
          : url();
    } catch (UnknownHostException | URISyntaxException e) {
      return url();
    }
  }

  /** A run has ended. */
  public void ran(Report report) {
    metrics.ran(report);
  }

  private PageResponse answer(PageRequest asked) {
    if (asked.changes() && asked.path().equals("/login") && !caller.isForeign(asked)) {
      return login(asked);
    }
    return refusal(asked)
        .orElseGet(
            () -> {
              String session = cookie(asked);
              return asked.changes() ? act(asked, session) : show(asked, session);
            });
  }

  /** What is answered to those who may not ask; empty for those who may. */
  private Optional<PageResponse> refusal(PageRequest asked) {
    if (caller.isForeign(asked)) {
      return Optional.of(PageResponse.text(403, "forbidden"));
    }
    Judgement judgement = caller.judge(asked, cookie(asked));
    return switch (judgement.verdict()) {
      case WELCOME -> Optional.empty();
      case ASKED_FOR_THE_PASSWORD -> Optional.of(askForThePassword(asked));
      case SLOWED_DOWN -> Optional.of(slowedDown(judgement.pause()));
      case FORBIDDEN -> Optional.of(PageResponse.text(403, "forbidden"));
    };
  }

  /** The answer is the sentence that the page shows. */
  private PageResponse upload(PageRequest asked) {
    MessageBundle bundle = language(asked);
    try {
      var file = Objects.requireNonNull(asked.file(), "an upload has a file");
      var said = setup.actions().upload(asked.of("job"), file, fileName(asked.of("file")));
      return PageResponse.text(200, bundle.say(said));
    } catch (UserErrorException e) {
      return PageResponse.text(422, bundle.say(e.reason()));
    }
  }

  private static String fileName(String sent) {
    String name = sent.substring(Math.max(sent.lastIndexOf('/'), sent.lastIndexOf('\\')) + 1);
    return name.isBlank() ? "file" : name.substring(0, Math.min(name.length(), LONGEST_NAME));
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
          case "/reload" -> setup.actions().reload(asked.of("job"));
          case "/retry" -> retry(asked.of("run"));
          case "/apply" -> apply(asked.of("run"));
          case "/dismiss" -> views.dismiss(asked.of("job"), asked.of("id"));
          case "/dismiss-all" -> views.dismissAll(asked.of("job"), asked.number("count"));
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

  private boolean apply(String run) {
    var plan = views.plan(run);
    return views
        .jobOf(run)
        .filter(job -> plan.isPresent() && setup.actions().apply(job, plan.get()))
        .isPresent();
  }

  private PageResponse show(PageRequest asked, @Nullable String session) {
    MessageBundle bundle = language(asked);
    String name = asked.of("name");
    return switch (asked.path()) {
      case "/" -> PageFiles.in(bundle, caller.sessions().isOpen(session));
      case "/data/overview" ->
          PageResponse.json(views.overview(choice(asked, asked.of("job")), bundle));
      case "/data/job" ->
          found(views.job(choice(asked, name), asked.number("rejects-from"), bundle));
      case "/data/run" -> found(views.run(name, bundle));
      case "/data/changes" -> found(views.changes(name, part(asked)));
      case "/data/rejected" -> found(views.rejected(name, part(asked), bundle));
      case "/data/search" -> PageResponse.json(views.search(name, asked.of("key")));
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

  private static PageResponse found(Optional<ObjectNode> view) {
    return view.map(PageResponse::json).orElseGet(PageResponse::notFound);
  }

  private static PageViews.Choice choice(PageRequest asked, String job) {
    return new PageViews.Choice(job, asked.of("state"), asked.number("from"));
  }

  private static RunFiles.Part part(PageRequest asked) {
    return new RunFiles.Part(asked.number("from"), RunViews.PAGE, asked.of("key"));
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
