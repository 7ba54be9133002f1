package dev.kintonesync.settings;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that was said about our properties, by who said it. Checked on the way in: a statement that
 * is held here has a known key and a value of the right type.
 */
final class ConfigEntries {

  /** Where an entry comes from; an earlier source wins over a later one. */
  enum ConfigSource {
    COMMAND_LINE,
    ENVIRONMENT,
    SECRETS,
    APPLICATION
  }

  private static final String CAMEL = "camel.";

  private final Map<ConfigSource, Map<String, ConfigEntry>> said =
      new EnumMap<>(ConfigSource.class);

  ConfigEntries() {
    for (ConfigSource voice : ConfigSource.values()) {
      said.put(voice, new LinkedHashMap<>());
    }
  }

  /** Takes in what a file says. */
  void addFile(ConfigSource voice, PropertiesFile file) {
    for (var entry : file.entries()) {
      if (PropertyCatalog.find(entry.key()) == null) {
        refuseVariable(entry.key(), file.place(entry), file);
      }
      add(voice, new ConfigEntry(entry.key(), entry.value(), file.place(entry)));
    }
  }

  /** Refuses a variable of the environment that stands in a file, with what to write instead. */
  private void refuseVariable(String variable, UserMessage place, PropertiesFile file) {
    var jobs = new LinkedHashSet<>(jobs(ConfigSource.values()));
    file.entries().stream()
        .map(entry -> JobKey.of(entry.key()))
        .filter(Objects::nonNull)
        .forEach(key -> jobs.add(key.job()));
    String key = Variables.keyOf(variable, jobs);
    if (key != null) {
      boolean secret = Objects.requireNonNull(PropertyCatalog.find(key)).type().secret();
      throw new UserErrorException(
          MessageCode.KEY_OF_ENVIRONMENT.with(
              place, variable, key, secret ? "secrets.properties" : "application.properties"));
    }
  }

  /**
   * Takes in what stands among the properties of another application. What we do not know, or
   * cannot read, is the application's own, unless it is about the job that is asked for.
   *
   * @param job the name of that job
   */
  void addForeign(Map<String, String> properties, String job) {
    var place = MessageCode.PLACE_APPLICATION.with();
    properties.forEach(
        (key, value) -> {
          var property = PropertyCatalog.find(key);
          if (isOfOthers(key, property, value, job)) {
            return;
          }
          boolean secret = property != null && property.type().secret();
          var entry = new ConfigEntry(key, value.strip(), place);
          if (value.isBlank()) {
            throw new UserErrorException(MessageCode.VALUE_EMPTY.with(place, key));
          }
          add(secret ? ConfigSource.SECRETS : ConfigSource.APPLICATION, entry);
        });
  }

  private static boolean isOfOthers(
      String key, @Nullable Property<?> property, String value, String job) {
    if (key.startsWith("job." + job + ".")) {
      return false;
    }
    if (property == null || !property.ofJob()) {
      return property == null;
    }
    try {
      new ConfigEntry(key, value.strip(), MessageCode.PLACE_APPLICATION.with()).as(property.type());
      return false;
    } catch (UserErrorException e) {
      return true;
    }
  }

  /**
   * Leaves out what the files say of a job.
   *
   * @param keepsSecrets whether its secrets stay
   */
  void forget(String job, boolean keepsSecrets) {
    var voices =
        keepsSecrets
            ? List.of(ConfigSource.APPLICATION)
            : List.of(ConfigSource.APPLICATION, ConfigSource.SECRETS);
    for (ConfigSource voice : voices) {
      said(voice)
          .keySet()
          .removeIf(
              key -> {
                var jobKey = JobKey.of(key);
                return jobKey != null && jobKey.job().equals(job);
              });
    }
  }

  /**
   * Takes in what somebody drafts of a job.
   *
   * @param properties without the name of the job, such as {@code update-key}
   * @param secrets the same, of which some may also be kept in a file
   */
  void addDraft(String job, Map<String, String> properties, Map<String, String> secrets) {
    String start = "job." + job + ".";
    var place = MessageCode.PLACE_DRAFT.with();
    properties.forEach(
        (property, value) ->
            add(ConfigSource.APPLICATION, new ConfigEntry(start + property, value, place)));
    secrets.forEach(
        (property, value) ->
            add(ConfigSource.SECRETS, new ConfigEntry(start + property, value, place)));
  }

  /** Takes in what the command line says, by the keys of the reference. */
  void addCommandLine(Map<String, String> overrides) {
    var place = MessageCode.PLACE_COMMAND_LINE.with();
    overrides.forEach(
        (key, value) -> {
          var entry = new ConfigEntry(key, value.strip(), place);
          if (value.isBlank()) {
            throw new UserErrorException(MessageCode.VALUE_EMPTY.with(place, entry.spoken()));
          }
          add(ConfigSource.COMMAND_LINE, entry);
        });
  }

  /**
   * Takes in what the environment says, see {@link Variables}. Must come after files and command
   * line, which name the jobs.
   */
  void addEnvironment(Map<String, String> environment) {
    Variables.byKey(jobs(ConfigSource.values()))
        .forEach((key, variables) -> addVariable(environment, variables, key));
  }

