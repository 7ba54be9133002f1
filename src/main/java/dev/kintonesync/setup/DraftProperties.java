package dev.kintonesync.setup;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Configuration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The properties of a home with one job as it is drafted, read as the files are read. */
final class DraftProperties {
  /** What a name is needed for before anybody has given one. */
  private static final String NAMELESS = "draft";

  private static final List<String> NEEDED = List.of("app", "source", "update-key");

  private final JobSetup.Home home;
  private final Draft draft;
  private final Map<String, String> secrets;

  DraftProperties(JobSetup.Home home, Draft draft, Map<String, String> secrets) {
    this.home = home;
    this.draft = draft;
    this.secrets = secrets;
  }

  /** What the job is called, or would be. */
  String job() {
    return draft.name().isEmpty() ? NAMELESS : draft.name();
  }

  /**
   * All properties.
   *
   * @throws UserErrorException for the first one that cannot be understood
   */
  Configuration read() {
    return read(draft.properties());
  }

  private Configuration read(Map<String, String> properties) {
    return Configuration.drafting(home.path(), home.environment(), job(), properties, secrets);
  }

  /** What keeps the job from running: each value that is none, what is missing, or what else. */
  List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    var readable = new LinkedHashMap<String, String>();
    draft
        .properties()
        .forEach(
            (property, value) -> {
              try {
                read(Map.of(property, value));
                readable.put(property, value);
              } catch (UserErrorException e) {
                problems.add(problem(property, e.reason()));
              }
            });
    if (draft.name().isEmpty()) {
      problems.add(new Problem("name", MessageCode.SETUP_LACKS.with("name")));
    }
    for (String needed : NEEDED) {
      if (!draft.properties().containsKey(needed)) {
        problems.add(new Problem(needed, MessageCode.SETUP_LACKS.with(needed)));
      }
    }
    if (problems.isEmpty()) {
      try {
        read(readable).job(job());
      } catch (UserErrorException e) {
        problems.add(problem(property(e.reason()), e.reason()));
      }
    }
    return problems;
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
    String start = "job." + job() + ".";
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
