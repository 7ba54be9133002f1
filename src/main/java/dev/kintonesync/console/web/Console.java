package dev.kintonesync.console.web;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.console.JobOverview;
import dev.kintonesync.console.RunFiles;
import dev.kintonesync.console.web.Authenticator.Judgement;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page of a running program, and what machines ask of it, served over HTTP. Has a server of its
 * own, so that the users' routes and it do not get into each other's way.
 */
public final class Console implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int LONGEST_NAME = 200;

  /** A map of many columns is long. */
  private static final int LONGEST_OF_API = 500_000;

  private static final Logger log = LoggerFactory.getLogger(Console.class);

  private final Setup setup;
  private final Authenticator caller;
  private final PageViews views;
  private final DeskApi desk;
  private final Health health;
  private final Metrics metrics;
  private final @Nullable SetupApi setupApi;
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
   * @param settingUp how jobs are set up on the page; null: they are not
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
      @Nullable SettingUp settingUp,
      Clock clock) {}

  private Console(Setup setup) throws Exception {
    this.setup = setup;
    var settingUp = setup.settingUp();
    this.caller =
        new Authenticator(
            setup.password(),
            settingUp == null ? null : settingUp.password(),
            settingUp == null ? null : settingUp.links(),
            setup.clock());
    this.setupApi = settingUp == null ? null : new SetupApi(settingUp.jobs(), setup.actions());
    this.views =
        new PageViews(
            setup.overview(),
            setup.journal(),
            setup.runs().toAbsolutePath().normalize(),
            setup.simulator());
    this.desk = new DeskApi(setup.overview(), views, setup.actions());
    this.health =
        new Health(setup.overview(), new HttpClientFactory(setup.network()), setup.clock());
    this.metrics = new Metrics(setup.overview(), setup.clock());
    try {
      var uploads =
          new Uploads(
              Console::bringsAFile,
              setup.runs().toAbsolutePath().normalize(),
              asked -> refusal(asked, caller.judge(asked, cookie(asked))),
              this::upload,
              this::language);
      uploads.tidy();
      this.server =
          new PageServer(
              setup.address(), setup.port(), PATIENCE, this::longestBody, this::answer, uploads);
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
    var settingUp = setup.settingUp();
    if (settingUp != null && settingUp.password() != null) {
      Passwords.check(setup.address(), "console.setup-password", settingUp.password());
    }
    if (password != null) {
      Passwords.check(setup.address(), "console.password", password);
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

  /** Where this machine finds the page by its own address; null: it is not served there. */
  public @Nullable URI urlHere() {
    try {
      var address = InetAddress.getByName(setup.address());
      return address.isAnyLocalAddress() || address.isLoopbackAddress()
          ? URI.create("http://127.0.0.1:" + server.port() + "/")
          : null;
    } catch (UnknownHostException e) {
      return null;
    }
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
    if (asked.path().equals("/setup") && asked.query().containsKey("link")) {
      return enter(asked);
    }
    String session = cookie(asked);
    Judgement judgement = caller.judge(asked, session);
    return refusal(asked, judgement)
        .orElseGet(
            () -> {
              if (asked.path().startsWith("/api/")) {
                return api(asked, judgement.role());
              }
              return asked.changes()
                  ? act(asked, session, judgement.role())
                  : show(asked, session, judgement.role());
            });
  }

  /** Only those who may set up send more than a few words. */
  private int longestBody(PageRequest head) {
    boolean much = head.path().startsWith("/api/") && caller.role(head, cookie(head)) != null;
    return much ? LONGEST_OF_API : PageServer.LONGEST_BODY;
  }

  private static boolean bringsAFile(String method, String path) {
    boolean sends = method.equals("POST") || method.equals("PUT");
    return (sends && path.equals("/upload")) || (method.equals("PUT") && SetupApi.takesAFile(path));
  }

  private PageResponse api(PageRequest asked, Role role) {
    if (asked.path().equals("/api/session")) {
      return PageResponse.json(
          JsonNodeFactory.instance
              .objectNode()
              .put("role", role.word())
              .put("canSetUp", setupApi != null && role == Role.SETUP)
              .put("setupPassword", caller.hasSetupPassword()));
    }
    return setupApi != null && asked.path().startsWith(SetupApi.PATH)
        ? setupApi.answer(asked, language(asked))
        : desk.answer(asked, role, language(asked)).orElseGet(PageResponse::notFound);
  }

  /** The link is used up, and whoever had it has a session. */
  private PageResponse enter(PageRequest asked) {
    String session = asked.changes() ? null : caller.enter(asked);
    if (session == null) {
      log.warn("a link of the setup from {} does not hold", asked.from());
      return PageFiles.closed(language(asked), MessageCode.SETUP_LINK_REFUSED.with());
    }
    log.info("{}: somebody has come to set up by a link", asked.from());
    return PageResponse.text(303, "")
        .with("Location", "/setup")
        .with("Set-Cookie", cookie(session));
  }

  /** What is answered to those who may not ask; empty for those who may. */
  private Optional<PageResponse> refusal(PageRequest asked, Judgement judged) {
    if (caller.isForeign(asked)) {
      return Optional.of(PageResponse.text(403, "forbidden"));
    }
    Judgement judgement = judged.asking(wanted(asked));
    return switch (judgement.verdict()) {
      case WELCOME -> Optional.empty();
      case ASKED_FOR_THE_PASSWORD -> Optional.of(askForThePassword(asked));
      case SLOWED_DOWN -> Optional.of(slowedDown(judgement.pause()));
      case FORBIDDEN -> Optional.of(forbidden(asked));
    };
  }

  private static Role wanted(PageRequest asked) {
    if (asked.path().equals("/setup") || asked.path().startsWith(SetupApi.PATH)) {
      return Role.SETUP;
    }
    return asked.changes() && !asked.path().equals("/logout") ? Role.WORK : Role.LOOK;
  }

  /** Who only lacks the right to set up is told how to get it. */
  private PageResponse forbidden(PageRequest asked) {
    if (wanted(asked) != Role.SETUP || setupApi == null) {
      return PageResponse.text(403, "forbidden");
    }
    var reason = MessageCode.SETUP_NEEDS_LINK.with();
    if (!asked.path().equals("/setup")) {
      return PageResponse.text(403, language(asked).say(reason));
    }
    return caller.hasSetupPassword()
        ? PageFiles.login(language(asked)).as(403)
        : PageFiles.closed(language(asked), reason);
  }

  /** The answer is the sentence that the page shows; to a PUT it is that of the API. */
  private PageResponse upload(PageRequest asked) {
    if (setupApi != null && asked.path().startsWith(SetupApi.PATH)) {
      return setupApi.answer(asked, language(asked));
    }
    MessageBundle bundle = language(asked);
    boolean ofApi = asked.method().equals("PUT");
    String job = asked.of("job");
    Role role = caller.judge(asked, cookie(asked)).role();
    try {
      var file = Objects.requireNonNull(asked.file(), "an upload has a file");
      var taken = setup.actions().upload(job, file, fileName(asked.of("file")));
      ActionLog.note(role, asked, "upload", job, true);
      return ofApi
          ? DeskApi.taken(taken, bundle)
          : PageResponse.text(200, bundle.say(taken.message()));
    } catch (UserErrorException e) {
      ActionLog.note(role, asked, "upload", job, false);
      return ofApi ? DeskApi.refused(e, bundle) : PageResponse.text(422, bundle.say(e.reason()));
    }
  }

  /** What the sender of a file calls it, without folders. */
  static String fileName(String sent) {
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
            .with(
                "Set-Cookie",
                cookie(caller.sessions().begin(judgement.role(), false)) + (tls ? "; Secure" : ""));
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

  private PageResponse act(PageRequest asked, @Nullable String session, Role role) {
    if (asked.path().equals("/logout")) {
      caller.sessions().end(session);
      return PageResponse.text(200, "done").with("Set-Cookie", cookie("") + "; Max-Age=0");
    }
    log.info("{}: {} {}", asked.from(), asked.path(), Shown.text(asked.query().toString()));
    boolean done =
        switch (asked.path()) {
          case "/run-now" -> setup.actions().runNow(asked.of("job"));
          case "/accept" -> accept(asked.of("job"), asked.of("guard"));
          case "/look-first" -> setup.actions().lookFirst(asked.of("job"));
          case "/reload" -> setup.actions().reload(asked.of("job"));
          case "/retry" -> retry(asked.of("run"));
          case "/apply" -> apply(asked.of("run"));
          case "/dismiss" -> views.dismiss(asked.of("job"), asked.of("id"));
          case "/dismiss-all" -> views.dismissAll(asked.of("job"), asked.number("count"));
          default -> false;
        };
    ActionLog.note(role, asked, asked.path().substring(1), asked.of("job") + asked.of("run"), done);
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

  private PageResponse show(PageRequest asked, @Nullable String session, Role role) {
    MessageBundle bundle = language(asked);
    String name = asked.of("name");
    return switch (asked.path()) {
      case "/" -> PageFiles.in(bundle, caller.role(asked, session) != null);
      case "/setup" -> setupApi == null ? PageResponse.notFound() : PageFiles.setup(bundle);
      case "/data/overview" ->
          PageResponse.json(views.overview(choice(asked, asked.of("job")), role, bundle));
      case "/data/job" ->
          found(views.job(choice(asked, name), asked.number("rejects-from"), role, bundle));
      case "/data/run" -> found(views.run(name, role, bundle));
      case "/data/changes" -> found(views.changes(name, part(asked)));
      case "/data/rejected" -> found(views.rejected(name, part(asked), bundle));
      case "/plan" ->
          views.plans().page(name).map(Console::download).orElseGet(PageResponse::notFound);
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
