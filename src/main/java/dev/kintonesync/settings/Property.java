package dev.kintonesync.settings;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One property that a user may set.
 *
 * @param <T> what its value is read as
 * @param name the key; {@code NAME} in it stands for the name of a job
 * @param type how its value is written
 * @param fallback what holds where nobody says anything, as one would write it; null: nothing
 * @param sentence what it is for, in one sentence for users
 * @param example a value as one would write it
 */
public record Property<T>(
    String name, ValueType<T> type, @Nullable String fallback, String sentence, String example) {

  private static final String JOB = "job.NAME.";

  private static final Set<String> OF_RUNS =
      Set.of(
          "kintone.base-url",
          "kintone.api-token",
          "kintone.username",
          "kintone.password",
          "kintone.basic-auth-username",
          "kintone.basic-auth-password",
          "kintone.guest-space-id");

  /** Whether each job has its own. */
  public boolean ofJob() {
    return name.startsWith(JOB);
  }

  /** The key under which a job has it, such as {@code job.customers.app}. */
  public String key(String job) {
    return name.replace(".NAME.", "." + job + ".");
  }

  /** Whether every run asks for it, and not only the start of the program. */
  boolean ofRuns() {
    return ofJob() || name.startsWith("notify.") || OF_RUNS.contains(name);
  }

  /** What a job has it under: {@code app} of {@code job.NAME.app}. */
  String ownName() {
    return name.substring(JOB.length());
  }

  /** The variable of the environment that says the same of all jobs: {@code KINTONE_BASE_URL}. */
  String variable() {
    return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }
}
