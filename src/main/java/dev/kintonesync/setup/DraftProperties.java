package dev.kintonesync.setup;

import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.PropertiesText;
import dev.kintonesync.settings.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The properties of a home with one job as it is drafted, read as the files are read. */
final class DraftProperties {
  /** What a name is needed for before anybody has given one that is free. */
  private static final String NAMELESS = "draft";

  private static final List<String> NEEDED = List.of("app", "source", "update-key");

  /** What says to whom the secrets of a job are shown. */
  private static final List<String> PLACES =
      List.of("base-url", "url", "source.base-url", "brokers", "source.allowed-hosts");

  private final JobSetup.Home home;
  private final Draft draft;
  private final Map<String, String> secrets;
  private final boolean nameTaken;
  private final String job;

  DraftProperties(JobSetup.Home home, Draft draft, Map<String, String> secrets) {
    this.home = home;
    this.draft = draft;
    this.secrets = secrets;
    var jobs = jobs(home.path());
    this.nameTaken = draft.job() == null && jobs.contains(draft.name());
    boolean named = !draft.name().isEmpty() && !nameTaken;
    this.job = named ? draft.name() : jobs.contains(NAMELESS) ? free(NAMELESS, jobs) : NAMELESS;
  }

  private static List<String> jobs(Path home) {
    try {
      return PropertiesText.ofJobs(home).jobs();
    } catch (UserErrorException e) {
      return List.of(); // what is wrong with the file is told by those who need all of it
    }
  }

  /** A name for another job like this one. */
  static String free(String job, List<String> taken) {
    int number = 2;
    while (taken.contains(job + "-" + number)) {
      number++;
    }
    return job + "-" + number;
  }

  /** What the job is called, or would be: under the name of another one it had its secrets. */
  String job() {
    return job;
  }

  /** The secrets that there are for the job, by their properties; never values. */
  List<String> secrets() {
    var known = new LinkedHashSet<String>();
    if (!nameTaken) {
      known.addAll(PropertiesText.ofSecrets(home.path()).ofJob(draft.name()).keySet());
    }
    known.addAll(secrets.keySet());
    return List.copyOf(known);
  }

  /** All properties but those of the job whose values are none. */
  Configuration read() {
    var readable = new LinkedHashMap<>(draft.properties());
    problemsOfValues().forEach(problem -> readable.remove(problem.property()));
    return read(readable);
  }

  /**
   * The job as far as it is known; its key may be missing.
   *
   * @throws UserErrorException when it has no app or no source yet, or one that is not complete
   */
  Job incomplete() {
    need("app");
    need("source");
    return read().incomplete(job);
  }

  /** Where the rows come from, whatever else the job lacks. */
  Source source() {
    need("source");
    return read().source(job);
  }

  /** The connection of the job; its app need not be known. */
  KintoneConnection connection() {
    var properties = new LinkedHashMap<>(draft.properties());
    problemsOfValues().forEach(problem -> properties.remove(problem.property()));
    properties.putIfAbsent("app", "1");
    return read(properties).importing(job, Path.of("")).connection();
  }

  void need(String property) {
    if (!draft.properties().containsKey(property)) {
      throw new UserErrorException(MessageCode.SETUP_LACKS.with(property));
    }
  }

  /** What is wrong with one of the values. */
  Optional<Problem> problemOf(String property) {
    return problemsOfValues().stream()
        .filter(problem -> property.equals(problem.property()))
        .findFirst();
  }

  private List<Problem> problemsOfValues() {
    var problems = new ArrayList<Problem>();
    draft
        .properties()
        .forEach(
            (property, value) -> {
              try {
                Configuration.check(property, value);
              } catch (UserErrorException e) {
                problems.add(problem(property, e.reason()));
              }
            });
    return problems;
  }

  private Configuration read(Map<String, String> properties) {
    return Configuration.drafting(
        home.path(), home.environment(), job, properties, secrets, isWhereItWas(properties));
  }

  /** Whether the secrets that the files have for the job are still meant for where it goes. */
  private boolean isWhereItWas(Map<String, String> properties) {
    var saved = PropertiesText.ofJobs(home.path()).ofJob(job);
    return PLACES.stream().allMatch(place -> place(saved, place).equals(place(properties, place)));
  }

  /** Of an address over HTTP what does not change from page to page. */
  private static String place(Map<String, String> properties, String name) {
    String value = properties.getOrDefault(name, "");
    return value.matches("(?i)https?://.*") ? value.replaceFirst("(?<=[^:/])[/?#].*", "") : value;
  }

  /** What keeps the job from running: each value that is none, what is missing, or what else. */
  List<Problem> problems() {
    var problems = new ArrayList<>(problemsOfValues());
    if (draft.name().isEmpty()) {
      problems.add(new Problem("name", MessageCode.SETUP_LACKS.with("name")));
    } else if (nameTaken) {
      problems.add(new Problem("name", MessageCode.SETUP_NAME_TAKEN.with(draft.name())));
    }
    for (String needed : NEEDED) {
      if (!draft.properties().containsKey(needed)) {
        problems.add(new Problem(needed, MessageCode.SETUP_LACKS.with(needed)));
      }
    }
    if (problems.isEmpty()) {
      try {
        read(draft.properties()).job(job);
      } catch (UserErrorException e) {
        problems.add(problem(property(e.reason()), e.reason()));
      }
    }
    return problems;
  }

  /** Why something of a draft cannot be done, with the property that it is about. */
  static Problem problemOf(DraftProperties properties, UserMessage reason) {
    boolean lacks = reason.text() == MessageCode.SETUP_LACKS;
    return problem(
        lacks ? String.valueOf(reason.arguments().get(0)) : properties.property(reason), reason);
  }

  /** That a value stands in the draft need not be said. */
  private static Problem problem(@Nullable String property, UserMessage reason) {
    boolean ofValue = reason.text() == MessageCode.VALUE_REFUSED;
    return new Problem(
        property,
        ofValue && reason.arguments().get(2) instanceof UserMessage inner ? inner : reason);
  }

  /** The property of the job that a sentence is about; null: it names none. */
  private @Nullable String property(UserMessage reason) {
    String start = "job." + job + ".";
    for (Object argument : reason.arguments()) {
      if (argument instanceof UserMessage inner) {
        String found = property(inner);
        if (found != null) {
          return found;
        }
      } else if (String.valueOf(argument).startsWith(start)) {
        return String.valueOf(argument).substring(start.length());
      }
    }
    return null;
  }
}
