package dev.kintonesync.setup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.camel.JobRunner;
import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.MapEdit;
import dev.kintonesync.settings.Network;
import dev.kintonesync.settings.PropertiesText;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sets up jobs in a home: drafts of their blocks, what they would do, and what becomes of them. For
 * several people at once: who changes what somebody else has changed meanwhile is told so.
 */
public final class JobSetup {
  /** A job of options alone, which has the connection of all jobs. */
  private static final Map<String, String> ANY_APP = Map.of("job." + Job.IMPORT + ".app", "1");

  private final Home home;
  private final Drafts drafts;
  private final Connections connections;
  private final Apps apps;
  private final DraftViews views;
  private final SavedJobs saved;

  /**
   * Where jobs are set up.
   *
   * @param path the folder of {@code application.properties}, which need not be there yet
   * @param environment the variables that the program sees
   * @param runner asks Kintone and reads sources
   * @param calls is told of each request to Kintone that the runner does not send
   * @param runsJobs whether this program runs the jobs that are set up
   * @param clock tells the time
   */
  public record Home(
      Path path,
      Map<String, String> environment,
      Supplier<JobRunner> runner,
      Consumer<KintoneRequest> calls,
      boolean runsJobs,
      Clock clock) {

    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** A way to Kintone for somebody who waits for the answer. */
    KintoneProbe kintone(Network network) {
      return new KintoneProbe(network, PATIENCE, calls);
    }
  }

  /** The setup of a home. */
  public JobSetup(Home home) {
    this.home = home;
    this.drafts = new Drafts(home.path(), home.clock());
    this.connections = new Connections(home);
    this.apps = new Apps(home);
    this.views = new DraftViews(this, home, drafts, apps);
    this.saved = new SavedJobs(home, drafts);
  }

  /** Where this sets up. */
  public Home home() {
    return home;
  }

  /** The properties as the files have them now. */
  public Configuration configuration() {
    return Configuration.read(home.path(), home.environment(), Map.of());
  }

  /** All drafts, the one that was changed last first. */
  public List<Draft> drafts() {
    return drafts.all();
  }

  /**
   * The draft of an id.
   *
   * @throws UserErrorException when there is none
   */
  public Draft draft(String id) {
    return drafts.get(id);
  }

  /**
   * Begins a draft.
   *
   * @param job the job that it changes, or that a new one is copied from; null: a new one
   * @param copy whether it becomes a new job
   * @param name what a new one is to be called
   * @throws UserErrorException when there is no such job, or the name is not allowed
   */
  public Draft begin(@Nullable String job, boolean copy, String name) {
    var text = PropertiesText.ofJobs(home.path());
    if (job == null) {
      return drafts.begin(name.isEmpty() ? "" : allowed(name), null, "", Map.of());
    }
    var properties = text.ofJob(job);
    if (properties.isEmpty()) {
      throw Configuration.unknownJob(job, application(), text.jobs());
    }
    return copy
        ? drafts.begin(
            name.isEmpty() ? DraftProperties.free(job, text.jobs()) : allowed(name),
            null,
            "",
            properties)
        : drafts.begin(job, job, text.linesOfJob(job), properties);
  }

  private Path application() {
    return home.path().resolve("application.properties");
  }

  private static String allowed(String name) {
    if (!Configuration.isJobName(name)) {
      throw new UserErrorException(MessageCode.SETUP_NAME_REFUSED.with(name));
    }
    return name;
  }

  /**
   * Changes a draft.
   *
   * @param version the one that was shown
   * @param name another name; null: the same
   * @param changes properties with their values; null removes one. Secrets are kept apart
   * @throws DraftChangedException when it is not that version any more
   * @throws UserErrorException when the name is not allowed
   */
  public Draft change(
      String id, int version, @Nullable String name, Map<String, @Nullable String> changes) {
    synchronized (drafts) {
      var draft = drafts.get(id);
      if (draft.version() != version) {
        throw new DraftChangedException(draft);
      }
      if (name != null && !name.equals(draft.name())) {
        if (draft.job() != null) {
          throw new UserErrorException(MessageCode.SETUP_NAME_FIXED.with(draft.job()));
        }
        draft = draft.named(allowed(name));
      }
      var properties = new LinkedHashMap<>(draft.properties());
      var secrets = new LinkedHashMap<>(drafts.secrets(id));
      changes.forEach(
          (property, value) ->
              set(Configuration.isSecretOfJob(property) ? secrets : properties, property, value));
      if (!secrets.equals(drafts.secrets(id))) {
        drafts.keepSecrets(id, secrets);
      }
      return drafts.keep(draft.with(properties));
    }
  }

  private static void set(Map<String, String> map, String property, @Nullable String value) {
    String said = value == null ? "" : value.strip();
    if (said.isEmpty()) {
      map.remove(property);
    } else {
      map.put(property, said);
    }
  }

  /**
   * Changes what fills the fields.
   *
   * @param version the one that was shown
   * @param columns all columns of the source
   * @param constants the codes of fields with the text that fills each of them in every record
   * @throws DraftChangedException when it is not that version any more
   * @throws MapEdit.RefusedException for a column that cannot be written so
   */
  public Draft map(
      String id, int version, List<MapEdit.Choice> columns, Map<String, String> constants) {
    synchronized (drafts) {
      String before = drafts.get(id).properties().getOrDefault("map", "");
      return change(id, version, null, Map.of("map", MapEdit.edited(before, columns, constants)));
    }
  }

