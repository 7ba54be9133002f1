package dev.kintonesync.settings;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.ConfigEntries.ConfigSource;
import dev.kintonesync.source.SourceOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All that was configured: read and checked as a whole, so that a misspelt key or a bad value stops
 * the start; but what a job lacks is refused only when that job is asked for, so that the demo and
 * the simulator run with nothing set.
 *
 * <p>Who is heard first: the command line, the environment, {@code secrets.properties}, {@code
 * application.properties}. What is said of one job goes before what is said of all, except that the
 * command line goes before both.
 */
public final class Configuration {
  private static final String APPLICATION = "application.properties";
  private static final String SECRETS = "secrets.properties";

  private final Path application;
  private final Path secrets;
  private final ConfigEntries entries = new ConfigEntries();
  private final Settings settings;

  private Configuration(Path home) {
    this.application = home.resolve(APPLICATION);
    this.secrets = home.resolve(SECRETS);
    this.settings = new Settings(home, entries);
  }

  /**
   * Reads {@code application.properties} and {@code secrets.properties} of a home, both of which
   * may be missing, the environment and the command line.
   *
   * @param home the folder of the two files
   * @param environment the variables, of which {@code KINTONE_...} and {@code FOLDER_...} are read
   * @param overrides what the command line says, by the keys of the {@link PropertyCatalog}; {@code
   *     job.import.*} for a job made of options alone, see {@link #importing}
   * @throws UserErrorException for a file that cannot be read, an unknown key, a bad value, a
   *     secret in the wrong place: where, and what to write instead
   */
  public static Configuration read(
      Path home, Map<String, String> environment, Map<String, String> overrides) {
    var configuration = new Configuration(home.toAbsolutePath().normalize());
    configuration.readFiles();
    configuration.entries.addCommandLine(overrides);
    configuration.entries.addEnvironment(environment);
    return configuration;
  }

  /**
   * Reads the same as {@link #read}, with one job as somebody drafts it.
   *
   * @param job its name
   * @param properties all that is said of it, without its name, such as {@code update-key}
   * @param secrets passwords and tokens of it that no file has yet
   * @param keepsSecrets whether those that a file has for it hold as well
   * @throws UserErrorException as {@link #read}
   */
  public static Configuration drafting(
      Path home,
      Map<String, String> environment,
      String job,
      Map<String, String> properties,
      Map<String, String> secrets,
      boolean keepsSecrets) {
    var configuration = new Configuration(home.toAbsolutePath().normalize());
    configuration.readFiles();
    configuration.entries.forget(job, keepsSecrets);
    configuration.entries.addDraft(job, properties, secrets);
    configuration.entries.addEnvironment(environment);
    return configuration;
  }

  /**
   * Takes over what another application has among its own properties; it has no files of ours.
   *
   * @param properties {@code kintone.*} and {@code job.*}, secrets too: how they are kept is the
   *     application's business. Unknown keys are passed over, since they may be the application's
   *     own, but not those of the job that is asked for
   * @param job the name of the job that is asked for; {@link Job#IMPORT} for none of them
   * @param overrides what goes before them
   * @throws UserErrorException for an unknown key or a bad value
   */
  public static Configuration of(
      Map<String, String> properties,
      String job,
      Map<String, String> environment,
      Map<String, String> overrides) {
    var configuration = new Configuration(Path.of(""));
    configuration.entries.addForeign(properties, job);
    configuration.entries.addCommandLine(overrides);
    configuration.entries.addEnvironment(environment);
    return configuration;
  }

  private void readFiles() {
    if (Files.exists(application)) {
      entries.addFile(ConfigSource.APPLICATION, PropertiesFile.read(application));
    }
    if (Files.exists(secrets)) {
      refuseWhenOthersCanRead(secrets);
      entries.addFile(ConfigSource.SECRETS, PropertiesFile.read(secrets));
    }
  }

