package dev.kintonesync.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.http.Faults;
import dev.kintonesync.simulator.http.Instruments;
import dev.kintonesync.simulator.http.OwnCertificate;
import dev.kintonesync.simulator.http.RecordedRequest;
import dev.kintonesync.simulator.http.SimulatorServer;
import dev.kintonesync.simulator.rules.AppCopy;
import dev.kintonesync.simulator.rules.AppDesigner;
import dev.kintonesync.simulator.rules.Deployments;
import dev.kintonesync.simulator.rules.FormDesigner;
import dev.kintonesync.simulator.rules.Language;
import dev.kintonesync.simulator.rules.Refusal;
import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.DataFolder;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Directory;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.DomainSettings;
import dev.kintonesync.simulator.state.Permission;
import dev.kintonesync.simulator.state.Rights;
import dev.kintonesync.simulator.state.SimulatedClock;
import dev.kintonesync.simulator.state.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A Kintone of its own in this process, for tests, demos and rehearsals. Speaks Kintone's REST API
 * on 127.0.0.1; what it does of it and what not is in {@code docs/simulator.md}. Any token and any
 * password may do everything until some are registered.
 *
 * <pre>{@code
 * try (Simulator kintone = Simulator.start()) {
 *   SimulatedApp customers = kintone.app("customers", fieldsJson);
 *   ... // your code, pointed at kintone.url() and customers.id()
 *   assertThat(customers.values("name")).containsExactly("Sato");
 * }
 * }</pre>
 *
 * May be used by several threads.
 */
public final class Simulator implements AutoCloseable {
  private final Domain domain = new Domain();
  private final Instruments instruments = Instruments.of(domain);
  private final @Nullable DataFolder folder;
  private final SimulatorServer server;

  private final @Nullable OwnCertificate certificate;

  private Simulator(int port, @Nullable Path data, boolean https) throws IOException {
    certificate = https ? OwnCertificate.make() : null;
    folder = data == null ? null : DataFolder.open(data, domain);
    boolean serves = false;
    try {
      server = new SimulatorServer(port, domain, instruments, certificate);
      serves = true;
    } finally {
      if (!serves && folder != null) {
        folder.close();
      }
    }
  }

  /** Starts one on any free port. */
  public static Simulator start() throws IOException {
    return new Simulator(0, null, false);
  }

  /**
   * Starts one.
   *
   * @param port 0 for any free one
   * @throws java.net.BindException when the port is taken
   */
  public static Simulator start(int port) throws IOException {
    return new Simulator(port, null, false);
  }

  /**
   * Starts one that keeps its apps and records in a folder. What is written is on the disk a moment
   * after it was answered; a kill loses at most that moment. Comments, uploads, users, tokens and
   * settings are not kept.
   *
   * @param port 0 for any free one
   * @param data the folder; made where it is not there
   * @throws java.net.BindException when the port is taken
   * @throws IOException when another simulator uses the folder, or it cannot be read or written
   */
  public static Simulator start(int port, Path data) throws IOException {
    return new Simulator(port, data, false);
  }

  /**
   * Starts one that speaks https, with a certificate of its own for {@code localhost}, this
   * machine's name and the loopback addresses. Clients have to trust its {@link #authority()}.
   *
   * @param port 0 for any free one
   * @param data the folder in which it keeps apps and records; null to forget them at the end
   * @throws java.net.BindException when the port is taken
   * @throws IOException when another simulator uses the folder, or it cannot be read or written
   */
  public static Simulator startWithHttps(int port, @Nullable Path data) throws IOException {
    return new Simulator(port, data, true);
  }

  /** The calls of Kintone's REST API that it answers: {@code GET records}. */
  public static SortedSet<String> endpoints() {
    return SimulatorServer.endpoints();
  }

  /** The base URL: {@code http://127.0.0.1:PORT}, or the same with https. */
  public String url() {
    return (certificate == null ? "http" : "https") + "://127.0.0.1:" + port();
  }

  /**
   * Who signed its certificate: made at its start, for it alone.
   *
   * @throws IllegalStateException when it does not speak https
   */
  public X509Certificate authority() {
    if (certificate == null) {
      throw new IllegalStateException("it speaks plain http");
    }
    return certificate.authority();
  }

  /** The page that shows its apps, records and last requests in a browser. */
  public String pageUrl() {
    return url() + "/simulator/";
  }