  /** Takes a file as the sample of a draft; it is moved. */
  public Draft sample(String id, Path file, String name) {
    return drafts.take(drafts.get(id), file, name);
  }

  /** Removes a draft. */
  public void remove(String id) {
    drafts.remove(drafts.get(id).id());
    views.forget(id);
  }

  /** How many bytes the sample of a draft has; null: it has none. */
  public @Nullable Long sampleBytes(Draft draft) {
    Path sample = drafts.sample(draft);
    return sample == null ? null : sample.toFile().length();
  }

  /** The secrets that a draft or the home has for its job, by their properties; never values. */
  public List<String> secretsOf(Draft draft) {
    return properties(draft).secrets();
  }

  /** Whether somebody has changed the block of a job since its draft was made. */
  public boolean isBehind(Draft draft) {
    String job = draft.job();
    return job != null
        && !PropertiesText.ofJobs(home.path()).linesOfJob(job).equals(draft.before());
  }

  /** The properties as the files would have them with a draft. */
  DraftProperties properties(Draft draft) {
    return new DraftProperties(home, draft, drafts.secrets(draft.id()));
  }

  /** What keeps the job of a draft from running, by property. */
  public List<Problem> problems(Draft draft) {
    return properties(draft).problems();
  }

  /** The connection of all jobs, without secrets. */
  public ObjectNode connection() {
    return connections.view();
  }

  /** Tries a connection, and saves it where that is asked for. */
  public ObjectNode tryConnection(JsonNode asked, MessageBundle bundle) {
    return connections.tried(asked, bundle);
  }

  /**
   * The apps that the caller of all jobs sees.
   *
   * @param name a part of their names, or empty
   * @throws UserErrorException when there is no connection yet, or no answer
   */
  public ObjectNode apps(String name) {
    return apps.list(connectionOfAll(), configuration().settings().network(), name);
  }

  /**
   * An app with its form.
   *
   * @param draft whose token, address and space hold; empty: those of all jobs
   * @throws UserErrorException when there is no connection yet, or it cannot be read
   */
  public ObjectNode app(String app, String draft, MessageBundle bundle) {
    var connection =
        draft.isEmpty() ? connectionOfAll() : properties(drafts.get(draft)).connection();
    return apps.view(configuration(), connection, app, bundle);
  }

  private KintoneConnection connectionOfAll() {
    if (!connections.view().path("ready").asBoolean()) {
      throw new UserErrorException(MessageCode.SETUP_NO_CONNECTION.with());
    }
    return Configuration.read(home.path(), home.environment(), ANY_APP)
        .importing(Job.IMPORT, Path.of(""))
        .connection();
  }

  /** What drafts read, and what becomes of it. */
  public DraftViews views() {
    return views;
  }

  /** The lines of a draft as they would stand in the file. */
  public ObjectNode block(String id, MessageBundle bundle) {
    var draft = drafts.get(id);
    return SetupJson.object()
        .put("text", draft.name().isEmpty() ? "" : saved.block(draft, bundle))
        .put("before", draft.job() == null ? null : saved.lines(draft.job()))
        .put("file", application().toString());
  }

  /**
   * Puts a draft into {@code application.properties}.
   *
   * @param version the one that was shown
   * @param force although somebody has changed the job meanwhile
   * @return the job and its lines
   * @throws DraftChangedException when it is not that version any more
   * @throws JobChangedException when somebody has changed the job
   * @throws UserErrorException when the job could not run: why
   */
  public ObjectNode save(String id, int version, boolean force, MessageBundle bundle) {
    String job;
    synchronized (drafts) { // or what somebody adds to the draft meanwhile would go with it
      var draft = drafts.get(id);
      if (draft.version() != version) {
        throw new DraftChangedException(draft);
      }
      for (Problem problem : problems(draft)) {
        throw new ProblemException(problem);
      }
      job = saved.save(draft, force, bundle);
    }
    views.forget(id);
    return SetupJson.object().put("job", job).put("text", saved.lines(job));
  }

  /** Lets a job write, or only plan. */
  public void writes(String job, boolean writes) {
    saved.writes(job, writes);
  }

  /**
   * Removes a job from {@code application.properties}.
   *
   * @param secrets whether its secrets are removed from {@code secrets.properties} as well
   */
  public void removeJob(String job, boolean secrets) {
    saved.remove(job, secrets);
  }

  /** The names of all jobs. */
  public List<String> jobNames() {
    return saved.names();
  }

  /** All jobs of {@code application.properties}, those that cannot run with the reason. */
  public ArrayNode jobs(MessageBundle bundle) {
    var jobs = JsonNodeFactory.instance.arrayNode();
    var text = PropertiesText.ofJobs(home.path());
    var secrets = PropertiesText.ofSecrets(home.path());
    var drafted = drafts.all().stream().map(Draft::job).toList();
    var configuration = configuration();
    for (String name : configuration.jobNames()) {
      var properties = text.ofJob(name);
      String problem = null;
      try {
        configuration.job(name);
      } catch (UserErrorException e) {
        problem = bundle.say(e.reason());
      }
      var one = jobs.addObject();
      one.set("secrets", SetupJson.names(secrets.ofJob(name).keySet()));
      one.put("drafted", drafted.contains(name))
          .put("name", name)
          .put("source", properties.get("source"))
          .put("app", properties.get("app"))
          .put("writes", !"false".equals(properties.get("write")))
          .put("problem", problem);
    }
    return jobs;
  }
}