  /** Refuses a file with secrets that others than its owner can read. */
  static void refuseWhenOthersCanRead(Path file) {
    var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return; // Windows: the rights of the folder are the administrator's
    }
    try {
      var permissions = view.readAttributes().permissions();
      if (permissions.contains(PosixFilePermission.GROUP_READ)
          || permissions.contains(PosixFilePermission.OTHERS_READ)) {
        throw new UserErrorException(MessageCode.SECRETS_READABLE.with(file));
      }
    } catch (IOException e) {
      throw new UserErrorException(MessageCode.FILE_UNREADABLE.with(file, e), e);
    }
  }

  /** Whether there is such a property, of all jobs or of one. */
  public static boolean isKnown(String key) {
    return PropertyCatalog.find(key) != null;
  }

  /** Whether a job may be called so. */
  public static boolean isJobName(String name) {
    return new JobKey(name, "").isNameAllowed() && !name.equals(Job.IMPORT);
  }

  /**
   * Looks at a value of a property of a job.
   *
   * @throws UserErrorException when there is no such property, or it takes no such value
   */
  public static void check(String property, String value) {
    new ConfigEntries().addDraft("draft", Map.of(property, value), Map.of());
  }

  /**
   * Looks at a value of a property of all jobs.
   *
   * @throws UserErrorException when it takes no such value
   */
  public static void checkOfAll(String property, String value) {
    var type = Objects.requireNonNull(PropertyCatalog.find(property), property).type();
    Objects.requireNonNull(type.reader().apply(value));
  }

  /** What a job may have, without its name, in the order of the reference. */
  public static List<String> propertiesOfJob() {
    return PropertyCatalog.all().stream().filter(Property::ofJob).map(Property::ownName).toList();
  }

  /** Whether a property of a job, such as {@code source.token}, may stand in no open file. */
  public static boolean isSecretOfJob(String property) {
    var found = PropertyCatalog.find("job.name." + property);
    return found != null && found.type().secret();
  }

  /** What holds for all jobs. */
  public Settings settings() {
    return settings;
  }

  /**
   * The names of the jobs of {@code application.properties} in its order. Demands nothing of them.
   */
  public List<String> jobNames() {
    return List.copyOf(entries.jobs(ConfigSource.APPLICATION));
  }

  /**
   * All jobs, in the order of the file.
   *
   * @throws UserErrorException for the first one that is not complete
   */
  public List<Job> jobs() {
    return jobs(
        jobNames(),
        (name, reason) -> {
          throw new UserErrorException(reason);
        });
  }

  /**
   * The jobs that are complete, in the order of their names here.
   *
   * @param names of {@link #jobNames}
   * @param refused is told why another one is not: it lacks a property, an address or credentials,
   *     or reads the folder or the messages of an earlier one
   */
  public List<Job> jobs(List<String> names, BiConsumer<String, UserMessage> refused) {
    var complete = new ArrayList<Job>();
    for (String name : names) {
      try {
        var job = job(name);
        complete.forEach(earlier -> refuseOneSource(earlier, job));
        complete.add(job);
      } catch (UserErrorException e) {
        refused.accept(name, e.reason());
      }
    }
    return complete;
  }

  private void refuseOneSource(Job first, Job second) {
    Path one = first.source().folder();
    Path other = second.source().folder();
    if (one != null && other != null && isSame(one, other)) {
      throw new UserErrorException(
          MessageCode.FOLDER_OF_TWO_JOBS.with(application, first.name(), second.name(), other));
    }
    if (first.source() instanceof Source.Topic mine
        && second.source() instanceof Source.Topic its
        && mine.query().sharesMessages(its.query())) {
      String topic = its.query().topic();
      throw new UserErrorException(
          MessageCode.TOPIC_OF_TWO_JOBS.with(
              application, first.name(), second.name(), topic, its.query().group()));
    }
  }

  /** Also by another name, such as a link or, on Windows, with other capitals. */
  private static boolean isSame(Path one, Path other) {
    try {
      return one.equals(other) || Files.isSameFile(one, other);
    } catch (IOException e) {
      return false; // one of them is not there yet
    }
  }

  /**
   * One job of {@code application.properties}.
   *
   * @throws UserErrorException when there is none of that name, naming the nearest one; when it
   *     lacks a property, an address or credentials, saying what to add and where
   */
  public Job job(String name) {
    return block(name).withItsSource();
  }

  /**
   * A job of one file: with everything but the source that the block of a job says, or made of the
   * options alone.
   *
   * @param name a job's name, or {@link Job#IMPORT}; options override under this name, such as
   *     {@code job.import.app}
   * @param file the file to read, as the caller named it
   * @throws UserErrorException as {@link #job}; the update key may be missing
   */
  public Job importing(String name, Path file) {
    return block(name).with(new Source.OneFile(file));
  }

  /**
   * One job as far as it is known by now: its key may be missing, and it has no schedule.
   *
   * @throws UserErrorException as {@link #job}
   */
  public Job incomplete(String name) {
    var block = block(name);
    block.require(PropertyCatalog.APP);
    return block.with(new SourceBlock(name, settings, entries, secrets, block).source());
  }

  /**
   * Where the rows of a job come from, whatever else it lacks.
   *
   * @throws UserErrorException when that is not complete
   */
  public Source source(String name) {
    var block = block(name);
    return new SourceBlock(name, settings, entries, secrets, block).source();
  }

  /** How a job reads files, whatever else it lacks. */
  public SourceOptions reading(String name) {
    return new JobBlock(name, settings, entries, application, secrets).reading();
  }

  /** What fills each field by a job's map, as it is written there; none without a map. */
  public static List<WrittenPair> pairs(String map) {
    return MapReader.withTexts(map);
  }

  /**
   * Who is told of a job that needs somebody's attention, and how.
   *
   * @throws UserErrorException when something is missing to reach them: what, and where to add it
   */
  public NotificationSettings notifying(String job) {
    return new NotificationBlock(entries, settings, secrets).of(job);
  }

  /** Returns the map that takes only columns that are called by these codes of fields. */
  public static String mapOf(Collection<String> codes) {
    return MapReader.written(
        codes.stream()
            .collect(
                Collectors.toMap(code -> code, code -> code, (a, b) -> a, LinkedHashMap::new)));
  }

  /** The variable of the environment that says the same as a property of all jobs. */
  public static String variableOf(String key) {
    return Objects.requireNonNull(PropertyCatalog.find(key), key).variable();
  }

  /** Returns the map of these columns and codes of fields. */
  public static String mapOf(Map<String, String> pairs) {
    return MapReader.written(pairs);
  }

  /** The variable of the environment that holds the token of a job. */
  public static String tokenVariable(String job) {
    return Credential.tokenVariable(job);
  }

  /** The address of all jobs, as {@code application.properties} says it; null when it does not. */
  public @Nullable String baseUrlOfFile() {
    return entries.inApplication(PropertyCatalog.BASE_URL.name());
  }

  /** Whether Kintone is reached over TLS, unless a job says something else. */
  public boolean usesTls() {
    var url = entries.about(PropertyCatalog.BASE_URL.name());
    return url != null && url.value().startsWith("https:");
  }

  /** The files that say all this, those of maps too, whether they are there or not. */
  public List<Path> files() {
    var files = new ArrayList<>(List.of(application, secrets));
    for (String job : jobNames()) {
      Path map = entries.value(PropertyCatalog.MAP_FILE, PropertyCatalog.MAP_FILE.key(job));
      if (map != null) {
        files.add(settings.resolve(map));
      }
    }
    return files;
  }

  /** What differs from an earlier state. */
  public ConfigChanges since(Configuration earlier) {
    return new ConfigChanges(earlier.entries, entries);
  }

  /** The properties that are Camel's own, unchecked. */
  public Map<String, String> camelProperties() {
    return entries.camel();
  }

  private JobBlock block(String name) {
    refuseUnlessNamed(name);
    return new JobBlock(name, settings, entries, application, secrets);
  }

  /**
   * Nothing where there is a job of a name, whether it can run or not.
   *
   * @throws UserErrorException when there is none: which one may have been meant
   */
  public void refuseUnlessNamed(String name) {
    var names = jobNames();
    if (!names.contains(name) && !name.equals(Job.IMPORT)) {
      throw unknownJob(name, application, names);
    }
  }

  /** That a file has no job of a name, and which of its jobs may be meant. */
  public static UserErrorException unknownJob(String name, Path file, List<String> jobs) {
    return new UserErrorException(
        jobs.isEmpty()
            ? MessageCode.NO_JOBS.with(name, file)
            : MessageCode.JOB_UNKNOWN.with(name, file, Suggestions.of(name, jobs)));
  }
}