  /** The port it serves at. */
  public int port() {
    return server.port();
  }

  /**
   * Makes an app, live at once.
   *
   * @param fields the answer of {@code app/form/fields.json}, or only its {@code properties};
   *     fields that every app has by itself are passed over
   * @throws IllegalArgumentException when Kintone would refuse the fields
   */
  public SimulatedApp app(String name, JsonNode fields) {
    ObjectNode properties =
        SimulatedApp.object(fields.has("properties") ? fields.get("properties") : fields);
    return make(
        born -> domain.createApp(null, false, Directory.ADMINISTRATOR, born),
        name,
        app -> app.preview().with(new FormDesigner(app).adopt(properties)));
  }

  private SimulatedApp make(
      Function<Design, App> creation, String name, Function<App, Design> design) {
    try {
      return domain.write(
          transaction -> {
            Language language = Language.of(domain.settings().locale());
            App app = creation.apply(AppDesigner.born(name, language));
            transaction.onRollback(() -> domain.discard(app));
            app.preview(design.apply(app));
            new Deployments(domain).finish(app);
            return new SimulatedApp(domain, app);
          });
    } catch (Refusal refusal) {
      throw SimulatedApp.refused(refusal);
    }
  }

  /** Makes an app from the text of a {@code fields.json}, like {@link #app(String, JsonNode)}. */
  public SimulatedApp app(String name, String fieldsJson) {
    return app(name, SimulatedApp.json(fieldsJson));
  }

  /**
   * Makes an app of a real Kintone here again, live at once, under the id it has there. A lookup
   * whose source app is not here becomes an ordinary field. Records follow with {@link
   * SimulatedApp#copy}.
   *
   * @throws IllegalArgumentException when there is an app of that id here, or the form knows what
   *     the simulator does not know
   */
  public SimulatedApp copy(OriginalApp original) {
    Long space = original.guestSpace();
    return make(
        born ->
            domain.createApp(original.id(), space, space != null, Directory.ADMINISTRATOR, born),
        "App " + original.id(),
        app ->
            AppCopy.design(
                domain,
                app,
                original.fields(),
                original.settings(),
                original.layout(),
                original.process()));
  }

  /** The ids of the apps there are. */
  public List<Long> appIds() {
    return domain.read(() -> domain.apps().stream().map(App::id).toList());
  }

  /** The app of an id, however it was made. */
  public SimulatedApp app(long id) {
    App app = domain.read(() -> domain.app(id));
    if (app == null) {
      throw new IllegalArgumentException("no app " + id);
    }
    return new SimulatedApp(domain, app);
  }

  /**
   * The last requests, oldest first: as many as the setting {@code recordedRequests} says, and as
   * fit into a sixteenth of the memory.
   */
  public List<RecordedRequest> requests() {
    return instruments.recorder().requests();
  }

  /** The faults that wait for their calls: {@code faults().add(Fault.error(429, "GAIA_TO04"))}. */
  public Faults faults() {
    return instruments.faults();
  }

  /** How it is set. */
  public DomainSettings settings() {
    return domain.settings();
  }

  /** Changes the settings: {@code settings(settings().with("latencyMs", 20))}. */
  public void settings(DomainSettings changed) {
    domain.settings(changed);
  }

  /** The clock by which uploads and cursors expire; it can be put forward. */
  public SimulatedClock clock() {
    return domain.clock();
  }

  /** The users, organisations and groups. */
  public Directory directory() {
    return domain.directory();
  }

  /** What users may do with single fields and records, where they may not do everything. */
  public Rights rights() {
    return domain.rights();
  }

  /** The API tokens; as long as none is registered, every token may do everything. */
  public Tokens tokens() {
    return domain.tokens();
  }

  /** Registers an API token; from then on only registered tokens are accepted. */
  public void token(String token, long app, Permission... permissions) {
    domain.tokens().register(token, app, Set.of(permissions));
  }

  /** The counts that {@code GET /simulator/stats} answers. */
  public JsonNode statistics() {
    return domain.statistics().toJson();
  }

  /** Forgets everything: apps, records, tokens, users, faults, settings, counts, requests. */
  public void reset() {
    domain.reset();
    instruments.clear();
  }

  /** Stops serving; calls in flight are cut off. What is to be kept is on the disk afterwards. */
  @Override
  public void close() {
    server.close();
    if (folder != null) {
      folder.close();
    }
  }
}