  /** The last of the variables that is set counts. */
  private void addVariable(Map<String, String> environment, List<String> variables, String key) {
    for (String variable : variables) {
      String value = environment.getOrDefault(variable, "").strip();
      if (!value.isEmpty()) {
        add(
            ConfigSource.ENVIRONMENT,
            new ConfigEntry(key, value, MessageCode.PLACE_VARIABLE.with(variable)));
      }
    }
  }

  private void add(ConfigSource voice, ConfigEntry entry) {
    if (!entry.key().startsWith(CAMEL)) {
      check(voice, entry);
    }
    said(voice).put(entry.key(), entry);
  }

  private static void check(ConfigSource voice, ConfigEntry entry) {
    String key = entry.key();
    var property = PropertyCatalog.find(key);
    if (property == null) {
      throw new UserErrorException(
          MessageCode.KEY_UNKNOWN.with(entry.place(), key, PropertyCatalog.nearest(key)));
    }
    var jobKey = JobKey.of(key);
    if (jobKey != null && !jobKey.isNameAllowed()) {
      throw new UserErrorException(MessageCode.JOB_NAME_REFUSED.with(entry.place(), jobKey.job()));
    }
    if (jobKey != null && jobKey.job().equals(Job.IMPORT) && voice != ConfigSource.COMMAND_LINE) {
      throw new UserErrorException(MessageCode.JOB_NAME_RESERVED.with(entry.place(), jobKey.job()));
    }
    if (voice == ConfigSource.APPLICATION && property.type().secret()) {
      throw new UserErrorException(MessageCode.SECRET_IN_THE_OPEN.with(entry.place(), key));
    }
    entry.as(property.type());
  }

  /** The keys that anybody speaks of. */
  Set<String> keys() {
    var keys = new LinkedHashSet<String>();
    said.values().forEach(entries -> keys.addAll(entries.keySet()));
    return keys;
  }

  /** The names of the jobs that these voices speak of, in the order of their first mention. */
  Set<String> jobs(ConfigSource... voices) {
    var jobs = new LinkedHashSet<String>();
    for (ConfigSource voice : voices) {
      for (String key : said(voice).keySet()) {
        var jobKey = JobKey.of(key);
        if (jobKey != null) {
          jobs.add(jobKey.job());
        }
      }
    }
    return jobs;
  }

  /** Where the block of a job of {@code application.properties} begins. */
  UserMessage beginningOf(String job) {
    return said(ConfigSource.APPLICATION).values().stream()
        .filter(entry -> entry.key().startsWith("job." + job + "."))
        .findFirst()
        .orElseThrow()
        .place();
  }

  /** The first statement that one voice makes about any of the keys, in the order of the keys. */
  @Nullable ConfigEntry by(ConfigSource voice, String... keys) {
    for (String key : keys) {
      var entry = said(voice).get(key);
      if (entry != null) {
        return entry;
      }
    }
    return null;
  }

  /** What is said about a key, by the first voice that speaks of it. */
  @Nullable ConfigEntry about(String key) {
    for (ConfigSource voice : ConfigSource.values()) {
      var entry = by(voice, key);
      if (entry != null) {
        return entry;
      }
    }
    return null;
  }

  /**
   * What is said about one job or else about all: the command line is heard first, whichever of the
   * two it names; then the job's own key goes before that of all jobs, so that a variable for all
   * cannot turn a job to another domain than its block names.
   */
  @Nullable ConfigEntry about(String keyOfJob, String keyOfAll) {
    var entry = by(ConfigSource.COMMAND_LINE, keyOfJob, keyOfAll);
    entry = entry != null ? entry : about(keyOfJob);
    return entry != null ? entry : about(keyOfAll);
  }

  /** What {@code application.properties} itself says under a key; null when it says nothing. */
  @Nullable String inApplication(String key) {
    var entry = by(ConfigSource.APPLICATION, key);
    return entry == null ? null : entry.value();
  }

  /** The value of a property of all jobs, or its default; null when it has none. */
  <T> @Nullable T value(Property<T> property) {
    return value(property, property.name());
  }

  /** The value of a property of one job, or its default; null when it has none. */
  <T> @Nullable T value(Property<T> property, String key) {
    var entry = about(key);
    if (entry != null) {
      return entry.as(property.type());
    }
    return property.fallback() == null ? null : property.type().reader().apply(property.fallback());
  }

  /**
   * What is said about Camel's own properties, the weakest voice first in the order of its file.
   */
  Map<String, String> camel() {
    var properties = new LinkedHashMap<String, String>();
    for (ConfigSource voice :
        List.of(ConfigSource.APPLICATION, ConfigSource.SECRETS, ConfigSource.COMMAND_LINE)) {
      said(voice).values().stream()
          .filter(entry -> entry.key().startsWith(CAMEL))
          .forEach(entry -> properties.put(entry.key(), entry.value()));
    }
    return properties;
  }

  private Map<String, ConfigEntry> said(ConfigSource voice) {
    return Objects.requireNonNull(said.get(voice));
  }
}
