package dev.kintonesync.settings;

import dev.kintonesync.settings.ConfigEntries.ConfigSource;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * The keys whose values differ between two states of a configuration. Never holds a value: it may
 * be a secret.
 */
public final class ConfigChanges {
  private final List<String> keys;

  ConfigChanges(ConfigEntries earlier, ConfigEntries now) {
    var all = new TreeSet<String>();
    all.addAll(earlier.keys());
    all.addAll(now.keys());
    this.keys = all.stream().filter(key -> !isSame(earlier, now, key)).toList();
  }

  private static boolean isSame(ConfigEntries earlier, ConfigEntries now, String key) {
    for (ConfigSource source : ConfigSource.values()) {
      var before = earlier.by(source, key);
      var after = now.by(source, key);
      if (!Objects.equals(
          before == null ? null : before.value(), after == null ? null : after.value())) {
        return false;
      }
    }
    return true;
  }

  /**
   * What changed of a job: its own keys, and those of all jobs that every run asks for, except
   * where the job's own key goes before them.
   */
  public List<String> of(String job) {
    return keys.stream().filter(key -> concerns(key, job)).toList();
  }

  private static boolean concerns(String key, String job) {
    var property = PropertyCatalog.find(key);
    if (property == null) {
      return false;
    }
    var jobKey = JobKey.of(key);
    return jobKey == null ? property.ofRuns() : jobKey.job().equals(job);
  }

  /** What changed and is asked for at the start of the program alone. */
  public List<String> ofStart() {
    return keys.stream()
        .filter(
            key -> {
              var property = PropertyCatalog.find(key);
              return property == null || !property.ofRuns();
            })
        .toList();
  }

  /** Whether keys are those of passwords and tokens alone. */
  public static boolean areSecrets(List<String> keys) {
    return keys.stream()
        .allMatch(
            key -> {
              var property = PropertyCatalog.find(key);
              return property != null && property.type().secret();
            });
  }
}
