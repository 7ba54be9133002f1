package dev.kintonesync.console.web;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The page of a running program, and what machines ask of it, served over HTTP. Has a server of its
 * own, so that the users' routes and it do not get into each other's way.
 */
public final class Console implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A map of many columns is long. */
  private static final int LONGEST_OF_API = 500_000;

  private final Setup setup;
  private final Entrance entrance;
  private final PageViews views;
  private final DeskApi desk;
  private final UploadApi uploads;
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
    var caller =
        new Authenticator(
            setup.password(),
            settingUp == null ? null : settingUp.password(),
            settingUp == null ? null : settingUp.links(),
            setup.clock());
    this.entrance = new Entrance(caller, settingUp != null, this::port, this::language);
    this.setupApi = settingUp == null ? null : new SetupApi(settingUp.jobs(), setup.actions());
    this.views =
        new PageViews(
            setup.overview(),
            setup.journal(),
            setup.runs().toAbsolutePath().normalize(),
            setup.simulator());
    this.desk = new DeskApi(setup.overview(), views, setup.actions());
    this.uploads = new UploadApi(setup.overview(), setup.actions());
    this.health =
        new Health(setup.overview(), new HttpClientFactory(setup.network()), setup.clock());
    this.metrics = new Metrics(setup.overview(), setup.clock());
    try {
      var receiver =
          new Uploads(
              Console::bringsAFile,
              setup.runs().toAbsolutePath().normalize(),
              this::uploadRefusal,
              this::upload,
              this::language);
      receiver.tidy();
      this.server =
          new PageServer(
              setup.address(), setup.port(), PATIENCE, this::longestBody, this::answer, receiver);
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
    return url(setup.address(), server.port());
  }

  private static URI url(String address, int port) {
    return URI.create("http://" + address + ":" + port + "/");
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
    return urlForOthers(setup.address(), server.port());
  }

  /** The same of a page that another program serves on this machine. */
  public static URI urlForOthers(String address, int port) {
    try {
      return InetAddress.getByName(address).isAnyLocalAddress()
          ? new URI("http", null, InetAddress.getLocalHost().getHostName(), port, "/", null, null)
          : url(address, port);
    } catch (UnknownHostException | URISyntaxException e) {
      return url(address, port);
    }
  }

  /** A run has ended. */
  public void ran(Report report) {
    metrics.ran(report);
  }

  private int port() {
    return server.port();
  }

  private PageResponse answer(PageRequest asked) {
    var entered = entrance.comingIn(asked);
    if (entered.isPresent()) {
      return entered.get();
    }
    Judgement judgement = entrance.judge(asked);
    return entrance
        .refusal(asked, judgement)
        .orElseGet(
            () -> {
              if (asked.path().startsWith("/api/")) {
                return api(asked, judgement.role());
              }
              return asked.changes() ? act(asked, judgement.role()) : show(asked, judgement.role());
            });
  }

  /** Only those who may set up send more than a few words. */
  private int longestBody(PageRequest head) {
    boolean much = head.path().startsWith("/api/") && entrance.hasSession(head);
    return much ? LONGEST_OF_API : PageServer.LONGEST_BODY;
  }

  private static boolean bringsAFile(String method, String path) {
    boolean sends = method.equals("POST") || method.equals("PUT");
    return (sends && path.equals(UploadApi.PATH))
        || (method.equals("PUT") && SetupApi.takesAFile(path));
  }

  private PageResponse api(PageRequest asked, Role role) {
    if (asked.path().equals("/api/session")) {
      return PageResponse.json(
          JsonNodeFactory.instance
              .objectNode()
              .put("role", role.word())
              .put("canSetUp", setupApi != null && role == Role.SETUP)
              .put("setupPassword", entrance.hasSetupPassword()));
    }
    MessageBundle bundle = language(asked);
    return setupApi != null && asked.path().startsWith(SetupApi.PATH)
        ? setupApi.answer(asked, role, bundle)
        : desk.answer(asked, role, bundle).orElseGet(() -> PageResponse.notFound(bundle));
  }

  private Optional<PageResponse> uploadRefusal(PageRequest head) {
    Judgement judgement = entrance.judge(head);
    return entrance
        .refusal(head, judgement)
        .or(() -> uploads.refusal(head, judgement.role(), language(head)));
  }

  private PageResponse upload(PageRequest asked) {
    Role role = entrance.judge(asked).role();
    return setupApi != null && asked.path().startsWith(SetupApi.PATH)
        ? setupApi.answer(asked, role, language(asked))
        : uploads.answer(asked, role, language(asked));
  }

  private PageResponse act(PageRequest asked, Role role) {
    if (asked.path().equals("/logout")) {
      return entrance.logout(asked);
    }
    boolean done =
        switch (asked.path()) {
          case "/run-now" -> setup.actions().runNow(asked.of("job"));
          case "/accept" -> accept(asked.of("job"), asked.of("guard"));
          case "/look-first" ->
              setup.actions().lookFirst(asked.of("job"), views.guard(asked.of("job")));
          case "/reload" -> setup.actions().reload(asked.of("job"));
          case "/retry" -> retry(asked.of("run"));
          case "/apply" -> apply(asked.of("run"));
          case "/dismiss" -> views.dismiss(asked.of("job"), asked.of("id"));
          case "/dismiss-all" -> views.dismissAll(asked.of("job"), asked.number("count"));
          default -> false;
        };
    ActionLog.note(role, asked, asked.path().substring(1), asked.of("job") + asked.of("run"), done);
    return done ? PageResponse.text(200, "done") : PageResponse.notFound(language(asked));
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

  private PageResponse show(PageRequest asked, Role role) {
    MessageBundle bundle = language(asked);
    String name = asked.of("name");
    return switch (asked.path()) {
      case "/" -> PageFiles.in(bundle, entrance.hasSession(asked));
      case "/setup" -> setupApi == null ? PageResponse.notFound(bundle) : PageFiles.setup(bundle);
      case "/data/overview" ->
          PageResponse.json(views.overview(choice(asked, asked.of("job")), role, bundle));
      case "/data/job" ->
          found(views.job(choice(asked, name), asked.number("rejects-from"), role, bundle), bundle);
      case "/data/run" -> found(views.run(name, role, bundle), bundle);
      case "/data/changes" -> found(views.changes(name, part(asked)), bundle);
      case "/data/rejected" -> found(views.rejected(name, part(asked), bundle), bundle);
      case "/plan" ->
          views
              .plans()
              .page(name)
              .map(Console::download)
              .orElseGet(() -> PageResponse.notFound(bundle));
      case "/rejects" ->
          views.rejects(name).map(Console::download).orElseGet(() -> PageResponse.notFound(bundle));
      case "/open-rejects" ->
          views
              .openRejects(name, bundle)
              .map(
                  csv ->
                      PageResponse.of("text/csv;charset=utf-8", csv)
                          .with("Content-Disposition", "attachment; filename=\"open-rejects.csv\""))
              .orElseGet(() -> PageResponse.notFound(bundle));
      case "/observe/health" -> health.check();
      case "/observe/metrics" ->
          PageResponse.of("text/plain;version=0.0.4;charset=utf-8", utf8(metrics.scrape()));
      default -> PageFiles.part(asked.path()).orElseGet(() -> PageResponse.notFound(bundle));
    };
  }

  private static PageResponse found(Optional<ObjectNode> view, MessageBundle bundle) {
    return view.map(PageResponse::json).orElseGet(() -> PageResponse.notFound(bundle));
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
